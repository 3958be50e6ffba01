/*
path: /api/analytics/freelancer/earnings
summary: Earnings of a freelancer
description: What was booked for the freelancer, by period. Money and counts add up over days.
source: "freelance-marketplace-analytics-plan.md: GET /api/analytics/freelancer/earnings"
marts: [freelancer_earnings, exchange_rates]
roles: [admin, analyst, freelancer]
grain: One row per period with a booking.
order: [date]
parameters: [userId, range, granularity, currency, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earnings in US dollars.}
  refunds_usd: {type: "Decimal(38, 4)", description: Refunds in US dollars.}
  fees_usd: {type: "Decimal(38, 4)", description: Fees in US dollars.}
  escrow_usd: {type: "Decimal(38, 4)", description: Escrow in US dollars.}
  transactions: {type: UInt64, description: Bookings.}
  unconverted_count: {type: UInt64, description: "Bookings without a rate to US dollars, missing from the amounts."}
  currency: {type: String, description: The currency asked for., of: exchange_rates.currency}
  earnings: {type: "Nullable(Decimal(38, 4))", description: Earnings in it; null when a day has no rate., of: freelancer_earnings.earnings_usd}
  refunds: {type: "Nullable(Decimal(38, 4))", description: Refunds in it; null when a day has no rate., of: freelancer_earnings.refunds_usd}
  fees: {type: "Nullable(Decimal(38, 4))", description: Fees in it; null when a day has no rate., of: freelancer_earnings.fees_usd}
  escrow: {type: "Nullable(Decimal(38, 4))", description: Escrow in it; null when a day has no rate., of: freelancer_earnings.escrow_usd}
  without_rate_count: {type: UInt64, description: Bookings of days without a rate of the currency.}
*/
with booked as (
    select
        date,
        {currency:String} as currency,
        earnings_usd,
        refunds_usd,
        fees_usd,
        escrow_usd,
        transactions,
        unconverted_count
    from freelancer_earnings
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

converted as (
    select
        booked.*,
        exchange_rates.usd_rate > 0 as has_rate,
        toDecimal128(booked.earnings_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as earnings,
        toDecimal128(booked.refunds_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as refunds,
        toDecimal128(booked.fees_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as fees,
        toDecimal128(booked.escrow_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as escrow
    from booked
    asof left join exchange_rates
        on booked.currency = exchange_rates.currency and booked.date >= exchange_rates.valid_from
)

select
    toDate(dateTrunc({granularity:String}, converted.date)) as date,
    sum(converted.earnings_usd) as earnings_usd,
    sum(converted.refunds_usd) as refunds_usd,
    sum(converted.fees_usd) as fees_usd,
    sum(converted.escrow_usd) as escrow_usd,
    sum(converted.transactions) as transactions,
    sum(converted.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.earnings), 4), 4), null) as earnings,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.refunds), 4), 4), null) as refunds,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.fees), 4), 4), null) as fees,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.escrow), 4), 4), null) as escrow,
    sumIf(converted.transactions, not converted.has_rate) as without_rate_count
from converted
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
