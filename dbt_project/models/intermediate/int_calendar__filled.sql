with span as (
    {{ known_span(ref('stg_events'), ref('stg_closings')) }}
),

filled as (
    select addDays(first_date, arrayJoin(range(toUInt64(last_date - first_date + 1)))) as date
    from span
)

select * from filled
