{%- set twentieths = [
    0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5,
    0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1
] -%}

with batches as (
    select *
    from {{ ref('stg_batches') }}
    {% if is_restating() -%}
        -- A batch without events starts no build: those since the last that had some may be missing.
        where
            commit_seq > (
                select max(earlier.commit_seq)
                from {{ ref('stg_batches') }} as earlier
                where earlier.stored > 0 and earlier.commit_seq <= {{ built_through() }}
            )
    {%- else -%}
        -- Of earlier ones some events may be gone; what they came to is kept.
        where commit_seq > (select max(closings.commit_seq) from {{ ref('stg_closings') }} as closings)
    {%- endif %}
),

events as (
    select
        commit_seq,
        count() as stored,
        arrayMap(
            instant -> toInt64(assumeNotNull(round(instant))),
            {{ quantiles(twentieths, 'toUnixTimestamp64Milli(occurred_at)') }}
        ) as occurred_ms
    from {{ ref('stg_events') }}
    where commit_seq global in (select batches.commit_seq from batches)
    group by commit_seq
),

folded as (
    select
        toDate(batches.received_at) as date,
        batches.commit_seq as commit_seq,
        batches.source as source,
        batches.received_at as received_at,
        events.stored as stored,
        batches.duplicates as duplicates,
        batches.quarantined as quarantined,
        events.occurred_ms as occurred_ms,
        [toDate(batches.received_at)] as days
    from batches
    left join events on batches.commit_seq = events.commit_seq
)

select
    date,
    commit_seq,
    source,
    received_at,
    stored,
    duplicates,
    quarantined,
    occurred_ms,
    days
from folded
