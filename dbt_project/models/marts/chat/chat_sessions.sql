{#- Milliseconds within which the next message continues a session. -#}
{%- set longest_gap = 30 * 60 * 1000 -%}

with days as (
    select *
    from {{ ref('int_chat_sessions__clustered') }}
),

near_midnight as (
    select
        near.user_id as user_id,
        near.first_ms as first_ms,
        near.last_ms as last_ms
    from days
    array join days.near_midnight as near
),

marked as (
    select
        user_id,
        first_ms,
        last_ms,
        first_ms - lagInFrame(last_ms, 1, toInt64(-{{ 10 * longest_gap }})) over (
            partition by user_id
            order by first_ms asc rows between 1 preceding and current row
        ) > {{ longest_gap }} as begins
    from near_midnight
),

chained as (
    select
        user_id,
        first_ms,
        last_ms,
        sum(begins) over (
            partition by user_id
            order by first_ms asc rows between unbounded preceding and current row
        ) as chain
    from marked
),

joined as (
    select
        min(first_ms) as session_first_ms,
        max(last_ms) as session_last_ms
    from chained
    group by
        user_id,
        chain
),

sessions as (
    select
        date,
        whole_sessions as session_count,
        whole_session_ms as session_ms
    from days
    union all
    select
        toDate(fromUnixTimestamp64Milli(session_first_ms, 'UTC')) as date,
        toUInt64(1) as session_count,
        session_last_ms - session_first_ms as session_ms
    from joined
),

summed as (
    select
        date,
        sum(session_count) as total_sessions,
        sum(session_ms) as total_ms
    from sessions
    group by date
    having total_sessions > 0
)

select
    date,
    total_sessions as sessions,
    total_ms / 1000 / total_sessions as avg_session_seconds,
    total_ms / 1000 as total_session_seconds
from summed
