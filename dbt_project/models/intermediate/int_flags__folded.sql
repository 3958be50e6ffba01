with flagged as (
    select *
    from {{ ref('stg_flags_created') }}
    where {{ arrived() }}
),

resolved as (
    select *
    from {{ ref('stg_flags_resolved') }}
    where {{ arrived() }}
),

events as (
    select
        'flagged' as kind,
        event_id,
        occurred_at,
        date,
        flag_id,
        flag_type,
        is_automatic
    from flagged
    union all
    select
        'resolved' as kind,
        event_id,
        occurred_at,
        date,
        flag_id,
        '' as flag_type,
        false as is_automatic
    from resolved
),

folded as (
    select
        flag_id,
        {{ first_if("kind = 'flagged'", 'date, flag_type, is_automatic') }} as creation,
        {{ first_if("kind = 'resolved'", 'date') }} as resolution,
        arraySort(groupUniqArray(date)) as days
    from events
    group by flag_id
)

select
    flag_id,
    creation,
    resolution,
    days
from folded
