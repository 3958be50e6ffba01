/*
title: Payouts
description: Every payout, one by one.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.10, export payouts"
marts: [transactions]
grain: One row per payout event.
order: [occurred_at, event_id]
filters:
  - name: user_id
    type: string
    max_length: 255
    description: The payee.
  - name: currency
    type: string
    description: "Currency, ISO 4217."
  - name: method
    type: string
    description: How it was paid out.
columns:
  date: {type: Date, description: UTC day.}
  occurred_at: {type: "DateTime64(3, 'UTC')", description: Instant (UTC).}
  event_id: {type: UUID, description: The event that told of it.}
  payout_id: {type: String, description: The payout., of: transactions.transaction_id}
  user_id: {type: String, description: The payee.}
  method: {type: String, description: "How it was paid out, else empty."}
  currency: {type: String, description: "Currency of the amount, ISO 4217."}
  amount: {type: "Decimal(18, 4)", description: "Amount, in `currency`."}
  amount_usd: {type: "Nullable(Decimal(18, 4))", description: Amount in US dollars; null without a rate.}
*/
select
    date,
    occurred_at,
    event_id,
    transaction_id as payout_id,
    user_id,
    method,
    currency,
    amount,
    amount_usd
from transactions
where
    kind = 'payout'
    and date between {start:Date} and {end:Date}
    and ({user_id:Nullable(String)} is null or user_id = {user_id:Nullable(String)})
    and ({currency:Nullable(String)} is null or currency = {currency:Nullable(String)})
    and ({method:Nullable(String)} is null or method = {method:Nullable(String)})
order by
    date,
    occurred_at,
    event_id
