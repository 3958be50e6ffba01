with batches as (
    select *
    from {{ folded('int_batches__folded') }}
    where {{ restated('date') }}
),

publications as (
    select
        1 as side,
        commit_seq as through_commit_seq,
        toNullable(min(published_at)) as published_at
    from {{ ref('stg_publications') }}
    group by commit_seq
),

served as (
    select
        toString(batches.source) as source,
        toDateTime64(toStartOfMinute(batches.received_at), 3, 'UTC') as minute,
        batches.stored as stored,
        batches.duplicates as duplicates,
        batches.quarantined as quarantined,
        batches.occurred_ms as occurred_ms,
        -- What no generation has yet comes with this build.
        toUnixTimestamp64Milli(coalesce(
            publications.published_at, (select max(builds.opened_at) from {{ ref('stg_builds') }} as builds)
        )) as served_ms
    from batches
    asof left join publications
        on
            toUInt8(batches.commit_seq > 0) = publications.side
            and batches.commit_seq <= publications.through_commit_seq
),

counted as (
    select
        source,
        minute,
        sum(stored) as events,
        sum(quarantined) as total_quarantined,
        sum(duplicates) as total_duplicates
    from served
    group by
        source,
        minute
),

points as (
    select
        source,
        minute,
        stored,
        greatest(0, served_ms - arrayJoin(occurred_ms)) as latency_ms
    from served
),

latencies as (
    select
        source,
        minute,
        arrayReduce(
            'quantilesExactWeighted(0.5, 0.95)', groupArray(latency_ms), groupArray(stored)
        ) as latencies_ms
    from points
    group by
        source,
        minute
)

select
    counted.source as source,
    counted.minute as minute,
    counted.events as events,
    counted.total_quarantined as quarantined,
    counted.total_duplicates as duplicates,
    if(counted.events = 0, null, latencies.latencies_ms[1] / 1000) as latency_p50_s,
    if(counted.events = 0, null, latencies.latencies_ms[2] / 1000) as latency_p95_s
from counted
left join latencies on counted.source = latencies.source and counted.minute = latencies.minute
