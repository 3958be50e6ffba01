/*
path: /api/analytics/revenue/mrr
summary: Monthly Recurring Revenue
description: >-
  Prices of the active subscriptions, at the end of each period and its rate. The movements are told at the rates of their
  days and add up; in other currencies than US dollars what rates themselves moved is what they leave open.
source: "saas-chat-analytics-phase-10.md: Monthly Recurring Revenue"
marts: [subscription_metrics, exchange_rates]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity, currency, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  mrr: {type: "Nullable(Decimal(38, 4))", description: Monthly recurring revenue on `as_of`.}
  active_subscriptions: {type: UInt64, description: Active subscriptions on `as_of`.}
  new_mrr: {type: "Nullable(Decimal(38, 4))", description: What sales added in the period.}
  expansion_mrr: {type: "Nullable(Decimal(38, 4))", description: What rises in price added.}
  contraction_mrr: {type: "Nullable(Decimal(38, 4))", description: What falls in price took away.}
  churned_mrr: {type: "Nullable(Decimal(38, 4))", description: What cancellations took away.}
*/
-- uses: currency
select
    toDate(dateTrunc({granularity:String}, subscription_metrics.date)) as date,
    max(subscription_metrics.date) as as_of,
    told(argMax(subscription_metrics.mrr, subscription_metrics.date), as_of) as mrr,
    argMax(subscription_metrics.active_subscriptions, subscription_metrics.date) as active_subscriptions,
    told_sum(subscription_metrics.new_mrr, subscription_metrics.date) as new_mrr,
    told_sum(subscription_metrics.expansion_mrr, subscription_metrics.date) as expansion_mrr,
    told_sum(subscription_metrics.contraction_mrr, subscription_metrics.date) as contraction_mrr,
    told_sum(subscription_metrics.churned_mrr, subscription_metrics.date) as churned_mrr
from subscription_metrics
where subscription_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
