with events as (
    select *
    from {{ ref('stg_events') }}
),

span as (
    select
        min(date) as first_date,
        max(date) as last_date
    from events
    having count() > 0
),

filled as (
    select addDays(first_date, arrayJoin(range(toUInt64(last_date - first_date + 1)))) as date
    from span
)

select * from filled
