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
-- uses: currency
with booked as (
    select
        date,
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
)

select
    toDate(dateTrunc({granularity:String}, booked.date)) as date,
    sum(booked.earnings_usd) as earnings_usd,
    sum(booked.refunds_usd) as refunds_usd,
    sum(booked.fees_usd) as fees_usd,
    sum(booked.escrow_usd) as escrow_usd,
    sum(booked.transactions) as transactions,
    sum(booked.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    told_sum(booked.earnings_usd, booked.date) as earnings,
    told_sum(booked.refunds_usd, booked.date) as refunds,
    told_sum(booked.fees_usd, booked.date) as fees,
    told_sum(booked.escrow_usd, booked.date) as escrow,
    sumIf(booked.transactions, rate_on(booked.date) = 0) as without_rate_count
from booked
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
