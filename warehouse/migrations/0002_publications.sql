-- What a build may see: one row per build, written before dbt starts.
CREATE TABLE IF NOT EXISTS build.horizon
(
    opened_at DateTime64(6, 'UTC'),
    commit_seq UInt64
)
ENGINE = MergeTree
ORDER BY opened_at
TTL toDateTime(opened_at) + INTERVAL 30 DAY;

-- The pointer: readers follow the row with the largest sequence.
CREATE TABLE IF NOT EXISTS marts.publications
(
    sequence UInt64,
    generation UInt64,
    database String,
    action Enum8('publish' = 1, 'rollback' = 2),
    published_at DateTime64(3, 'UTC'),
    complete_through Nullable(DateTime64(3, 'UTC')),
    commit_seq UInt64,
    code String,
    run_id String,
    tests_passed UInt32,
    tests_failed UInt32
)
ENGINE = MergeTree
ORDER BY sequence;
