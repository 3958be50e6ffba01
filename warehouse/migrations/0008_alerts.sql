-- What each look at the rules of alerts came to: a row per rule, or per cause where it has any. The latest look is the
-- alert configuration as it is in force; the earlier ones tell when what has fired. Who was told is kept in the home,
-- which is there when ClickHouse is not.
CREATE TABLE IF NOT EXISTS marts.alerts
(
    evaluated_at DateTime64(3, 'UTC'),
    rule LowCardinality(String),
    cause String,
    state Enum8('ok' = 1, 'pending' = 2, 'held' = 3, 'firing' = 4, 'unknown' = 5),
    severity LowCardinality(String),
    condition LowCardinality(String),
    runbook LowCardinality(String),
    since Nullable(DateTime64(3, 'UTC')),
    notified_at Nullable(DateTime64(3, 'UTC')),
    value Nullable(Float64),
    detail String
)
ENGINE = MergeTree
ORDER BY (evaluated_at, rule, cause)
TTL toDateTime(evaluated_at) + INTERVAL 30 DAY;

-- Vital signs of the running stack, a row for each figure of each look.
CREATE TABLE IF NOT EXISTS marts.vitals
(
    measured_at DateTime64(3, 'UTC'),
    topic LowCardinality(String),
    subject LowCardinality(String),
    figure LowCardinality(String),
    value Float64,
    detail String
)
ENGINE = MergeTree
ORDER BY (measured_at, topic, subject, figure)
TTL toDateTime(measured_at) + INTERVAL 7 DAY;
