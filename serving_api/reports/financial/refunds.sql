/*
title: Refunds
description: >-
  What was given back, beside what was charged in the same period. A refund counts in the period it is made, not in that
  of its charge.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, refund report"
marts: [revenue]
grain: One row per period, stream and currency with refunds.
order: [period, stream, currency]
columns:
  period: {type: Date, description: First day of the period.}
  stream: {type: String, description: Revenue stream.}
  currency: {type: String, description: "Currency of the amounts, ISO 4217."}
  refund_count: {type: UInt64, total: true, description: Refunds.}
  refund_amount: {type: "Decimal(38, 4)", description: "Refunds, in `currency`."}
  refund_usd: {type: "Decimal(38, 4)", total: true, description: "Refunds in US dollars; refunds without a rate are left out."}
  transaction_count: {type: UInt64, description: Charges of the stream in the period.}
  gross_amount: {type: "Decimal(38, 4)", description: "Charges, in `currency`."}
  refund_rate: {type: "Nullable(Float64)", shown: rate, description: "Refunds as a fraction of charges, in `currency`; null without charges."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(revenue.date),
        {granularity:String} = 'month', toStartOfMonth(revenue.date),
        revenue.date
    ) as period,
    revenue.stream as stream,
    revenue.currency as currency,
    sum(revenue.refund_count) as refund_count,
    sum(revenue.refund_amount) as refund_amount,
    sum(revenue.refund_usd) as refund_usd,
    sum(revenue.transaction_count) as transaction_count,
    sum(revenue.gross_amount) as gross_amount,
    toFloat64(refund_amount) / nullIf(toFloat64(gross_amount), 0) as refund_rate
from revenue
where revenue.date between {start:Date} and {end:Date}
group by
    period,
    stream,
    currency
having refund_count > 0
order by
    period,
    stream,
    currency
