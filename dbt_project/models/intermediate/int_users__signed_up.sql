{{ config(materialized='view') }}

with signups as (
    select *
    from {{ folded('int_signups__folded') }}
),

renamed as (
    select
        user_id,
        first_signup.role as role,
        first_signup.plan_tier as plan_tier,
        first_signup.country as country,
        first_signup.at as signed_up_at,
        first_signup.date as signup_date
    from signups
)

select * from renamed
