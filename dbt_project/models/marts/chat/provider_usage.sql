with usage as (
    select *
    from {{ ref('int_chat_usage__daily') }}
)

select
    date,
    provider,
    model,
    messages,
    users,
    tokens,
    cost_usd,
    unconverted_count,
    latencies[1] as latency_p50_ms,
    latencies[2] as latency_p95_ms,
    latencies[3] as latency_p99_ms
from usage
