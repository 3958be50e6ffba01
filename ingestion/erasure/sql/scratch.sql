-- The rows being rewritten, as they will be. A mutation looks them up by number, so that neither its text, which
-- ClickHouse keeps on disk, nor this table names anybody.
CREATE TABLE raw.erasing
(
    received_seq UInt64,
    user_id String,
    session_id String,
    context Map(LowCardinality(String), String),
    properties Map(LowCardinality(String), String)
)
ENGINE = Join(ANY, LEFT, received_seq)
