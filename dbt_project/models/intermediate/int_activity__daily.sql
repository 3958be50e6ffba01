with user_days as (
    select *
    from {{ ref('int_activity__counted') }}
    where {{ restated('date') }}
),

users as (
    select *
    from {{ ref('int_users__numbered') }}
    where user_number in (select user_days.user_number from user_days)
),

user_plans as (
    select *
    from {{ ref('int_user_plans__dated') }}
    where user_id in (select users.user_id from users)
),

numbered_plans as (
    select
        users.user_number as user_number,
        user_plans.valid_from as valid_from,
        user_plans.role as role,
        user_plans.plan_tier as plan_tier,
        user_plans.signup_date as signup_date,
        true as is_signed_up
    from user_plans
    inner join users on user_plans.user_id = users.user_id
),

characterised as (
    select
        user_days.date as date,
        user_days.user_number as user_number,
        if(numbered_plans.is_signed_up, numbered_plans.role, 'unknown') as role,
        if(numbered_plans.is_signed_up, numbered_plans.plan_tier, 'unknown') as plan_tier,
        numbered_plans.is_signed_up and numbered_plans.signup_date = user_days.date as is_new,
        if(numbered_plans.is_signed_up, numbered_plans.signup_date, toDate(0)) as signup_date,
        user_days.signins as signins,
        user_days.quarters as quarters,
        user_days.signup_quarter as signup_quarter
    from user_days
    asof left join numbered_plans
        on
            user_days.user_number = numbered_plans.user_number
            and toDate32(user_days.date) >= numbered_plans.valid_from
)

select * from characterised
