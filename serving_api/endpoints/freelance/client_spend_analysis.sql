/*
path: /analytics/client/spend-analysis
summary: Spend breakdown of a client
description: What is booked between the client and those he pays, split by job type (payments only) or by category.
source: "freelance-marketplace-analytics-plan.md: GET /analytics/client/spend-analysis"
marts: [client_bookings, exchange_rates]
roles: [admin, analyst, client]
grain: One row per job type or category with a booking.
order: [name]
parameters:
  - userId
  - range
  - currency
  - name: groupBy
    type: choice
    choices: [job_type, category]
    default: job_type
    description: "`job_type` of the jobs paid for, or `category` of the bookings: Earnings (paid), Refund, Escrow, Fee."
columns:
  name: {type: String, description: "The job type, empty where bookings do not say, or the category.", of: client_bookings.job_type}
  amount_usd: {type: "Decimal(38, 4)", description: Amount in US dollars.}
  amount: {type: "Nullable(Decimal(38, 4))", description: Amount in the currency asked for; null when a day has no rate., of: client_bookings.amount_usd}
  transactions: {type: UInt64, description: Bookings.}
  share: {type: Nullable(Float64), description: Of all amounts listed; null when they are zero.}
*/
-- uses: currency
with grouped as (
    select
        if({groupBy:String} = 'category', client_bookings.category, client_bookings.job_type) as name,
        sum(client_bookings.amount_usd) as amount_usd,
        told_sum(client_bookings.amount_usd, client_bookings.date) as amount,
        sum(client_bookings.transactions) as transactions
    from client_bookings
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
        and ({groupBy:String} = 'category' or client_bookings.category = 'Earnings')
    group by name
)

select
    grouped.name as name,
    grouped.amount_usd as amount_usd,
    grouped.amount as amount,
    grouped.transactions as transactions,
    toFloat64(grouped.amount_usd) / nullIf(toFloat64(sum(grouped.amount_usd) over ()), 0) as share
from grouped
order by name
