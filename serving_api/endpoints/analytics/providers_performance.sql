/*
path: /api/analytics/providers/performance
summary: Response time by provider
description: >-
  How fast models answer. Percentiles of several days cannot be had from those of each: for weeks and months they are null
  and the worst day takes their place.
source: "saas-chat-analytics-phase-10.md: Response time by provider"
marts: [provider_usage]
roles: [admin, analyst]
grain: One row per period and model with messages.
order: [date, provider, model]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  provider: {type: String, description: Company that runs the model.}
  model: {type: String, description: The model.}
  messages: {type: UInt64, description: Messages answered.}
  latency_p50_ms: {type: Nullable(Float64), description: "Median of the day, in milliseconds; null without any, and for weeks and months."}
  latency_p95_ms: {type: Nullable(Float64), description: "95th percentile of the day; null as the median."}
  latency_p99_ms: {type: Nullable(Float64), description: "99th percentile of the day; null as the median."}
  latency_p95_ms_worst: {type: Nullable(Float64), description: Highest 95th percentile of any day of the period., of: provider_usage.latency_p95_ms}
*/
select
    toDate(dateTrunc({granularity:String}, provider_usage.date)) as date,
    provider_usage.provider as provider,
    provider_usage.model as model,
    sum(provider_usage.messages) as messages,
    if({granularity:String} = 'day', max(provider_usage.latency_p50_ms), null) as latency_p50_ms,
    if({granularity:String} = 'day', max(provider_usage.latency_p95_ms), null) as latency_p95_ms,
    if({granularity:String} = 'day', max(provider_usage.latency_p99_ms), null) as latency_p99_ms,
    max(provider_usage.latency_p95_ms) as latency_p95_ms_worst
from provider_usage
where provider_usage.date between {startDate:Date} and {endDate:Date}
group by
    date,
    provider,
    model
order by
    date,
    provider,
    model
limit {limit:UInt64} offset {offset:UInt64}
