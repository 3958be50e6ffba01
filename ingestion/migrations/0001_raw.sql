-- Raw: what was received, as it was judged on arrival. One INSERT into raw.landing per batch;
-- the two views below split it. Rows of a batch count only once the ledger (raw.batches) names it.

CREATE TABLE IF NOT EXISTS raw.events
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
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (event_type, occurred_at, event_id)
-- Merge in larger steps: while much lands, merging would take half of the work.
SETTINGS merge_selector_base = 15;

CREATE TABLE IF NOT EXISTS raw.quarantine
(
    batch_seq UInt64,
    received_seq UInt64,
    source LowCardinality(String),
    reason LowCardinality(String),
    original String CODEC(ZSTD(3)),
    received_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (batch_seq, received_seq);

CREATE TABLE IF NOT EXISTS raw.landing
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

CREATE MATERIALIZED VIEW IF NOT EXISTS raw.landing_to_events TO raw.events AS
SELECT
    event_id, event_type, occurred_at, user_id, session_id, source, context, properties,
    batch_seq, received_seq, received_at
FROM raw.landing
WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS raw.landing_to_quarantine TO raw.quarantine AS
SELECT batch_seq, received_seq, source, reason, original, received_at
FROM raw.landing
WHERE reason != '';

-- First receipts: which receipt of an event_id is the one that counts. Written when a batch is admitted.
CREATE TABLE IF NOT EXISTS raw.receipts
(
    event_id UUID,
    received_seq UInt64,
    batch_seq UInt64,
    INDEX batch batch_seq TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
ORDER BY event_id
SETTINGS index_granularity = 1024, merge_selector_base = 15;

-- Later receipts of an event_id already known: kept in raw.events, excluded by staging.
CREATE TABLE IF NOT EXISTS raw.duplicates
(
    event_id UUID,
    received_seq UInt64,
    batch_seq UInt64
)
ENGINE = MergeTree
ORDER BY (batch_seq, received_seq);

-- The ledger: received = stored + duplicates + quarantined, exactly, for every batch.
CREATE TABLE IF NOT EXISTS raw.batches
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
ENGINE = MergeTree
ORDER BY commit_seq;
