{{ config(order_by='(date, stream, currency, plan_id)') }}

with events as (
    {{ once(['billing.payment_success', 'payment.completed', 'payment.refunded', 'order.created', 'placement.made', 'financial.recorded']) }}
),

transactions as (
    select
        cast(occurred_at as date) as date,
        case
            when event_type = 'billing.payment_success' then 'subscription'
            when event_type in ('payment.completed', 'payment.refunded') then 'charge'
            when event_type = 'order.created' then 'order'
            when event_type = 'placement.made' then 'placement'
            else 'service_fee'
        end as stream,
        case when event_type = 'billing.payment_success' then {{ said('plan_id') }} else '' end as plan_id,
        event_type = 'payment.refunded'
        or (event_type = 'financial.recorded' and {{ said('category') }} = 'Refund') as is_refund,
        case when {{ said('currency') }} = '' then 'USD' else {{ said('currency') }} end as currency,
        case when event_type = 'placement.made' then {{ amount('fee') }} else {{ amount('amount') }} end as amount,
        loaded_at
    from events
    where event_type != 'financial.recorded' or {{ said('category') }} in ('Fee', 'Refund')
),

rates as (
    {{ rates() }}
),

converted as (
    select
        transactions.*,
        {{ in_dollars('transactions.amount', 'rates.usd_rate') }} as amount_usd
    from transactions
    asof left join rates
        on transactions.currency = rates.rate_currency and transactions.date >= rates.valid_from
    where transactions.amount is not null
)

select
    date,
    stream,
    currency,
    plan_id,
    coalesce(sum(case when not is_refund then amount end), 0) as gross_amount,
    coalesce(sum(case when is_refund then amount end), 0) as refund_amount,
    coalesce(sum(case when not is_refund then amount_usd end), 0) as gross_usd,
    coalesce(sum(case when is_refund then amount_usd end), 0) as refund_usd,
    sum(case when not is_refund then 1 else 0 end) as transaction_count,
    sum(case when is_refund then 1 else 0 end) as refund_count,
    max(loaded_at) as loaded_at
from converted
group by
    date,
    stream,
    currency,
    plan_id
