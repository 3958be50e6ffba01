{{ config(materialized='view') }}

with new_users as (
    select *
    from {{ ref('int_active_users__by_plan') }}
    where new_users > 0
),

plan_changes as (
    select *
    from {{ folded('int_plan_changes__folded') }}
),

signups as (
    select *
    from {{ ref('int_users__signed_up') }}
    where user_id in (select plan_changes.user_id from plan_changes)
),

changes as (
    select
        plan_changes.date as date,
        signups.role as role,
        signups.signup_date as signup_date,
        signups.plan_tier as first_plan,
        lagInFrame(toNullable(plan_changes.last_change.to_plan)) over (
            partition by plan_changes.user_id
            order by plan_changes.date asc rows between unbounded preceding and current row
        ) as previous_plan,
        plan_changes.last_change.to_plan as to_plan
    from plan_changes
    inner join signups on plan_changes.user_id = signups.user_id
),

-- Changes up to the day of the signup are in the plan of that day already.
later_changes as (
    select
        date,
        role,
        coalesce(previous_plan, first_plan) as from_plan,
        to_plan
    from changes
    where date > signup_date
),

moves as (
    select
        date,
        role,
        plan_tier,
        toInt64(new_users) as users
    from new_users
    union all
    select
        date,
        role,
        from_plan as plan_tier,
        toInt64(-1) as users
    from later_changes
    union all
    select
        date,
        role,
        to_plan as plan_tier,
        toInt64(1) as users
    from later_changes
),

moved as (
    select
        date,
        role,
        plan_tier,
        sum(users) as users_moved
    from moves
    group by
        date,
        role,
        plan_tier
)

select * from moved
