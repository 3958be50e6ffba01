-- Events that an erasure has rewritten since the last publication: what they reach is built anew by the next one.
CREATE TABLE IF NOT EXISTS build.rewritten
(
    event_id UUID,
    event_type LowCardinality(String),
    date Date,
    rewritten_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (event_type, date, event_id);
