/*
path: /api/analytics/revenue/by-plan
summary: Subscription revenue per plan
description: Payments for subscriptions in US dollars by plan. Money and counts add up over days.
source: "saas-chat-analytics-phase-10.md: Revenue per plan tier"
marts: [revenue]
roles: [admin, analyst]
grain: One row per period and plan with payments; periods without any have no row.
order: [date, plan_id]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  plan_id: {type: String, description: The plan.}
  gross_usd: {type: "Decimal(38, 4)", description: Payments in US dollars.}
  transaction_count: {type: UInt64, description: Payments.}
  unconverted_count: {type: UInt64, description: "Payments without a rate to US dollars, missing from `gross_usd`."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(revenue.date),
        {granularity:String} = 'month', toStartOfMonth(revenue.date),
        revenue.date
    ) as date,
    revenue.plan_id as plan_id,
    sum(revenue.gross_usd) as gross_usd,
    sum(revenue.transaction_count) as transaction_count,
    sum(revenue.unconverted_count) as unconverted_count
from revenue
where
    revenue.date between {startDate:Date} and {endDate:Date}
    and revenue.stream = 'subscription'
group by
    date,
    plan_id
order by
    date,
    plan_id
limit {limit:UInt64} offset {offset:UInt64}
