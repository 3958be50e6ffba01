/*
path: /api/v1/anomalies
summary: Days out of line
description: >-
  Days of the range on which a watched figure was farther from what was expected of it than it usually is. What is usual is
  learnt every night; a day is judged once it is over, and judged anew whenever its figure changes.
source: "multi-vendor-ecommerce-analytics-service.md: Anomaly detection using historical metrics"
marts: [anomalies]
roles: [admin, analyst]
grain: One row per figure and day.
order: [date, metric]
parameters:
  - startDate
  - endDate
  - watched
  - limit
  - cursor
columns:
  date: {type: Date, description: The day.}
  metric: {type: String, description: The figure.}
  value: {type: Float64, description: What it was.}
  expected: {type: Float64, description: What was usual for the day.}
  lower: {type: Float64, description: Where the usual begins.}
  upper: {type: Float64, description: Where it ends.}
  score: {type: Float64, description: "How many usual deviations lie between, negative for too little."}
  kind: {type: String, description: "`surge` or `drop`."}
  severity: {type: String, description: "`critical` for twice the threshold of the figure, else `warning`."}
  trained_at: {type: "DateTime64(3, 'UTC')", description: When what is usual was learnt.}
  trained_on: {type: UInt64, description: The generation it was learnt from.}
*/
select
    date,
    metric,
    value,
    expected,
    lower,
    upper,
    score,
    kind,
    severity,
    trained_at,
    trained_on
from anomalies
where
    date between {startDate:Date} and {endDate:Date}
    and ({metric:Nullable(String)} is null or metric = {metric:Nullable(String)})
order by
    date,
    metric
limit {limit:UInt64} offset {offset:UInt64}
