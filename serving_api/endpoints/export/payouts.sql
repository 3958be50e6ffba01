/*
path: /api/v1/export/payouts
summary: Export of payouts
description: The rows of `payouts` in the range, to take away.
source: "job-placement-analytics-service.md: GET /api/v1/export/{report_type}"
marts: [payouts]
roles: [admin, analyst]
shape: rows
grain: One row per day, payee and currency.
order: [date, user_id, currency]
timeout_seconds: 30
parameters: [startDate, endDate]
format: csv
columns:
  date: {type: "Date", description: "UTC day of the events."}
  user_id: {type: "String", description: "The payee."}
  currency: {type: "String", description: "Currency of the amounts, ISO 4217."}
  amount: {type: "Decimal(18, 4)", description: "Payouts, in `currency`."}
  amount_usd: {type: "Decimal(18, 4)", description: "Payouts in US dollars; payouts without a rate are left out."}
  payouts: {type: "UInt64", description: "Payouts (events)."}
  unconverted_count: {type: "UInt64", description: "Payouts without a rate, missing from the dollars."}
*/
select
    date,
    user_id,
    currency,
    amount,
    amount_usd,
    payouts,
    unconverted_count
from payouts
where date between {startDate:Date} and {endDate:Date}
order by
    date,
    user_id,
    currency
