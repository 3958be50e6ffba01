/*
path: /api/analytics/client/spend
summary: Spend of a client
description: What the client paid freelancers, by period. Money and counts add up over days.
source: "freelance-marketplace-analytics-plan.md: GET /api/analytics/client/spend"
marts: [client_spend, exchange_rates]
roles: [admin, analyst, client]
grain: One row per period with a payment.
order: [date]
parameters: [userId, range, granularity, currency, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  spend_usd: {type: "Decimal(38, 4)", description: Payments in US dollars.}
  transactions: {type: UInt64, description: Payments.}
  unconverted_count: {type: UInt64, description: "Payments without a rate to US dollars, missing from the amounts."}
  currency: {type: String, description: The currency asked for., of: exchange_rates.currency}
  spend: {type: "Nullable(Decimal(38, 4))", description: Payments in it; null when a day has no rate., of: client_spend.spend_usd}
  without_rate_count: {type: UInt64, description: Payments of days without a rate of the currency.}
*/
-- uses: currency
with booked as (
    select
        date,
        spend_usd,
        transactions,
        unconverted_count
    from client_spend
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
)

select
    toDate(dateTrunc({granularity:String}, booked.date)) as date,
    sum(booked.spend_usd) as spend_usd,
    sum(booked.transactions) as transactions,
    sum(booked.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    told_sum(booked.spend_usd, booked.date) as spend,
    sumIf(booked.transactions, rate_on(booked.date) = 0) as without_rate_count
from booked
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
