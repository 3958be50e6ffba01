with events as (
    select *
    from {{ ref('stg_events') }}
    where session_id != '' and {{ arrived() }}
),

folded as (
    select
        session_id,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at,
        groupUniqArray(date) as days
    from events
    group by session_id
)

select
    session_id,
    first_at,
    last_at,
    days
from folded
