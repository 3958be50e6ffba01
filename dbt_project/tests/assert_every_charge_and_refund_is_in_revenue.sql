-- Counted from the events, not from the staged entities: a stream forgotten on the way shows here.
with expected as (
    select count() as transactions
    from {{ ref('stg_events') }}
    where {{ mended('revenue', open=true) }} and (
        event_type in ('billing.payment_success', 'payment.completed', 'payment.refunded', 'order.created')
        or (event_type = 'placement.made' and mapContains(properties, 'fee'))
        or (event_type = 'financial.recorded' and properties['category'] in ('Fee', 'Refund'))
    )
),

counted as (
    select sum(transaction_count + refund_count) as transactions
    from {{ ref('revenue') }}
    where {{ mended('revenue', open=true) }}
)

select
    expected.transactions as expected_transactions,
    counted.transactions as counted_transactions
from expected
cross join counted
where expected.transactions != counted.transactions
