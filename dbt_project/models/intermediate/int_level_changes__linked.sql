with changes as (
    select *
    from {{ ref('int_level_changes__recorded') }}
),

creators as (
    select *
    from {{ ref('int_creators__seen') }}
),

lowest as (
    select min(level) as level
    from {{ ref('int_levels__ranked') }}
    where is_lowest
),

ordered as (
    select
        event_id,
        creator_id,
        occurred_at,
        date,
        from_level,
        to_level,
        lagInFrame(to_level) over creator as previous_level,
        lagInFrame(toNullable(occurred_at)) over creator as previous_at
    from changes
    window creator as (
        partition by creator_id
        order by occurred_at asc, toString(event_id) asc
        rows between unbounded preceding and current row
    )
),

linked as (
    select
        ordered.event_id as event_id,
        ordered.creator_id as creator_id,
        ordered.occurred_at as occurred_at,
        ordered.date as date,
        multiIf(
            ordered.from_level != '', ordered.from_level,
            ordered.previous_level != '', ordered.previous_level,
            lowest.level
        ) as from_level,
        ordered.to_level as to_level,
        coalesce(ordered.previous_at, creators.first_seen_at) as entered_at
    from ordered
    inner join creators on ordered.creator_id = creators.creator_id
    cross join lowest
)

select
    event_id,
    creator_id,
    occurred_at,
    date,
    from_level,
    to_level,
    entered_at
from linked
