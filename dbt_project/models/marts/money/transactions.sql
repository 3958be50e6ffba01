with revenue as (
    select
        date,
        occurred_at,
        event_id,
        if(is_refund, 'refund', 'charge') as kind,
        stream,
        user_id,
        counterparty_id,
        transaction_id,
        plan_id,
        method,
        currency,
        amount,
        amount_usd
    from {{ ref('int_revenue__converted') }}
    where {{ restated('date') }}
),

bookings as (
    select
        date,
        occurred_at,
        event_id,
        lower(category) as kind,
        '' as stream,
        user_id,
        counterparty_id,
        transaction_id,
        '' as plan_id,
        '' as method,
        currency,
        amount,
        amount_usd
    from {{ ref('int_financials__converted') }}
    where category in ('Earnings', 'Escrow') and {{ restated('date') }}
),

paid_out as (
    select
        date,
        occurred_at,
        event_id,
        'payout' as kind,
        '' as stream,
        user_id,
        '' as counterparty_id,
        payout_id as transaction_id,
        '' as plan_id,
        method,
        currency,
        amount
    from {{ ref('stg_payouts') }}
    where {{ restated('date') }}
),

payouts as (
    {{ with_usd('paid_out') }}
),

moved as (
    select *
    from revenue
    union all
    select *
    from bookings
    union all
    select *
    from payouts
)

select
    date,
    occurred_at,
    event_id,
    kind,
    stream,
    user_id,
    counterparty_id,
    transaction_id,
    plan_id,
    method,
    currency,
    assumeNotNull(amount) as amount,
    amount_usd
from moved
