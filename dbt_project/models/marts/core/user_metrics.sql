with daily_counts as (
    select *
    from {{ ref('int_active_users__by_plan') }}
),

days as (
    {{ days_of_populations('daily_counts') }}
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
