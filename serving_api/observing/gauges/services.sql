/*
reads: [system_health]
labels: [service, endpoint]
metrics:
  warehouse_service_hour_timestamp_seconds: {help: "First instant of the last hour in which a service answered requests at an endpoint, as api.request events say; the 200 with the most in theirs."}
  warehouse_service_requests: {help: Requests in that hour.}
  warehouse_service_errors: {help: "Of them those that failed, status 500 or more."}
  warehouse_service_p50_seconds: {help: Median of the seconds until the answer.}
  warehouse_service_p95_seconds: {help: Their 95th percentile.}
  warehouse_service_p99_seconds: {help: Their 99th percentile.}
*/
with last_hours as (
    select
        service,
        endpoint,
        hour,
        requests,
        errors,
        p50_ms,
        p95_ms,
        p99_ms
    from system_health
    where hour > (select max(newest.hour) from system_health as newest) - interval 1 day
    order by hour desc
    limit 1 by service, endpoint
)

select
    service,
    endpoint,
    toUnixTimestamp(hour) as warehouse_service_hour_timestamp_seconds,
    requests as warehouse_service_requests,
    errors as warehouse_service_errors,
    p50_ms / 1000 as warehouse_service_p50_seconds,
    p95_ms / 1000 as warehouse_service_p95_seconds,
    p99_ms / 1000 as warehouse_service_p99_seconds
from last_hours
order by
    requests desc,
    service asc,
    endpoint asc
limit 200
