/*
path: /api/v1/export/revenue
summary: Export of revenue
description: The rows of `revenue` in the range, to take away.
source: "job-placement-analytics-service.md: GET /api/v1/export/{report_type}"
marts: [revenue]
roles: [admin, analyst]
shape: rows
grain: One row per day, stream, currency and plan.
order: [date, stream, currency, plan_id]
timeout_seconds: 30
parameters: [startDate, endDate]
format: csv
columns:
  date: {type: "Date", description: "UTC day of the events."}
  stream: {type: "String", description: "Revenue stream."}
  currency: {type: "String", description: "Currency of the amounts, ISO 4217."}
  plan_id: {type: "String", description: "Plan paid for in stream `subscription`, else empty."}
  gross_amount: {type: "Decimal(18, 4)", description: "Charges, in `currency`."}
  refund_amount: {type: "Decimal(18, 4)", description: "Refunds, in `currency`."}
  net_amount: {type: "Decimal(18, 4)", description: "Charges less refunds, in `currency`."}
  gross_usd: {type: "Decimal(18, 4)", description: "Charges in US dollars; charges without a rate are left out."}
  refund_usd: {type: "Decimal(18, 4)", description: "Refunds in US dollars; refunds without a rate are left out."}
  net_usd: {type: "Decimal(18, 4)", description: "Charges less refunds, in US dollars."}
  transaction_count: {type: "UInt64", description: "Charges."}
  refund_count: {type: "UInt64", description: "Refunds."}
  unconverted_count: {type: "UInt64", description: "Charges and refunds without a rate, missing from the dollar columns."}
*/
select
    date,
    stream,
    currency,
    plan_id,
    gross_amount,
    refund_amount,
    net_amount,
    gross_usd,
    refund_usd,
    net_usd,
    transaction_count,
    refund_count,
    unconverted_count
from revenue
where date between {startDate:Date} and {endDate:Date}
order by
    date,
    stream,
    currency,
    plan_id
