/*
title: Transactions
description: Every booking, payout and order of the days.
source: "issue: monthly statement per creator and vendor"
marts: [transactions]
grain: One row per transaction of the user as who earns, is paid or sells.
order: [occurred_at, event_id]
columns:
  occurred_at: {type: "DateTime64(3, 'UTC')", description: Instant (UTC).}
  event_id: {type: UUID, description: The event that told of it.}
  kind: {type: String, description: "What it is: earnings, fee, refund, escrow, payout or order."}
  transaction_id: {type: String, description: "Booking, payout or order, else empty."}
  other_id: {type: String, description: "The other party, else empty."}
  currency: {type: String, description: "Currency of the amount, ISO 4217."}
  amount: {type: "Decimal(18, 4)", description: "Amount, in `currency`."}
  amount_usd: {type: "Nullable(Decimal(18, 4))", description: Amount in US dollars; null without a rate.}
*/
select
    occurred_at,
    event_id,
    multiIf(
        stream = 'order', 'order',
        stream = 'service_fee' and kind = 'charge', 'fee',
        kind
    ) as kind,
    transaction_id,
    if(stream = 'order', user_id, counterparty_id) as other_id,
    currency,
    amount,
    amount_usd
from transactions
where
    date between {start:Date} and {end:Date}
    and (
        (user_id = {user:String} and (kind in ('earnings', 'escrow', 'payout') or stream = 'service_fee'))
        or (counterparty_id = {user:String} and stream = 'order')
    )
order by
    occurred_at,
    event_id
