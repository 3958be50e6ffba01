-- Day by day: those there are by role and plan, those who came until then, and those whose source is known.
with there as (
    select
        date,
        sum(users) as users
    from {{ ref('user_counts') }}
    group by date
),

days as (
    select
        date,
        new_users,
        sum(new_users) over (order by date asc rows between unbounded preceding and current row) as users
    from {{ ref('daily_metrics') }}
),

sources as (
    select
        date,
        sum(signups) as users
    from {{ ref('signup_sources') }}
    group by date
),

acquired as (
    select
        date,
        sum(signups) as users
    from {{ ref('user_acquisition') }}
    group by date
)

select
    days.date as date,
    days.users as expected,
    there.users as users_there,
    days.new_users as expected_new,
    sources.users as users_by_source,
    acquired.users as users_by_role
from days
left join there on days.date = there.date
left join sources on days.date = sources.date
left join acquired on days.date = acquired.date
where
    days.users != there.users
    or days.new_users != sources.users
    or days.new_users != acquired.users
