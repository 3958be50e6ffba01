with moves as (
    select *
    from {{ ref('int_users__moved') }}
),

days as (
    {{ days_of_populations('moves') }}
),

filled as (
    select
        days.date as date,
        days.role as role,
        days.plan_tier as plan_tier,
        moves.users_moved as users_moved
    from days
    left join moves
        on
            days.date = moves.date
            and days.role = moves.role
            and days.plan_tier = moves.plan_tier
),

counted as (
    select
        date,
        role,
        plan_tier,
        toUInt64(sum(users_moved) over (
            partition by role, plan_tier
            order by date asc rows between unbounded preceding and current row
        )) as users
    from filled
)

select
    date,
    role,
    plan_tier,
    users
from counted
