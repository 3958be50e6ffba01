with requests as (
    select *
    from {{ ref('stg_api_requests') }}
    where {{ restated('date') }}
),

summed as (
    select
        toDateTime64(toStartOfHour(occurred_at), 3, 'UTC') as hour,
        service,
        endpoint,
        count() as requests,
        countIf(status >= 500) as errors,
        countIf(status between 400 and 499) as client_errors,
        {{ quantiles([0.5, 0.95, 0.99], 'duration_ms') }} as durations
    from requests
    group by
        hour,
        service,
        endpoint
)

select
    hour,
    service,
    endpoint,
    requests,
    errors,
    client_errors,
    errors / requests as error_rate,
    durations[1] as p50_ms,
    durations[2] as p95_ms,
    durations[3] as p99_ms
from summed
