-- What can be asked of the marts, by fingerprint of the models: metrics, dimensions and what they join on, as one JSON
-- document; written by the build that first publishes with it, so that readers need neither dbt nor its files.
CREATE TABLE IF NOT EXISTS marts.semantics
(
    code String,
    written_at DateTime64(3, 'UTC'),
    catalog String
)
ENGINE = MergeTree
ORDER BY code
TTL toDateTime(written_at) + INTERVAL 730 DAY;
