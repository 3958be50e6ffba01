with activity as (
    select *
    from {{ ref('int_activity__daily') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        role,
        plan_tier,
        countIf(is_new) as new_users,
        count() as active_users,
        sum(signins) as signins,
        groupBitmapState(user_number) as user_numbers
    from activity
    group by
        date,
        role,
        plan_tier
)

select * from counted
