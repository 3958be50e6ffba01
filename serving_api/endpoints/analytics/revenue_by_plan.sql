/*
path: /api/analytics/revenue/by-plan
summary: Subscription revenue per plan
description: Payments for subscriptions by plan. Money and counts add up over periods.
source: "saas-chat-analytics-phase-10.md: Revenue per plan tier"
marts: [revenue_by_quarter_hour, exchange_rates]
roles: [admin, analyst]
grain: One row per period and plan with payments; periods without any have no row.
order: [date, hour, plan_id]
parameters: [startDate, endDate, hourly, tz, currency, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  plan_id: {type: String, description: The plan.}
  gross_usd: {type: "Decimal(38, 4)", description: Payments in US dollars.}
  transaction_count: {type: UInt64, description: Payments.}
  unconverted_count: {type: UInt64, description: "Payments without a rate to US dollars, missing from the amounts."}
  currency: {type: String, description: The currency asked for., of: exchange_rates.currency}
  gross: {type: "Nullable(Decimal(38, 4))", description: Payments in it; null when a day has no rate., of: revenue_by_quarter_hour.gross_usd}
  without_rate_count: {type: UInt64, description: Payments of days without a rate of the currency.}
*/
-- uses: currency, period
with paid as (
    select
        period_of(toDate(quarter_at, {tz:String})) as date,
        hour_of(quarter_at) as hour,
        plan_id,
        toDate(quarter_at) as rate_date,
        sum(revenue_by_quarter_hour.gross_usd) as gross_usd,
        sum(revenue_by_quarter_hour.transaction_count) as transaction_count,
        sum(revenue_by_quarter_hour.unconverted_count) as unconverted_count
    from revenue_by_quarter_hour
    where
        toDate(quarter_at, {tz:String}) between {startDate:Date} and {endDate:Date}
        and stream = 'subscription'
    group by
        date,
        hour,
        plan_id,
        rate_date
)

select
    paid.date as date,
    paid.hour as hour,
    paid.plan_id as plan_id,
    sum(paid.gross_usd) as gross_usd,
    sum(paid.transaction_count) as transaction_count,
    sum(paid.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    told_sum(paid.gross_usd, paid.rate_date) as gross,
    sumIf(paid.transaction_count, rate_on(paid.rate_date) = 0) as without_rate_count
from paid
group by
    date,
    hour,
    plan_id
order by
    date,
    hour,
    plan_id
limit {limit:UInt64} offset {offset:UInt64}
