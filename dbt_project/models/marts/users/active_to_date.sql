with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
    where {{ restated('date', before=366) }}
),

active_users as (
    select
        date,
        role,
        groupBitmapMergeState(user_numbers) as user_numbers
    from {{ ref('int_active_users__by_plan') }}
    where {{ restated('date', before=366) }}
    group by
        date,
        role
),

roles as (
    select distinct role
    from active_users
),

days as (
    select
        toDate(calendar.date) as date,
        roles.role as role
    from calendar
    cross join roles
),

dense as (
    select
        days.date as date,
        days.role as role,
        active_users.user_numbers as user_numbers
    from days
    left join active_users on days.date = active_users.date and days.role = active_users.role
),

running as (
    select
        date,
        role,
        toUInt64(groupBitmapMerge(user_numbers) over (
            partition by role, toMonday(date) order by date asc
        )) as active_this_week,
        toUInt64(groupBitmapMerge(user_numbers) over (
            partition by role, toStartOfMonth(date) order by date asc
        )) as active_this_month,
        toUInt64(groupBitmapMerge(user_numbers) over (
            partition by role, toStartOfQuarter(date) order by date asc
        )) as active_this_quarter,
        toUInt64(groupBitmapMerge(user_numbers) over (
            partition by role, toStartOfYear(date) order by date asc
        )) as active_this_year
    from dense
)

select
    date,
    role,
    active_this_week,
    active_this_month,
    active_this_quarter,
    active_this_year
from running
where {{ restated('date') }} and active_this_week + active_this_year > 0
