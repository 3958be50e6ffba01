/*
title: Transactions
description: Every movement of money, one by one.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.10, export transactions"
marts: [transactions]
grain: One row per transaction.
order: [occurred_at, event_id]
filters:
  - name: kind
    type: choices
    choices: [charge, refund, payout, earnings, escrow]
    default: []
    description: Kinds to keep; all without any.
  - name: stream
    type: choices
    choices: [subscription, charge, order, placement, service_fee]
    default: []
    description: Revenue streams to keep; all without any.
  - name: currency
    type: string
    description: "Currency, ISO 4217."
  - name: user_id
    type: string
    max_length: 255
    description: The user it regards.
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
where
    date between {start:Date} and {end:Date}
    and (empty({kind:Array(String)}) or has({kind:Array(String)}, kind))
    and (empty({stream:Array(String)}) or has({stream:Array(String)}, stream))
    and ({currency:Nullable(String)} is null or currency = {currency:Nullable(String)})
    and ({user_id:Nullable(String)} is null or user_id = {user_id:Nullable(String)})
order by
    date,
    occurred_at,
    event_id
