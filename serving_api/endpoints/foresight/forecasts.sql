/*
path: /api/v1/forecasts
summary: What is expected next
description: >-
  The two weeks from the last event day on, learnt every night, with bounds between which four of five days should lie and
  what back-tests say of both. A figure with too little history is not there.
source: "job-placement-analytics-service.md: Growth forecasting and trend analysis"
marts: [forecasts]
roles: [admin, analyst]
grain: One row per figure and day.
order: [metric, date]
parameters:
  - watched
  - limit
  - cursor
columns:
  metric: {type: String, description: The figure.}
  date: {type: Date, description: The day.}
  value: {type: Float64, description: What is expected.}
  lower: {type: Float64, description: One day in ten should come below.}
  upper: {type: Float64, description: One day in ten should come above.}
  model: {type: String, description: "`theta`, `seasonal_naive`, the week before, or `weekday_median` before the first training."}
  beats_naive: {type: Bool, description: Whether `theta` was better than the week before in back-tests.}
  relative_error: {type: Nullable(Float64), description: Mean absolute error of `theta` over that of the week before; null when that never errs.}
  coverage: {type: Nullable(Float64), description: Share of past days that lay between the bounds; null with too few back-tests.}
  trained_at: {type: "DateTime64(3, 'UTC')", description: When it was trained.}
  trained_on: {type: UInt64, description: The generation learnt from.}
*/
select
    metric,
    date,
    value,
    lower,
    upper,
    model,
    beats_naive,
    relative_error,
    coverage,
    trained_at,
    trained_on
from forecasts
where {metric:Nullable(String)} is null or metric = {metric:Nullable(String)}
order by
    metric,
    date
limit {limit:UInt64} offset {offset:UInt64}
