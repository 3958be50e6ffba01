{% set what_is_sold = 'date, user_id, plan_id, billing_interval, currency, amount' -%}
with creations as (
    select *
    from {{ ref('stg_subscriptions_created') }}
    where {{ arrived() }}
),

cancellations as (
    select *
    from {{ ref('stg_subscriptions_cancelled') }}
    where {{ arrived() }}
),

events as (
    select
        'created' as kind,
        event_id,
        occurred_at,
        date,
        subscription_id,
        user_id,
        plan_id,
        billing_interval,
        currency,
        amount
    from creations
    union all
    select
        'cancelled' as kind,
        event_id,
        occurred_at,
        date,
        subscription_id,
        '' as user_id,
        '' as plan_id,
        '' as billing_interval,
        '' as currency,
        cast(null as Nullable(Decimal(18, 4))) as amount
    from cancellations
),

folded as (
    select
        subscription_id,
        {{ first_if("kind = 'created'", what_is_sold) }} as creation,
        {{ first_if("kind = 'cancelled'", 'date') }} as cancellation
    from events
    group by subscription_id
)

select
    subscription_id,
    creation,
    cancellation
from folded
