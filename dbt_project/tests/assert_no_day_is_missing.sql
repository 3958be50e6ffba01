-- A day less than the span of the events, or a last day that is not theirs.
with events as (
    {{ known_span(ref('stg_events'), ref('stg_closings')) }}
),

days as (
    select
        min(date) as first_date,
        max(date) as last_date,
        count() as day_count
    from {{ ref('daily_metrics') }}
)

select
    events.first_date as first_event_date,
    events.last_date as last_event_date,
    days.first_date as first_day,
    days.last_date as last_day,
    days.day_count as day_count
from events
cross join days
where
    events.first_date != days.first_date
    or events.last_date != days.last_date
    or days.day_count != events.last_date - events.first_date + 1
