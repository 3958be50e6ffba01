/*
path: /api/analytics/client/spend
summary: Spend of a client
description: What the client paid freelancers, by period. Money and counts add up over days.
source: "freelance-marketplace-analytics-plan.md: GET /api/analytics/client/spend"
marts: [client_spend]
roles: [admin, analyst, client]
grain: One row per period with a payment.
order: [date]
parameters: [userId, range, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  spend_usd: {type: "Decimal(38, 4)", description: Payments in US dollars.}
  transactions: {type: UInt64, description: Payments.}
  unconverted_count: {type: UInt64, description: "Payments without a rate to US dollars, missing from `spend_usd`."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(client_spend.date),
        {granularity:String} = 'month', toStartOfMonth(client_spend.date),
        client_spend.date
    ) as date,
    sum(client_spend.spend_usd) as spend_usd,
    sum(client_spend.transactions) as transactions,
    sum(client_spend.unconverted_count) as unconverted_count
from client_spend
where
    client_spend.user_id = {userId:String}
    and client_spend.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
