{{ config(materialized='view') }}

with signups as (
    select *
    from {{ ref('int_users__signed_up') }}
),

plan_changes as (
    select *
    from {{ folded('int_plan_changes__folded') }}
),

changed as (
    select
        plan_changes.user_id as user_id,
        plan_changes.date as valid_from,
        signups.role as role,
        signups.signup_date as signup_date,
        plan_changes.last_change.to_plan as plan_tier
    from plan_changes
    inner join signups on plan_changes.user_id = signups.user_id
),

versions as (
    select
        user_id,
        -- Before any change, even one on the very first day there can be.
        toDate32('1969-12-31') as valid_from,
        role,
        signup_date,
        plan_tier
    from signups
    union all
    select
        user_id,
        toDate32(valid_from) as valid_from,
        role,
        signup_date,
        plan_tier
    from changed
)

select * from versions
