/*
title: Payouts
description: What was paid out to whom. Payouts without a rate to US dollars are counted in `unconverted_count`.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.8, payout report by period"
marts: [payouts]
grain: One row per period, payee and currency with payouts.
order: [period, user_id, currency]
columns:
  period: {type: Date, description: First day of the period.}
  user_id: {type: String, description: The payee.}
  currency: {type: String, description: "Currency of the amounts, ISO 4217."}
  payouts: {type: UInt64, total: true, description: Payouts.}
  amount: {type: "Decimal(38, 4)", description: "Payouts, in `currency`."}
  amount_usd: {type: "Decimal(38, 4)", total: true, description: Payouts in US dollars.}
  unconverted_count: {type: UInt64, total: true, description: "Payouts without a rate, missing from the dollars."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(paid.date),
        {granularity:String} = 'month', toStartOfMonth(paid.date),
        paid.date
    ) as period,
    paid.user_id as user_id,
    paid.currency as currency,
    sum(paid.payouts) as payouts,
    sum(paid.amount) as amount,
    sum(paid.amount_usd) as amount_usd,
    sum(paid.unconverted_count) as unconverted_count
from payouts as paid
where paid.date between {start:Date} and {end:Date}
group by
    period,
    user_id,
    currency
order by
    period,
    user_id,
    currency
