with signups as (
    select *
    from {{ ref('int_users__signed_up') }}
),

plan_changes as (
    select *
    from {{ ref('stg_plan_changes') }}
),

versions as (
    select
        user_id,
        role,
        signup_date,
        plan_tier,
        toDate('1970-01-01') as valid_from,
        -- Before any change, even one on the very first day there can be.
        (toDateTime64('1900-01-01 00:00:00', 3, 'UTC'), '') as version_order
    from signups
    union all
    select
        plan_changes.user_id as user_id,
        signups.role as role,
        signups.signup_date as signup_date,
        plan_changes.to_plan as plan_tier,
        plan_changes.date as valid_from,
        {{ event_order() }} as version_order
    from plan_changes
    inner join signups on plan_changes.user_id = signups.user_id
),

last_of_day as (
    select
        user_id,
        valid_from,
        any(role) as role,
        any(signup_date) as signup_date,
        argMax(plan_tier, version_order) as plan_tier
    from versions
    group by
        user_id,
        valid_from
)

select * from last_of_day
