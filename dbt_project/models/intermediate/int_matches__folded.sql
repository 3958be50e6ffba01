with matches as (
    select *
    from {{ ref('stg_matches_created') }}
    where {{ arrived() }}
),

placements as (
    select *
    from {{ ref('stg_placements') }}
    where {{ arrived() }}
),

events as (
    select
        'matched' as kind,
        event_id,
        occurred_at,
        date,
        candidate_id,
        job_id
    from matches
    union all
    select
        'placed' as kind,
        event_id,
        occurred_at,
        date,
        user_id as candidate_id,
        job_id
    from placements
),

folded as (
    select
        (candidate_id, job_id) as pair,
        {{ first_if("kind = 'matched'", 'date') }} as matching,
        groupUniqArrayIf(date, kind = 'placed') as days
    from events
    group by
        candidate_id,
        job_id
)

select
    pair,
    matching,
    days
from folded
