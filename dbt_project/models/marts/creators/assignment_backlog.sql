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

opened as (
    select
        *,
        is_created and (not is_completed or completed_date > created_date) as is_open,
        overdue_date is not null
        and (not is_completed or coalesce(overdue_date < completed_date, false)) as is_late
    from assignments
),

-- What each assignment does to the counts, and on which days: created, completed, open, overdue.
steps as (
    select
        arrayJoin(arrayConcat(
            if(is_created, [(created_date, toInt64(1), toInt64(0), toInt64(is_open), toInt64(0))], []),
            if(is_completed, [(completed_date, 0, 1, -toInt64(is_open), -toInt64(is_open and is_late))], []),
            if(is_open and is_late, [(assumeNotNull(overdue_date), 0, 0, 0, 1)], [])
        )) as step
    from opened
),

daily as (
    select
        step.1 as date,
        sum(step.2) as created_today,
        sum(step.3) as completed_today,
        sum(step.4) as opened_today,
        sum(step.5) as overdue_today
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
