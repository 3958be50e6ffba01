with by_role_and_plan as (
    select
        date,
        sum(active_users) as users,
        sumIf(active_users, role = 'uploader') as uploaders,
        sumIf(active_users, role = 'creator') as creators
    from {{ ref('user_metrics') }}
    group by date
),

by_day as (
    select
        date,
        active_users,
        active_uploaders,
        active_creators
    from {{ ref('daily_metrics') }}
)

select by_day.date as date
from by_day
left join by_role_and_plan on by_day.date = by_role_and_plan.date
where
    by_day.active_users != by_role_and_plan.users
    or by_day.active_uploaders != by_role_and_plan.uploaders
    or by_day.active_creators != by_role_and_plan.creators
