with signups as (
    select *
    from {{ ref('int_users__signed_up') }}
),

plan_changes as (
    select
        user_id,
        argMax(last_change.to_plan, last_change) as to_plan
    from {{ folded('int_plan_changes__folded') }}
    group by user_id
),

told as (
    select
        signups.user_id as user_id,
        signups.role as role,
        if(plan_changes.to_plan != '', plan_changes.to_plan, signups.plan_tier) as plan_tier,
        signups.country as country,
        signups.signup_date as date,
        signups.signed_up_at as signed_up_at
    from signups
    left join plan_changes on signups.user_id = plan_changes.user_id
)

select
    user_id,
    role,
    plan_tier,
    country,
    date,
    signed_up_at
from told
