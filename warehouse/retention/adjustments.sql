-- Events of closed days that no earlier generation has shown.
INSERT INTO marts.adjustments (generation, date, closed_date, event_type, events)
SELECT
    {generation:UInt64},
    date,
    assumeNotNull(closed_date) AS closed_day,
    event_type,
    count()
FROM build.stg_events
WHERE commit_seq > {after:UInt64} AND closed_date IS NOT NULL
GROUP BY date, closed_day, event_type
