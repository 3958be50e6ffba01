/*
path: /api/v1/admin/analytics/system-health
summary: System health
description: >-
  How services, queues and stores are doing, and whether what others run can be reached. Percentiles of several hours
  cannot be had from those of each, so they are given hour by hour, and for each endpoint for its last hour.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.11 System Health Dashboard"
roles: [admin, analyst]
marts: [system_health, queue_metrics, storage_metrics, external_services, pipeline_health]
shape: object
parameters:
  - name: period
    type: period
    choices: [day, week, month]
    default: day
    description: Calendar period up to the day of `X-Complete-Through` (UTC; weeks begin on Monday).
parts:
  summary:
    shape: object
    description: All services in the period.
    columns:
      requests: {type: UInt64, description: Requests answered.}
      errors: {type: UInt64, description: "Of them those that failed, status 500 or more."}
      client_errors: {type: UInt64, description: "Of them those the caller got wrong, status 400 to 499."}
      error_rate: {type: Nullable(Float64), description: Share of the errors; null without a request.}
  endpoints:
    shape: rows
    description: Error rates over the period, response times in the last hour with a request.
    order: [service, endpoint]
    columns:
      service: {type: String, description: The service.}
      endpoint: {type: String, description: What was asked of it.}
      requests: {type: UInt64, description: Requests answered.}
      errors: {type: UInt64, description: Of them those that failed.}
      error_rate: {type: Float64, description: Their share.}
      last_hour: {type: "DateTime64(3, 'UTC')", description: First instant of the last hour with a request., of: system_health.hour}
      p50_ms: {type: Nullable(Float64), description: Median of the milliseconds until the answer in that hour.}
      p95_ms: {type: Nullable(Float64), description: Their 95th percentile.}
      p99_ms: {type: Nullable(Float64), description: Their 99th percentile.}
  trend:
    shape: rows
    description: Hour by hour; hours without a request have no row.
    order: [hour]
    columns:
      hour: {type: "DateTime64(3, 'UTC')", description: First instant of the hour.}
      requests: {type: UInt64, description: Requests answered.}
      errors: {type: UInt64, description: Of them those that failed.}
      error_rate: {type: Float64, description: Their share.}
      p95_ms_worst: {type: Nullable(Float64), description: Highest 95th percentile of any endpoint., of: system_health.p95_ms}
  queues:
    shape: rows
    description: Queues in the period.
    order: [queue]
    columns:
      queue: {type: String, description: The queue., of: queue_metrics.queue}
      avg_depth: {type: Nullable(Float64), description: Mean of the messages waiting., of: queue_metrics.avg_depth}
      max_depth: {type: Nullable(Float64), description: Most messages waiting., of: queue_metrics.max_depth}
      processed: {type: Float64, description: Messages handled., of: queue_metrics.processed}
  storage:
    shape: rows
    description: The last sample of each service.
    order: [service]
    columns:
      service: {type: String, description: The service., of: storage_metrics.service}
      date: {type: Date, description: Day of the sample., of: storage_metrics.date}
      bytes_used: {type: Nullable(Float64), description: Bytes in use., of: storage_metrics.bytes_used}
  external_services:
    shape: rows
    description: Services that others run.
    order: [service]
    columns:
      service: {type: String, description: The service probed., of: external_services.service}
      is_up: {type: Bool, description: Whether it answered the last probe., of: external_services.is_up}
      checks: {type: UInt64, description: Probes in the period., of: external_services.checks}
      uptime_rate: {type: Float64, description: Share of them it answered., of: external_services.uptime_rate}
  pipeline:
    shape: rows
    description: What the warehouse received in the period.
    order: [source]
    columns:
      source: {type: String, description: Where from., of: pipeline_health.source}
      events: {type: UInt64, description: Events stored., of: pipeline_health.events}
      quarantined: {type: UInt64, description: Lines refused., of: pipeline_health.quarantined}
      duplicates: {type: UInt64, description: Lines received before., of: pipeline_health.duplicates}
*/
-- part: summary
select
    sum(system_health.requests) as requests,
    sum(system_health.errors) as errors,
    sum(system_health.client_errors) as client_errors,
    sum(system_health.errors) / nullIf(sum(system_health.requests), 0) as error_rate
from system_health
where toDate(hour) between {startDate:Date} and {endDate:Date};

-- part: endpoints
select
    service,
    endpoint,
    sum(system_health.requests) as requests,
    sum(system_health.errors) as errors,
    sum(system_health.errors) / sum(system_health.requests) as error_rate,
    max(hour) as last_hour,
    tupleElement(argMax(tuple(system_health.p50_ms), hour), 1) as p50_ms,
    tupleElement(argMax(tuple(system_health.p95_ms), hour), 1) as p95_ms,
    tupleElement(argMax(tuple(system_health.p99_ms), hour), 1) as p99_ms
from system_health
where toDate(hour) between {startDate:Date} and {endDate:Date}
group by
    service,
    endpoint
order by
    service,
    endpoint;

-- part: trend
select
    hour,
    sum(system_health.requests) as requests,
    sum(system_health.errors) as errors,
    sum(system_health.errors) / sum(system_health.requests) as error_rate,
    max(p95_ms) as p95_ms_worst
from system_health
where toDate(hour) between {startDate:Date} and {endDate:Date}
group by hour
order by hour;

-- part: queues
select
    queue,
    sum(queue_metrics.avg_depth * samples) / sumIf(samples, queue_metrics.avg_depth is not null) as avg_depth,
    max(queue_metrics.max_depth) as max_depth,
    sum(queue_metrics.processed) as processed
from queue_metrics
where toDate(hour) between {startDate:Date} and {endDate:Date}
group by queue
order by queue;

-- part: storage
select
    service,
    max(storage_metrics.date) as date,
    tupleElement(argMax(tuple(storage_metrics.bytes_used), storage_metrics.date), 1) as bytes_used
from storage_metrics
where storage_metrics.date <= {endDate:Date}
group by service
order by service;

-- part: external_services
select
    service,
    argMax(external_services.is_up, date) as is_up,
    sum(external_services.checks) as checks,
    sum(up_checks) / sum(external_services.checks) as uptime_rate
from external_services
where date between {startDate:Date} and {endDate:Date}
group by service
order by service;

-- part: pipeline
select
    source,
    sum(pipeline_health.events) as events,
    sum(pipeline_health.quarantined) as quarantined,
    sum(pipeline_health.duplicates) as duplicates
from pipeline_health
where toDate(minute) between {startDate:Date} and {endDate:Date}
group by source
order by source;
