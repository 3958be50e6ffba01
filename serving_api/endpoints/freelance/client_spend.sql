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
with booked as (
    select
        date,
        {currency:String} as currency,
        spend_usd,
        transactions,
        unconverted_count
    from client_spend
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

converted as (
    select
        booked.*,
        exchange_rates.usd_rate > 0 as has_rate,
        toDecimal128(booked.spend_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as spend
    from booked
    asof left join exchange_rates
        on booked.currency = exchange_rates.currency and booked.date >= exchange_rates.valid_from
)

select
    toDate(dateTrunc({granularity:String}, converted.date)) as date,
    sum(converted.spend_usd) as spend_usd,
    sum(converted.transactions) as transactions,
    sum(converted.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.spend), 4), 4), null) as spend,
    sumIf(converted.transactions, not converted.has_rate) as without_rate_count
from converted
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
