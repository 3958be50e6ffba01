/*
title: Revenue
description: >-
  What the platform took and gave back. Amounts without a rate to US dollars are missing from the dollar columns and
  counted in `unconverted_count`.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, revenue report by period"
marts: [revenue]
grain: One row per period, stream, currency and plan with charges or refunds.
order: [period, stream, currency, plan_id]
columns:
  period: {type: Date, description: First day of the period.}
  stream: {type: String, description: Revenue stream.}
  currency: {type: String, description: "Currency of the amounts, ISO 4217."}
  plan_id: {type: String, description: "Plan paid for in stream `subscription`, else empty."}
  gross_amount: {type: "Decimal(38, 4)", description: "Charges, in `currency`."}
  refund_amount: {type: "Decimal(38, 4)", description: "Refunds, in `currency`."}
  net_amount: {type: "Decimal(38, 4)", description: "Charges less refunds, in `currency`."}
  gross_usd: {type: "Decimal(38, 4)", total: true, description: Charges in US dollars.}
  refund_usd: {type: "Decimal(38, 4)", total: true, description: Refunds in US dollars.}
  net_usd: {type: "Decimal(38, 4)", total: true, description: Charges less refunds in US dollars.}
  transaction_count: {type: UInt64, total: true, description: Charges.}
  refund_count: {type: UInt64, total: true, description: Refunds.}
  unconverted_count: {type: UInt64, total: true, description: "Charges and refunds without a rate, missing from the dollars."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(revenue.date),
        {granularity:String} = 'month', toStartOfMonth(revenue.date),
        revenue.date
    ) as period,
    revenue.stream as stream,
    revenue.currency as currency,
    revenue.plan_id as plan_id,
    sum(revenue.gross_amount) as gross_amount,
    sum(revenue.refund_amount) as refund_amount,
    sum(revenue.net_amount) as net_amount,
    sum(revenue.gross_usd) as gross_usd,
    sum(revenue.refund_usd) as refund_usd,
    sum(revenue.net_usd) as net_usd,
    sum(revenue.transaction_count) as transaction_count,
    sum(revenue.refund_count) as refund_count,
    sum(revenue.unconverted_count) as unconverted_count
from revenue
where revenue.date between {start:Date} and {end:Date}
group by
    period,
    stream,
    currency,
    plan_id
order by
    period,
    stream,
    currency,
    plan_id
