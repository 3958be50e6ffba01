-- Quarantined lines that have been handed to the landing again; what became of them is in the newer batch.
CREATE TABLE IF NOT EXISTS raw.replays
(
    batch_seq UInt64,
    received_seq UInt64,
    replayed_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (batch_seq, received_seq);
