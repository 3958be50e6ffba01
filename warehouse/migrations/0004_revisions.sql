-- What each publication changed: for every dated mart, the days and columns whose sum is another than in the
-- generation before. What only the passing of time brings is kept for a month, corrections for two years.
CREATE TABLE IF NOT EXISTS marts.revisions
(
    generation UInt64,
    previous UInt64,
    published_at DateTime64(3, 'UTC'),
    mart LowCardinality(String),
    date Date,
    column LowCardinality(String),
    old Decimal(38, 6),
    new Decimal(38, 6),
    delta Decimal(38, 6) ALIAS new - old,
    causes Array(LowCardinality(String))
)
ENGINE = MergeTree
ORDER BY (generation, mart, date, column)
TTL
    toDateTime(published_at) + INTERVAL 30 DAY DELETE WHERE causes = ['new_events'],
    toDateTime(published_at) + INTERVAL 730 DAY DELETE WHERE causes != ['new_events'];
