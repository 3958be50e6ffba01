/*
path: /api/analytics/revenue/churn-rate
summary: Churn rate
description: >-
  How many subscriptions a month loses, and the way from the recurring revenue it opens with to the one it closes with.
  The range chooses months, whole ones.
source: "saas-chat-analytics-phase-10.md: Churn rate"
marts: [subscription_churn]
roles: [admin, analyst]
grain: One row per month.
order: [month]
dates: {default_days: 365}
parameters: [startDate, endDate, limit, cursor]
columns:
  month: {type: Date, description: First day of the month.}
  active_at_start: {type: UInt64, description: Subscriptions active on the day before the month.}
  cancelled: {type: UInt64, description: Subscriptions cancelled in the month.}
  churn_rate: {type: Nullable(Float64), description: Cancelled per subscription active at the start; null without any.}
  opening_mrr: {type: "Decimal(18, 4)", description: Monthly recurring revenue on the day before the month.}
  churned_mrr: {type: "Decimal(18, 4)", description: What cancellations took away.}
  closing_mrr: {type: "Decimal(18, 4)", description: Monthly recurring revenue on the last day of the month that has come.}
*/
select
    month,
    active_at_start,
    cancelled,
    churn_rate,
    opening_mrr,
    churned_mrr,
    closing_mrr
from subscription_churn
where month between toStartOfMonth({startDate:Date}) and {endDate:Date}
order by month
limit {limit:UInt64} offset {offset:UInt64}
