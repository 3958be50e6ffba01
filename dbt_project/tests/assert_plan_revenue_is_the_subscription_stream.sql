with by_plan as (
    select
        month,
        plan_id,
        revenue_usd as usd,
        payments,
        unconverted_count as unconverted
    from {{ ref('plan_revenue') }}
    where {{ mended('plan_revenue') }}
),

streams as (
    select
        toStartOfMonth(date) as month,
        plan_id,
        sum(gross_usd) as usd,
        sum(transaction_count) as payments,
        sum(unconverted_count) as unconverted
    from {{ ref('revenue') }}
    where stream = 'subscription' and toStartOfMonth(date) in (select by_plan.month from by_plan)
    group by
        month,
        plan_id
),

versions as (
    select
        'plan_revenue' as origin,
        *
    from by_plan
    union all
    select
        'revenue' as origin,
        *
    from streams
)

select
    month,
    plan_id,
    groupArray((origin, usd, payments, unconverted)) as found
from versions
group by
    month,
    plan_id
having count() != 2 or uniqExact(usd, payments, unconverted) != 1
