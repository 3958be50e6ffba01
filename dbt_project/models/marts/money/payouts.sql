with payouts as (
    select *
    from {{ ref('stg_payouts') }}
    where {{ restated('date') }}
),

converted as (
    {{ with_usd('payouts') }}
),

summed as (
    select
        date,
        user_id,
        currency,
        sum(amount) as total,
        coalesce(sum(amount_usd), 0) as total_usd,
        count() as payouts,
        countIf(amount_usd is null) as unconverted_count
    from converted
    group by
        date,
        user_id,
        currency
)

select
    date,
    user_id,
    currency,
    toDecimal64(assumeNotNull(total), 4) as amount,
    toDecimal64(total_usd, 4) as amount_usd,
    payouts,
    unconverted_count
from summed
