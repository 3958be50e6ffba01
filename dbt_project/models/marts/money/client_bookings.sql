with records as (
    select *
    from {{ ref('int_financials__converted') }}
    where counterparty_id != '' and {{ restated('date') }}
),

summed as (
    select
        date,
        counterparty_id,
        category,
        coalesce(sum(amount_usd), 0) as total_usd,
        count() as transactions,
        countIf(amount_usd is null) as unconverted_count
    from records
    group by
        date,
        counterparty_id,
        category
)

select
    date,
    counterparty_id as user_id,
    category,
    toDecimal64(total_usd, 4) as amount_usd,
    transactions,
    unconverted_count
from summed
