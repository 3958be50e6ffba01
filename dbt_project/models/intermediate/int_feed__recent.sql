with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

events as (
    select *
    from {{ ref('stg_events') }}
    where
        {{ restated('date') }}
        and date > (select max(calendar.date) - 7 from calendar)
        and event_type not in (
            'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
        )
),

recent as (
    select
        date,
        occurred_at,
        event_id,
        event_type,
        user_id,
        properties
    from events
)

select * from recent
