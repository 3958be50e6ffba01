with user_days as (
    select *
    from {{ ref('int_activity__daily') }}
    where {{ restated('date') }}
),

user_quarters as (
    select
        toDateTime64(user_days.date, 3, 'UTC') + toIntervalMinute(15 * quarter) as quarter_at,
        user_days.role as role,
        user_days.plan_tier as plan_tier,
        user_days.user_number as user_number,
        user_days.is_new and quarter = user_days.signup_quarter as is_new
    from user_days
    array join user_days.quarters as quarter
),

counted as (
    select
        quarter_at,
        role,
        plan_tier,
        countIf(is_new) as new_users,
        count() as active_users,
        arraySort(groupArray(user_number)) as user_numbers
    from user_quarters
    group by
        quarter_at,
        role,
        plan_tier
)

select
    quarter_at,
    role,
    plan_tier,
    new_users,
    active_users,
    user_numbers
from counted
