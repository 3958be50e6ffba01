with events as (
    select *
    from {{ ref('stg_events') }}
    where {{ arrived() }}
),

folded as (
    select
        date,
        max(occurred_at) as last_occurred_at
    from events
    group by date
)

select
    date,
    last_occurred_at
from folded
