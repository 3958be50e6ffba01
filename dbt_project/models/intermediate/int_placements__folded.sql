with placements as (
    select *
    from {{ ref('stg_placements') }}
    where {{ arrived() }}
),

ends as (
    select *
    from {{ ref('stg_placements_ended') }}
    where {{ arrived() }}
),

events as (
    select
        'made' as kind,
        event_id,
        occurred_at,
        date,
        placement_id,
        user_id as candidate_id,
        job_id
    from placements
    union all
    select
        'ended' as kind,
        event_id,
        occurred_at,
        date,
        placement_id,
        '' as candidate_id,
        '' as job_id
    from ends
),

folded as (
    select
        placement_id,
        {{ first_if("kind = 'made'", 'date, candidate_id, job_id') }} as making,
        {{ first_if("kind = 'ended'", 'date') }} as ending,
        groupUniqArrayIf(date, kind = 'made') as days
    from events
    group by placement_id
)

select
    placement_id,
    making,
    ending,
    days
from folded
