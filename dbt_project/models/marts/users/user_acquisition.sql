with started as (
    select
        date,
        role,
        count() as signups_started
    from {{ ref('stg_signups_started') }}
    where {{ restated('date') }}
    group by
        date,
        role
),

signed_up as (
    select
        date,
        role,
        sum(new_users) as signups
    from {{ ref('int_active_users__by_plan') }}
    where new_users > 0 and {{ restated('date') }}
    group by
        date,
        role
),

steps as (
    select
        date,
        role,
        signups_started as forms,
        toUInt64(0) as accounts
    from started
    union all
    select
        date,
        role,
        toUInt64(0) as forms,
        signups as accounts
    from signed_up
),

counted as (
    select
        date,
        role,
        sum(forms) as signups_started,
        sum(accounts) as signups
    from steps
    group by
        date,
        role
)

select
    date,
    role,
    signups_started,
    signups,
    signups / nullIf(signups_started, 0) as conversion_rate
from counted
