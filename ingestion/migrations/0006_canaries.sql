-- What became of each canary: one row when the watch over it ended; null where it was not seen in time.
CREATE TABLE IF NOT EXISTS raw.canaries
(
    event_id UUID,
    door LowCardinality(String),
    sent_at DateTime64(3, 'UTC'),
    accepted_at Nullable(DateTime64(3, 'UTC')),
    stored_at Nullable(DateTime64(3, 'UTC')),
    published_at Nullable(DateTime64(3, 'UTC')),
    served_at Nullable(DateTime64(3, 'UTC')),
    watched_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (sent_at, door)
TTL toDateTime(sent_at) + INTERVAL 30 DAY;
