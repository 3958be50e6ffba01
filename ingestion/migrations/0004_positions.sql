-- How far a source that is asked, and does not send, has been read: a table up to an instant, an object of a
-- bucket in one of its versions. A position names the last entry of the ledger when it was noted and counts only
-- while the ledger holds that entry: with a ledger restored to an earlier state, earlier positions count again.
CREATE TABLE IF NOT EXISTS raw.positions
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
ENGINE = MergeTree
ORDER BY (source, name, noted_at);
