CREATE DATABASE IF NOT EXISTS raw ON CLUSTER `analytics`;

CREATE DATABASE IF NOT EXISTS build ON CLUSTER `analytics`;

CREATE DATABASE IF NOT EXISTS marts ON CLUSTER `analytics`;

CREATE DATABASE IF NOT EXISTS warehouse ON CLUSTER `analytics`;

CREATE TABLE IF NOT EXISTS warehouse.migrations ON CLUSTER `analytics`
(
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY name
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS build.horizon ON CLUSTER `analytics`
(
    opened_at DateTime64(6, 'UTC'),
    commit_seq UInt64
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY opened_at
TTL toDateTime(opened_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.publications ON CLUSTER `analytics`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY sequence
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE build.horizon ADD COLUMN IF NOT EXISTS built_through UInt64;

CREATE TABLE IF NOT EXISTS build.evidence ON CLUSTER `analytics`
(
    kind Enum8('events' = 1, 'model' = 2),
    input LowCardinality(String),
    date Date,
    written_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (kind, input, date)
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS seeds Map(String, String);

CREATE TABLE IF NOT EXISTS marts.revisions ON CLUSTER `analytics`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (generation, mart, date, column)
TTL
    toDateTime(published_at) + INTERVAL 30 DAY DELETE WHERE causes = ['new_events'],
    toDateTime(published_at) + INTERVAL 730 DAY DELETE WHERE causes != ['new_events']
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.models ON CLUSTER `analytics`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (code, kind, name)
TTL toDateTime(written_at) + INTERVAL 730 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.semantics ON CLUSTER `analytics`
(
    code String,
    written_at DateTime64(3, 'UTC'),
    catalog String
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY code
TTL toDateTime(written_at) + INTERVAL 730 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS build.rewritten ON CLUSTER `analytics`
(
    event_id UUID,
    event_type LowCardinality(String),
    date Date,
    rewritten_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (event_type, date, event_id)
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.alerts ON CLUSTER `analytics`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (evaluated_at, rule, cause)
TTL toDateTime(evaluated_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.vitals ON CLUSTER `analytics`
(
    measured_at DateTime64(3, 'UTC'),
    topic LowCardinality(String),
    subject LowCardinality(String),
    figure LowCardinality(String),
    value Float64,
    detail String
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (measured_at, topic, subject, figure)
TTL toDateTime(measured_at) + INTERVAL 7 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS build.expectations ON CLUSTER `analytics`
(
    trained_at DateTime64(3, 'UTC'),
    metric String,
    date Date,
    expected Float64,
    usual_lower Float64,
    usual_upper Float64,
    lower Nullable(Float64),
    upper Nullable(Float64)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (trained_at, metric, date)
TTL toDateTime(trained_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS build.trainings ON CLUSTER `analytics`
(
    trained_at DateTime64(3, 'UTC'),
    generation UInt64,
    metric String,
    status String,
    days UInt32,
    learnt_through Nullable(Date),
    threshold Float64,
    direction String,
    model String,
    backtests UInt32,
    relative_error Nullable(Float64),
    coverage Nullable(Float64)
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (trained_at, metric)
TTL toDateTime(trained_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS trained_at Nullable(DateTime64(3, 'UTC'));

CREATE DATABASE IF NOT EXISTS closed ON CLUSTER `analytics`;

CREATE TABLE IF NOT EXISTS build.closings ON CLUSTER `analytics`
(
    closed_before Date,
    commit_seq UInt64,
    first_date Date,
    last_date Date,
    closed_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY closed_before
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS build.departures ON CLUSTER `analytics`
(
    table_name LowCardinality(String),
    partition_id String,
    rows UInt64,
    bytes UInt64,
    left_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (table_name, partition_id)
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS marts.adjustments ON CLUSTER `analytics`
(
    generation UInt64,
    date Date,
    closed_date Date,
    event_type LowCardinality(String),
    events UInt64,
    recorded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (generation, date, closed_date, event_type)
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS kept_from Map(String, Date);

CREATE TABLE IF NOT EXISTS raw.events__shard ON CLUSTER `analytics`
(
    event_id UUID,
    event_type LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    user_id String,
    session_id String,
    source LowCardinality(String),
    context Map(LowCardinality(String), String),
    properties Map(LowCardinality(String), String),
    batch_seq UInt64,
    received_seq UInt64 CODEC(Delta, LZ4),
    received_at DateTime64(3, 'UTC'),
    INDEX batch batch_seq TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
PARTITION BY toYYYYMM(received_at)
ORDER BY (event_type, occurred_at, event_id)

SETTINGS merge_selector_base = 15, replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS raw.events ON CLUSTER `analytics` AS raw.events__shard ENGINE = Distributed(`analytics`, `raw`, `events__shard`, toUInt32(toDate(occurred_at)));

CREATE TABLE IF NOT EXISTS raw.quarantine ON CLUSTER `analytics`
(
    batch_seq UInt64,
    received_seq UInt64,
    source LowCardinality(String),
    reason LowCardinality(String),
    original String CODEC(ZSTD(3)),
    received_at DateTime64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
PARTITION BY toYYYYMM(received_at)
ORDER BY (batch_seq, received_seq)
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS raw.landing ON CLUSTER `analytics`
(
    event_id UUID,
    event_type LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    user_id String,
    session_id String,
    source LowCardinality(String),
    context Map(LowCardinality(String), String),
    properties Map(LowCardinality(String), String),
    batch_seq UInt64,
    received_seq UInt64,
    received_at DateTime64(3, 'UTC'),
    reason LowCardinality(String),
    original String
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS raw.landing_to_events ON CLUSTER `analytics` TO raw.events AS
SELECT
    event_id, event_type, occurred_at, user_id, session_id, source, context, properties,
    batch_seq, received_seq, received_at
FROM raw.landing
WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS raw.landing_to_quarantine ON CLUSTER `analytics` TO raw.quarantine AS
SELECT batch_seq, received_seq, source, reason, original, received_at
FROM raw.landing
WHERE reason != '';

CREATE TABLE IF NOT EXISTS raw.receipts__shard ON CLUSTER `analytics`
(
    event_id UUID,
    received_seq UInt64,
    batch_seq UInt64,
    INDEX batch batch_seq TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}')
ORDER BY event_id
SETTINGS index_granularity = 1024, merge_selector_base = 15, replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS raw.receipts ON CLUSTER `analytics` AS raw.receipts__shard ENGINE = Distributed(`analytics`, `raw`, `receipts__shard`, cityHash64(event_id));

CREATE TABLE IF NOT EXISTS raw.duplicates ON CLUSTER `analytics`
(
    event_id UUID,
    received_seq UInt64,
    batch_seq UInt64
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (batch_seq, received_seq)
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS raw.batches ON CLUSTER `analytics`
(
    commit_seq UInt64,
    batch_seq UInt64,
    batch_id String,
    source LowCardinality(String),
    origin String,
    received UInt64,
    stored UInt64,
    duplicates UInt64,
    quarantined UInt64,
    first_occurred_at Nullable(DateTime64(3, 'UTC')),
    last_occurred_at Nullable(DateTime64(3, 'UTC')),
    started_at DateTime64(3, 'UTC'),
    landed_at DateTime64(3, 'UTC'),
    INDEX id batch_id TYPE bloom_filter GRANULARITY 1,
    CONSTRAINT ledger_adds_up CHECK received = stored + duplicates + quarantined
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY commit_seq
SETTINGS replicated_deduplication_window = 0;

CREATE TABLE IF NOT EXISTS raw.replays ON CLUSTER `analytics`
(
    batch_seq UInt64,
    received_seq UInt64,
    replayed_at DateTime64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (batch_seq, received_seq)
SETTINGS replicated_deduplication_window = 0;

CREATE VIEW IF NOT EXISTS raw.held ON CLUSTER `analytics` AS
SELECT *
FROM raw.quarantine
WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (SELECT received_seq FROM raw.replays);

CREATE TABLE IF NOT EXISTS raw.positions ON CLUSTER `analytics`
(
    source LowCardinality(String),
    name String,
    position String,
    rows UInt64,
    note String,
    commit_seq UInt64,
    batch_id String,
    noted_at DateTime64(6, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (source, name, noted_at)
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE raw.replays ADD COLUMN IF NOT EXISTS batch_id String;

CREATE OR REPLACE VIEW raw.held ON CLUSTER `analytics` AS
SELECT *
FROM raw.quarantine
WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (
        SELECT received_seq
        FROM raw.replays
        WHERE batch_id = '' OR batch_id IN (SELECT batch_id FROM raw.batches)
    );

CREATE TABLE IF NOT EXISTS raw.canaries ON CLUSTER `analytics`
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
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY (sent_at, door)
TTL toDateTime(sent_at) + INTERVAL 30 DAY
SETTINGS replicated_deduplication_window = 0;

ALTER TABLE raw.events__shard ON CLUSTER `analytics` ADD COLUMN IF NOT EXISTS is_canary Bool ALIAS startsWith(event_type, 'canary.');

ALTER TABLE raw.events ON CLUSTER `analytics` ADD COLUMN IF NOT EXISTS is_canary Bool ALIAS startsWith(event_type, 'canary.');

CREATE TABLE IF NOT EXISTS raw.erasures ON CLUSTER `analytics`
(
    tag UInt64,
    pseudonym String,
    erasure_id UUID,
    erased_at DateTime64(3, 'UTC')
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}')
ORDER BY tag
SETTINGS replicated_deduplication_window = 0;

CREATE OR REPLACE VIEW raw.held ON CLUSTER `analytics` AS
SELECT *
FROM raw.quarantine
WHERE original != ''
    AND batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (
        SELECT received_seq
        FROM raw.replays
        WHERE batch_id = '' OR batch_id IN (SELECT batch_id FROM raw.batches)
    );
