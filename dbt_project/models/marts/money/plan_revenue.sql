with payments as (
    select *
    from {{ ref('stg_subscription_payments') }}
    where {{ restated('toStartOfMonth(date)') }}
),

converted as (
    {{ with_usd('payments') }}
),

summed as (
    select
        toStartOfMonth(date) as month,
        plan_id,
        coalesce(sum(amount_usd), 0) as total_usd,
        count() as payments,
        uniqExact(user_id) as payers,
        countIf(amount_usd is null) as unconverted_count
    from converted
    group by
        month,
        plan_id
)

select
    month,
    plan_id,
    toDecimal64(total_usd, 4) as revenue_usd,
    payments,
    payers,
    unconverted_count
from summed
