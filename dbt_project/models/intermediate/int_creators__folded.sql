with events as (
    select
        event_id,
        occurred_at,
        date,
        creator_id
    from {{ ref('stg_level_changes') }}
    where {{ arrived() }}
    union all
    select
        event_id,
        occurred_at,
        date,
        creator_id
    from {{ ref('stg_assignments_claimed') }}
    where {{ arrived() }}
    union all
    select
        event_id,
        occurred_at,
        date,
        creator_id
    from {{ ref('stg_assignments_submitted') }}
    where {{ arrived() }}
    union all
    select
        event_id,
        occurred_at,
        date,
        creator_id
    from {{ ref('stg_assignment_reviews') }}
    where {{ arrived() }}
    union all
    select
        event_id,
        occurred_at,
        date,
        user_id as creator_id
    from {{ ref('stg_assignments_completed') }}
    where {{ arrived() }}
),

folded as (
    select
        creator_id,
        {{ first_if('true', 'date') }} as first_work
    from events
    group by creator_id
)

select
    creator_id,
    first_work
from folded
