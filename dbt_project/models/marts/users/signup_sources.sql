-- An earlier signup takes a user from the day of a later one; that day is mended there first.
-- depends_on: {{ ref('int_active_users__by_plan') }}
with signups as (
    select *
    from {{ ref('stg_signups') }}
    where {{ restated('date') }}
),

first_signups as (
    select *
    from {{ folded('int_signups__folded') }}
    where user_id in (select signups.user_id from signups)
),

counted as (
    select
        signups.date as date,
        signups.method as method,
        signups.country as country,
        count() as users
    from signups
    inner join first_signups on signups.user_id = first_signups.user_id
    where first_signups.first_signup.id = toString(signups.event_id)
    group by
        signups.date,
        signups.method,
        signups.country
)

select
    date,
    method,
    country,
    users as signups
from counted
