/*
path: /api/analytics/revenue/arr
summary: Annual Recurring Revenue
description: Prices of the active subscriptions, at the end of each period and its rate. Twelve times the monthly one.
source: "saas-chat-analytics-phase-10.md: Annual Recurring Revenue"
marts: [subscription_metrics, exchange_rates]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity, currency, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  arr: {type: "Nullable(Decimal(38, 4))", description: Annual recurring revenue on `as_of`.}
  active_subscriptions: {type: UInt64, description: Active subscriptions on `as_of`.}
*/
-- uses: currency
select
    toDate(dateTrunc({granularity:String}, subscription_metrics.date)) as date,
    max(subscription_metrics.date) as as_of,
    told(argMax(subscription_metrics.arr, subscription_metrics.date), as_of) as arr,
    argMax(subscription_metrics.active_subscriptions, subscription_metrics.date) as active_subscriptions
from subscription_metrics
where subscription_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
