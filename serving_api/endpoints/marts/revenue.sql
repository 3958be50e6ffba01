/*
path: /api/v1/marts/revenue
summary: Revenue and refunds by period, stream, currency and plan
description: >-
  Money and counts add up over days and groups. Amounts in their own currency are null unless grouped by currency; amounts
  without a rate to US dollars are missing from the `_usd` columns and counted in `unconverted_count`.
source: "contract/marts.md: revenue"
marts: [revenue]
roles: [admin, analyst]
grain: One row per period and group with charges or refunds; periods without any have no row.
order: [date, stream, currency, plan_id]
parameters:
  - startDate
  - endDate
  - granularity
  - name: groupBy
    type: choices
    choices: [stream, currency, plan_id]
    default: [stream, currency, plan_id]
    description: Columns that split the numbers, comma-separated; empty for totals.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  stream: {type: Nullable(String), description: Revenue stream; null when not grouped by it.}
  currency: {type: Nullable(String), description: Currency of the amounts; null when not grouped by it.}
  plan_id: {type: Nullable(String), description: "Plan, '' where the stream has none; null when not grouped by it."}
  gross_amount: {type: "Nullable(Decimal(38, 4))", description: Charges in `currency`; null without one.}
  refund_amount: {type: "Nullable(Decimal(38, 4))", description: Refunds in `currency`; null without one.}
  net_amount: {type: "Nullable(Decimal(38, 4))", description: Charges less refunds in `currency`; null without one.}
  gross_usd: {type: "Decimal(38, 4)", description: Charges in US dollars.}
  refund_usd: {type: "Decimal(38, 4)", description: Refunds in US dollars.}
  net_usd: {type: "Decimal(38, 4)", description: Charges less refunds in US dollars.}
  transaction_count: {type: UInt64, description: Charges.}
  refund_count: {type: UInt64, description: Refunds.}
  unconverted_count: {type: UInt64, description: Charges and refunds without a rate to US dollars.}
*/
select
    toDate(dateTrunc({granularity:String}, revenue.date)) as date,
    if(has({groupBy:Array(String)}, 'stream'), revenue.stream, null) as stream,
    if(has({groupBy:Array(String)}, 'currency'), revenue.currency, null) as currency,
    if(has({groupBy:Array(String)}, 'plan_id'), revenue.plan_id, null) as plan_id,
    if(has({groupBy:Array(String)}, 'currency'), sum(revenue.gross_amount), null) as gross_amount,
    if(has({groupBy:Array(String)}, 'currency'), sum(revenue.refund_amount), null) as refund_amount,
    if(has({groupBy:Array(String)}, 'currency'), sum(revenue.net_amount), null) as net_amount,
    sum(revenue.gross_usd) as gross_usd,
    sum(revenue.refund_usd) as refund_usd,
    sum(revenue.net_usd) as net_usd,
    sum(revenue.transaction_count) as transaction_count,
    sum(revenue.refund_count) as refund_count,
    sum(revenue.unconverted_count) as unconverted_count
from revenue
where revenue.date between {startDate:Date} and {endDate:Date}
group by
    date,
    stream,
    currency,
    plan_id
order by
    date,
    stream,
    currency,
    plan_id
limit {limit:UInt64} offset {offset:UInt64}
