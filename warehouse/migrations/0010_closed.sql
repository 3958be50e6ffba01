-- Months that are closed: their events have left, what was made of them is kept (ADR 18). `closed` holds the rows of
-- the models that read events, as they were when the last month was closed.
CREATE DATABASE IF NOT EXISTS closed;

-- One row per closing: days before `closed_before` no longer change for events of commits after `commit_seq`. The span of
-- the days there were stays known though their events are gone.
CREATE TABLE IF NOT EXISTS build.closings
(
    closed_before Date,
    commit_seq UInt64,
    first_date Date,
    last_date Date,
    closed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY closed_before;

-- Partitions that have left, for those who compare what is there with what came.
CREATE TABLE IF NOT EXISTS build.departures
(
    table_name LowCardinality(String),
    partition_id String,
    rows UInt64,
    bytes UInt64,
    left_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (table_name, partition_id);

-- What came for closed days and was booked when it came: told by the publication that shows it first.
CREATE TABLE IF NOT EXISTS marts.adjustments
(
    generation UInt64,
    date Date,
    closed_date Date,
    event_type LowCardinality(String),
    events UInt64,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (generation, date, closed_date, event_type);
