with sessions as (
    select *
    from {{ folded('int_sessions__folded') }}
    where {{ restated('toDate(first_at)') }}
),

measured as (
    select
        toDate(first_at) as date,
        dateDiff('millisecond', first_at, last_at) as lasted_ms
    from sessions
),

counted as (
    select
        date,
        count() as sessions,
        sum(lasted_ms) as total_ms
    from measured
    group by date
)

select
    date,
    sessions,
    total_ms / sessions / 1000 as avg_session_seconds
from counted
