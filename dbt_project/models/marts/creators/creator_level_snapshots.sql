with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

creators as (
    select *
    from {{ ref('int_creators__seen') }}
),

changes as (
    select *
    from {{ ref('int_level_changes__linked') }}
),

performance as (
    select *
    from {{ ref('creator_performance') }}
    where completed > 0 or rating_count > 0
),

lowest as (
    select min(level) as level
    from {{ ref('int_levels__ranked') }}
    where is_lowest
),

last_changes as (
    select
        creator_id,
        date,
        argMax(to_level, {{ event_order() }}) as level
    from changes
    group by
        creator_id,
        date
),

moments as (
    select
        creator_id,
        first_seen_date as date,
        '' as level,
        toInt64(0) as completed,
        toDecimal128(0, 15) as rating_sum,
        toInt64(0) as rating_count
    from creators
    union all
    select
        creator_id,
        date,
        level,
        toInt64(0) as completed,
        toDecimal128(0, 15) as rating_sum,
        toInt64(0) as rating_count
    from last_changes
    union all
    select
        user_id as creator_id,
        date,
        '' as level,
        toInt64(completed) as completed,
        rating_sum,
        toInt64(rating_count) as rating_count
    from performance
),

creator_days as (
    select
        creator_id,
        date,
        max(level) as new_level,
        sum(completed) as completed_today,
        sum(rating_sum) as rating_sum_today,
        sum(rating_count) as rating_count_today
    from moments
    group by
        creator_id,
        date
),

running as (
    select
        date,
        completed_today,
        rating_sum_today,
        rating_count_today,
        row_number() over so_far = 1 as is_first,
        coalesce(anyLast(nullIf(new_level, '')) over so_far, '') as changed_level,
        sum(completed_today) over so_far as completed_so_far,
        sum(rating_sum_today) over so_far as rating_sum_so_far,
        sum(rating_count_today) over so_far as rating_count_so_far,
        coalesce(anyLast(nullIf(new_level, '')) over before, '') as changed_level_before
    from creator_days
    window
        so_far as (
            partition by creator_id
            order by date asc rows between unbounded preceding and current row
        ),
        before as (
            partition by creator_id
            order by date asc rows between unbounded preceding and 1 preceding
        )
),

placed as (
    select
        running.*,
        if(running.changed_level != '', running.changed_level, lowest.level) as level_after,
        if(running.changed_level_before != '', running.changed_level_before, lowest.level) as level_before
    from running
    cross join lowest
),

-- A creator brings what he has done to the level he moves to, and takes it away from the one he leaves.
steps as (
    select
        date,
        arrayJoin(if(
            is_first or level_after = level_before,
            [(level_after, toInt64(is_first), completed_today, rating_sum_today, rating_count_today)],
            [
                (level_after, toInt64(1), completed_so_far, rating_sum_so_far, rating_count_so_far),
                (
                    level_before,
                    toInt64(-1),
                    completed_today - completed_so_far,
                    rating_sum_today - rating_sum_so_far,
                    rating_count_today - rating_count_so_far
                )
            ]
        )) as step
    from placed
),

changes_by_level as (
    select
        date,
        step.1 as level,
        sum(step.2) as creators_change,
        sum(step.3) as completed_change,
        sum(step.4) as rating_sum_change,
        sum(step.5) as rating_count_change
    from steps
    group by
        date,
        level
),

levels as (
    select level
    from lowest
    union distinct
    select level
    from last_changes
),

level_days as (
    select
        calendar.date as date,
        levels.level as level
    from calendar
    cross join levels
),

snapshots as (
    select
        level_days.date as snapshot_date,
        level_days.level as level,
        sum(changes_by_level.creators_change) over so_far as creator_count,
        sum(changes_by_level.completed_change) over so_far as total_completed,
        sum(changes_by_level.rating_sum_change) over so_far as rating_sum,
        sum(changes_by_level.rating_count_change) over so_far as rating_count
    from level_days
    left join changes_by_level
        on level_days.date = changes_by_level.date and level_days.level = changes_by_level.level
    window so_far as (
        partition by level_days.level
        order by level_days.date asc rows between unbounded preceding and current row
    )
)

select
    snapshot_date,
    level,
    toUInt64(creator_count) as creator_count,
    toFloat64(rating_sum) / nullIf(rating_count, 0) as avg_rating,
    toUInt64(total_completed) as total_completed
from snapshots
where creator_count > 0
