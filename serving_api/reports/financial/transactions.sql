/*
title: Transactions
description: >-
  Every movement of money, one by one. Charges and refunds are platform revenue; payouts leave the platform; earnings and
  escrow move between users.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, transaction detail export"
marts: [transactions]
grain: One row per transaction.
order: [occurred_at, event_id]
columns:
  date: {type: Date, description: UTC day.}
  occurred_at: {type: "DateTime64(3, 'UTC')", description: Instant (UTC).}
  event_id: {type: UUID, description: The event that told of it.}
  kind: {type: String, description: "`charge`, `refund`, `payout`, `earnings` or `escrow`."}
  stream: {type: String, description: "Revenue stream of a charge or refund, else empty."}
  user_id: {type: String, description: "Who pays, is paid or earns."}
  counterparty_id: {type: String, description: "The other party, else empty."}
  transaction_id: {type: String, description: "Payment, order, placement, payout or booking, else empty."}
  plan_id: {type: String, description: "Plan paid for, else empty."}
  method: {type: String, description: "How it was paid, else empty."}
  currency: {type: String, description: "Currency of the amount, ISO 4217."}
  amount: {type: "Decimal(18, 4)", description: "Amount, in `currency`."}
  amount_usd: {type: "Nullable(Decimal(18, 4))", description: Amount in US dollars; null without a rate.}
*/
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
    amount,
    amount_usd
from transactions
where date between {start:Date} and {end:Date}
order by
    date,
    occurred_at,
    event_id
