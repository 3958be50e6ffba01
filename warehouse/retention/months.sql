-- The months with events, and what came lately of each.
SELECT
    toStartOfMonth(date) AS month,
    count() AS events,
    countIf(batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches WHERE landed_at > {since:DateTime64(3, 'UTC')})) AS late
FROM build.stg_events
GROUP BY month
ORDER BY month
