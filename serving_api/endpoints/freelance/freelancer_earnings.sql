/*
path: /api/analytics/freelancer/earnings
summary: Earnings of a freelancer
description: What was booked for the freelancer, by period. Money and counts add up over days.
source: "freelance-marketplace-analytics-plan.md: GET /api/analytics/freelancer/earnings"
marts: [freelancer_earnings]
roles: [admin, analyst, freelancer]
grain: One row per period with a booking.
order: [date]
parameters: [userId, range, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earnings in US dollars.}
  refunds_usd: {type: "Decimal(38, 4)", description: Refunds in US dollars.}
  fees_usd: {type: "Decimal(38, 4)", description: Fees in US dollars.}
  escrow_usd: {type: "Decimal(38, 4)", description: Escrow in US dollars.}
  transactions: {type: UInt64, description: Bookings.}
  unconverted_count: {type: UInt64, description: "Bookings without a rate to US dollars, missing from the amounts."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(freelancer_earnings.date),
        {granularity:String} = 'month', toStartOfMonth(freelancer_earnings.date),
        freelancer_earnings.date
    ) as date,
    sum(freelancer_earnings.earnings_usd) as earnings_usd,
    sum(freelancer_earnings.refunds_usd) as refunds_usd,
    sum(freelancer_earnings.fees_usd) as fees_usd,
    sum(freelancer_earnings.escrow_usd) as escrow_usd,
    sum(freelancer_earnings.transactions) as transactions,
    sum(freelancer_earnings.unconverted_count) as unconverted_count
from freelancer_earnings
where
    freelancer_earnings.user_id = {userId:String}
    and freelancer_earnings.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
