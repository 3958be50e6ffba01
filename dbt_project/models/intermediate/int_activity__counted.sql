with events as (
    select *
    from {{ ref('stg_events') }}
    where is_activity and {{ restated('date') }}
),

users as (
    select *
    from {{ ref('int_users__numbered') }}
    where user_id in (select events.user_id from events)
),

counted as (
    select
        events.date as date,
        users.user_number as user_number,
        countIf(events.event_type = 'user.signin') as signins,
        arraySort(groupUniqArray({{ quarter_of_day('events.occurred_at') }})) as quarters,
        minIf({{ quarter_of_day('events.occurred_at') }}, events.event_type = 'user.signup') as signup_quarter
    from events
    inner join users on events.user_id = users.user_id
    group by
        events.date,
        users.user_number
)

select * from counted
