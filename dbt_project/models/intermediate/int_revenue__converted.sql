{{ config(materialized='view') }}

with subscription_payments as (
    select *
    from {{ ref('stg_subscription_payments') }}
),

payments as (
    select *
    from {{ ref('stg_payments') }}
),

refunds as (
    select *
    from {{ ref('stg_refunds') }}
),

orders as (
    select *
    from {{ ref('stg_orders') }}
),

placements as (
    select *
    from {{ ref('stg_placements') }}
    where fee is not null
),

financial_records as (
    select *
    from {{ ref('stg_financial_records') }}
    where category in ('Fee', 'Refund')
),

transactions as (
    select
        event_id,
        occurred_at,
        date,
        user_id,
        '' as counterparty_id,
        payment_id as transaction_id,
        '' as method,
        'subscription' as stream,
        plan_id,
        false as is_refund,
        currency,
        amount
    from subscription_payments
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id,
        '' as counterparty_id,
        payment_id as transaction_id,
        method,
        'charge' as stream,
        '' as plan_id,
        false as is_refund,
        currency,
        amount
    from payments
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id,
        '' as counterparty_id,
        payment_id as transaction_id,
        '' as method,
        'charge' as stream,
        '' as plan_id,
        true as is_refund,
        currency,
        amount
    from refunds
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id,
        vendor_id as counterparty_id,
        order_id as transaction_id,
        '' as method,
        'order' as stream,
        '' as plan_id,
        false as is_refund,
        currency,
        amount
    from orders
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id,
        client_id as counterparty_id,
        placement_id as transaction_id,
        '' as method,
        'placement' as stream,
        '' as plan_id,
        false as is_refund,
        currency,
        fee as amount
    from placements
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id,
        counterparty_id,
        transaction_id,
        '' as method,
        'service_fee' as stream,
        '' as plan_id,
        category = 'Refund' as is_refund,
        currency,
        amount
    from financial_records
),

converted as (
    {{ with_usd('transactions') }}
)

select * from converted
