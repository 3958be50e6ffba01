with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where is_assignment
),

assignments as (
    select
        creation.id != '' as is_created,
        creation.date as created_date,
        completion.id != '' as is_completed,
        completion.date as completed_date,
        -- Midnight after a deadline is the first end of a day to find it missed; Date ends in 2149.
        if(
            creation.due_at is null, null,
            toDate(least(
                greatest(creation.at, assumeNotNull(creation.due_at)),
                toDateTime64('2149-06-01 00:00:00', 3, 'UTC')
            ))
        ) as overdue_date
    from known_assignments
),

open_from as (
    select
        created_date,
        is_completed,
        completed_date,
        overdue_date
    from assignments
    where is_created and (not is_completed or completed_date > created_date)
),

steps as (
    select
        created_date as date,
        1 as created,
        0 as completed,
        0 as opened,
        0 as fell_overdue
    from assignments
    where is_created
    union all
    select
        completed_date as date,
        0 as created,
        1 as completed,
        0 as opened,
        0 as fell_overdue
    from assignments
    where is_completed
    union all
    select
        created_date as date,
        0 as created,
        0 as completed,
        1 as opened,
        0 as fell_overdue
    from open_from
    union all
    select
        assumeNotNull(overdue_date) as date,
        0 as created,
        0 as completed,
        0 as opened,
        1 as fell_overdue
    from open_from
    where overdue_date is not null and (not is_completed or overdue_date < completed_date)
    union all
    select
        completed_date as date,
        0 as created,
        0 as completed,
        -1 as opened,
        if(coalesce(overdue_date < completed_date, false), -1, 0) as fell_overdue
    from open_from
    where is_completed
),

daily as (
    select
        date,
        sum(created) as created_today,
        sum(completed) as completed_today,
        sum(opened) as opened_today,
        sum(fell_overdue) as overdue_today
    from steps
    group by date
),

running as (
    select
        calendar.date as date,
        daily.created_today as created,
        daily.completed_today as completed,
        sum(daily.opened_today) over so_far as open,
        sum(daily.overdue_today) over so_far as overdue
    from calendar
    left join daily on calendar.date = daily.date
    window so_far as (order by calendar.date asc rows between unbounded preceding and current row)
)

select
    date,
    toUInt64(created) as created,
    toUInt64(completed) as completed,
    toUInt64(open) as open,
    toUInt64(overdue) as overdue
from running
