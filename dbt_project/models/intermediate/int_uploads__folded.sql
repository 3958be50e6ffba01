with initiated as (
    select *
    from {{ ref('stg_uploads_initiated') }}
    where {{ arrived() }}
),

completed as (
    select *
    from {{ ref('stg_uploads_completed') }}
    where {{ arrived() }}
),

events as (
    select
        'initiated' as kind,
        event_id,
        occurred_at,
        date,
        upload_id,
        user_id
    from initiated
    union all
    select
        'completed' as kind,
        event_id,
        occurred_at,
        date,
        upload_id,
        user_id
    from completed
),

folded as (
    select
        upload_id,
        {{ first_if("kind = 'initiated'", 'date, user_id') }} as initiation,
        {{ first_if("kind = 'completed'", 'date, user_id') }} as completion,
        arraySort(groupUniqArray(date)) as days
    from events
    group by upload_id
)

select
    upload_id,
    initiation,
    completion,
    days
from folded
