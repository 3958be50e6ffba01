/*
path: /api/analytics/revenue/mrr
summary: Monthly Recurring Revenue
description: Prices of the active subscriptions in US dollars, at the end of each period. The movements add up over days.
source: "saas-chat-analytics-phase-10.md: Monthly Recurring Revenue"
marts: [subscription_metrics]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  mrr: {type: "Decimal(18, 4)", description: Monthly recurring revenue on `as_of`.}
  active_subscriptions: {type: UInt64, description: Active subscriptions on `as_of`.}
  new_mrr: {type: "Decimal(38, 4)", description: What sales added in the period.}
  expansion_mrr: {type: "Decimal(38, 4)", description: What rises in price added.}
  contraction_mrr: {type: "Decimal(38, 4)", description: What falls in price took away.}
  churned_mrr: {type: "Decimal(38, 4)", description: What cancellations took away.}
*/
select
    toDate(dateTrunc({granularity:String}, subscription_metrics.date)) as date,
    max(subscription_metrics.date) as as_of,
    argMax(subscription_metrics.mrr, subscription_metrics.date) as mrr,
    argMax(subscription_metrics.active_subscriptions, subscription_metrics.date) as active_subscriptions,
    sum(subscription_metrics.new_mrr) as new_mrr,
    sum(subscription_metrics.expansion_mrr) as expansion_mrr,
    sum(subscription_metrics.contraction_mrr) as contraction_mrr,
    sum(subscription_metrics.churned_mrr) as churned_mrr
from subscription_metrics
where subscription_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
