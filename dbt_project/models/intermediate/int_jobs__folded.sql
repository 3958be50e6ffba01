with postings as (
    select *
    from {{ ref('stg_jobs_posted') }}
    where {{ arrived() }}
),

fillings as (
    select *
    from {{ ref('stg_jobs_filled') }}
    where {{ arrived() }}
),

closings as (
    select *
    from {{ ref('stg_jobs_closed') }}
    where {{ arrived() }}
),

events as (
    select
        'posted' as kind,
        event_id,
        occurred_at,
        date,
        job_id,
        category
    from postings
    union all
    select
        'filled' as kind,
        event_id,
        occurred_at,
        date,
        job_id,
        '' as category
    from fillings
    union all
    select
        'closed' as kind,
        event_id,
        occurred_at,
        date,
        job_id,
        '' as category
    from closings
),

folded as (
    select
        job_id,
        {{ first_if("kind = 'posted'", 'date, category') }} as posting,
        {{ first_if("kind = 'filled'", 'date') }} as filling,
        {{ first_if("kind = 'closed'", 'date') }} as closing,
        groupUniqArrayIf(date, kind = 'posted') as days
    from events
    group by job_id
)

select
    job_id,
    posting,
    filling,
    closing,
    days
from folded
