with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

daily_counts as (
    select *
    from {{ ref('int_active_users__by_plan') }}
),

populations as (
    select
        role,
        plan_tier,
        min(date) as first_date
    from daily_counts
    group by
        role,
        plan_tier
),

days as (
    select
        calendar.date as date,
        populations.role as role,
        populations.plan_tier as plan_tier
    from calendar
    cross join populations
    where calendar.date >= populations.first_date
),

filled as (
    select
        days.date as date,
        days.role as role,
        days.plan_tier as plan_tier,
        daily_counts.new_users as new_users,
        daily_counts.active_users as active_users,
        daily_counts.signins as signins
    from days
    left join daily_counts
        on
            days.date = daily_counts.date
            and days.role = daily_counts.role
            and days.plan_tier = daily_counts.plan_tier
)

select
    date,
    role,
    plan_tier,
    new_users,
    active_users,
    signins
from filled
