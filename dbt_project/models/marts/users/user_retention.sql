with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

daily_counts as (
    select *
    from {{ ref('int_active_users__by_plan') }}
),

retained as (
    select *
    from {{ ref('int_retention__weekly') }}
),

horizon as (
    select max(date) as last_date
    from calendar
),

cohorts as (
    select
        toMonday(date) as cohort_week,
        toRelativeWeekNum(any(date)) as cohort_number,
        sum(new_users) as cohort_size
    from daily_counts
    where new_users > 0
    group by toMonday(date)
),

weeks as (
    select
        cohorts.cohort_week as cohort_week,
        cohorts.cohort_size as cohort_size,
        arrayJoin(range(toUInt32(
            toRelativeWeekNum(horizon.last_date) - cohorts.cohort_number + 1
        ))) as week_number
    from cohorts
    cross join horizon
),

filled as (
    select
        weeks.cohort_week as cohort_week,
        weeks.week_number as week_number,
        weeks.cohort_size as cohort_size,
        retained.retained_users as retained_users
    from weeks
    left join retained
        on weeks.cohort_week = retained.cohort_week and weeks.week_number = retained.week_number
)

select
    cohort_week,
    week_number,
    cohort_size,
    retained_users,
    retained_users / cohort_size as retention_rate
from filled
