with signed_up as (
    select count() as users
    from {{ ref('int_users__signed_up') }}
),

by_role_and_plan as (
    select sum(new_users) as users
    from {{ ref('user_metrics') }}
),

by_day as (
    select sum(new_users) as users
    from {{ ref('daily_metrics') }}
)

select
    signed_up.users as signed_up_users,
    by_role_and_plan.users as users_by_role_and_plan,
    by_day.users as users_by_day
from signed_up
cross join by_role_and_plan
cross join by_day
where
    signed_up.users != by_role_and_plan.users
    or signed_up.users != by_day.users
