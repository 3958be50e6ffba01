with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

counts as (
    select *
    from {{ ref('int_marketplace__daily') }}
),

fraud as (
    select
        date,
        sum(duplicates_blocked) as all_duplicates,
        sum(confirmed) as all_confirmed
    from {{ ref('fraud_metrics') }}
    group by date
),

signups as (
    select
        date,
        sum(new_users) as all_new_users
    from {{ ref('int_active_users__by_plan') }}
    group by date
),

known_flags as (
    select *
    from {{ folded('int_flags__folded') }}
),

flags as (
    select
        creation.date as created_date,
        resolution.id != '' as is_resolved,
        resolution.date as resolved_date
    from known_flags
    where creation.id != '' and (resolution.id = '' or resolution.date > creation.date)
),

steps as (
    select
        created_date as date,
        1 as pending
    from flags
    union all
    select
        resolved_date as date,
        -1 as pending
    from flags
    where is_resolved
),

daily as (
    select
        date,
        sum(pending) as pending_today
    from steps
    group by date
),

running as (
    select
        calendar.date as date,
        counts.accounts_suspended as accounts_suspended,
        fraud.all_duplicates as duplicates_blocked,
        fraud.all_confirmed as confirmed,
        signups.all_new_users as new_users,
        sum(daily.pending_today) over so_far as flags_pending
    from calendar
    left join counts on calendar.date = counts.date
    left join fraud on calendar.date = fraud.date
    left join signups on calendar.date = signups.date
    left join daily on calendar.date = daily.date
    window so_far as (order by calendar.date asc rows between unbounded preceding and current row)
)

select
    date,
    accounts_suspended,
    duplicates_blocked,
    new_users,
    duplicates_blocked / nullIf(duplicates_blocked + new_users, 0) as duplicate_detection_rate,
    confirmed as flags_confirmed,
    duplicates_blocked / nullIf(duplicates_blocked + confirmed, 0) as fraud_prevention_rate,
    toUInt64(flags_pending) as flags_pending
from running
