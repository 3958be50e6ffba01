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
        job_type,
        coalesce(sum(amount_usd), 0) as total_usd,
        count() as transactions,
        countIf(amount_usd is null) as unconverted_count
    from records
    group by
        date,
        counterparty_id,
        category,
        job_type
)

select
    date,
    counterparty_id as user_id,
    category,
    job_type,
    toDecimal64(total_usd, 4) as amount_usd,
    transactions,
    unconverted_count
from summed
