with created as (
    select *
    from {{ ref('stg_assignments_created') }}
    where {{ arrived() }}
),

claimed as (
    select *
    from {{ ref('stg_assignments_claimed') }}
    where {{ arrived() }}
),

submitted as (
    select *
    from {{ ref('stg_assignments_submitted') }}
    where {{ arrived() }}
),

reviewed as (
    select *
    from {{ ref('stg_assignment_reviews') }}
    where {{ arrived() }}
),

completed as (
    select *
    from {{ ref('stg_assignments_completed') }}
    where {{ arrived() }}
),

earned as (
    select *
    from {{ ref('stg_financial_records') }}
    where category = 'Earnings' and job_id != '' and {{ arrived() }}
),

events as (
    select
        'created' as kind,
        event_id,
        occurred_at,
        date,
        assignment_id,
        user_id,
        upload_id,
        output_type,
        due_at
    from created
    union all
    select
        'claimed' as kind,
        event_id,
        occurred_at,
        date,
        assignment_id,
        creator_id as user_id,
        '' as upload_id,
        output_type,
        toDateTime64OrNull('', 3, 'UTC') as due_at
    from claimed
    union all
    select
        'submitted' as kind,
        event_id,
        occurred_at,
        date,
        assignment_id,
        creator_id as user_id,
        '' as upload_id,
        output_type,
        toDateTime64OrNull('', 3, 'UTC') as due_at
    from submitted
    union all
    select
        'reviewed' as kind,
        event_id,
        occurred_at,
        date,
        assignment_id,
        creator_id as user_id,
        '' as upload_id,
        output_type,
        toDateTime64OrNull('', 3, 'UTC') as due_at
    from reviewed
    union all
    select
        'completed' as kind,
        event_id,
        occurred_at,
        date,
        assignment_id,
        user_id,
        '' as upload_id,
        output_type,
        toDateTime64OrNull('', 3, 'UTC') as due_at
    from completed
    union all
    -- Whether the job is an assignment shows when an event of the assignment is seen, before or later.
    select
        'earned' as kind,
        event_id,
        occurred_at,
        date,
        job_id as assignment_id,
        '' as user_id,
        '' as upload_id,
        '' as output_type,
        toDateTime64OrNull('', 3, 'UTC') as due_at
    from earned
),

folded as (
    select
        assignment_id,
        max(kind != 'earned') as is_assignment,
        {{ first_if("kind = 'created'", 'date, user_id, due_at, upload_id') }} as creation,
        {{ first_if("kind = 'completed'", 'date, user_id, output_type') }} as completion,
        {{ first_if("output_type != ''", 'output_type') }} as typing,
        arraySort(groupUniqArray(date)) as days
    from events
    group by assignment_id
)

select
    assignment_id,
    is_assignment,
    creation,
    completion,
    typing,
    days
from folded
