with signups as (
    select *
    from {{ ref('stg_signups') }}
),

first_signups as (
    select
        user_id,
        argMin((role, plan_tier, date), {{ event_order() }}) as first_signup
    from signups
    group by user_id
),

renamed as (
    select
        user_id,
        first_signup.1 as role,
        first_signup.2 as plan_tier,
        first_signup.3 as signup_date
    from first_signups
)

select * from renamed
