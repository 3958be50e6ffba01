-- What the marts are made of, by fingerprint of the models: written by the build that first publishes with it, so
-- that readers need neither dbt nor its files.
CREATE TABLE IF NOT EXISTS marts.models
(
    code String,
    written_at DateTime64(3, 'UTC'),
    name LowCardinality(String),
    kind Enum8('mart' = 1, 'intermediate' = 2, 'staging' = 3, 'seed' = 4, 'raw' = 5, 'exposure' = 6),
    description String,
    grain Array(String),
    columns Array(Tuple(name String, type String, description String)),
    event_types Array(String),
    reads_all_events Bool,
    parents Array(String),
    ancestors Array(String)
)
ENGINE = MergeTree
ORDER BY (code, kind, name)
TTL toDateTime(written_at) + INTERVAL 730 DAY;
