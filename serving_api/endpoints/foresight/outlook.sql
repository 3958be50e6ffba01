/*
path: /api/v1/outlook
summary: A figure's past and what is expected of it
description: >-
  The days of the range with what a watched figure came to, whether that was out of line, and, after them, the days forecast.
source: "job-placement-analytics-service.md: Growth forecasting and trend analysis"
marts: [watched_metrics, anomalies, forecasts]
roles: [admin, analyst]
grain: One row per figure and day.
order: [metric, date]
parameters:
  - startDate
  - endDate
  - watched
  - limit
  - cursor
columns:
  metric: {type: String, description: The figure., of: watched_metrics.metric}
  date: {type: Date, description: "The day, of the range or forecast.", of: watched_metrics.date}
  value: {type: Nullable(Float64), description: "What it came to, so far if the day is running; null for days to come.", of: watched_metrics.value}
  expected: {type: Nullable(Float64), description: What is forecast; null for days that are over., of: forecasts.value}
  lower: {type: Nullable(Float64), description: One day in ten should come below., of: forecasts.lower}
  upper: {type: Nullable(Float64), description: One day in ten should come above., of: forecasts.upper}
  severity: {type: Nullable(String), description: "`critical` or `warning` for a day out of line.", of: anomalies.severity}
*/
with days as (
    select
        metric,
        date,
        value,
        cast(null, 'Nullable(Float64)') as expected,
        cast(null, 'Nullable(Float64)') as lower,
        cast(null, 'Nullable(Float64)') as upper,
        cast(null, 'Nullable(String)') as severity
    from watched_metrics
    where date between {startDate:Date} and {endDate:Date}
    union all
    select
        metric,
        date,
        null as value,
        null as expected,
        null as lower,
        null as upper,
        severity
    from anomalies
    where date between {startDate:Date} and {endDate:Date}
    union all
    select
        metric,
        date,
        null as value,
        forecasts.value as expected,
        forecasts.lower as lower,
        forecasts.upper as upper,
        null as severity
    from forecasts
)

select
    metric,
    date,
    any(days.value) as value,
    any(days.expected) as expected,
    any(days.lower) as lower,
    any(days.upper) as upper,
    any(days.severity) as severity
from days
where {metric:Nullable(String)} is null or metric = {metric:Nullable(String)}
group by
    metric,
    date
order by
    metric,
    date
limit {limit:UInt64} offset {offset:UInt64}
