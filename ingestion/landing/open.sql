-- A new attempt at a batch: its number and clock, what the ledger already says of the batch,
-- and the ledger's last commit.
SELECT
    generateSnowflakeID() AS batch_seq,
    now64(3, 'UTC') AS started_at,
    (
        SELECT groupArray((commit_seq, batch_seq, received, stored, duplicates, quarantined))
        FROM raw.batches
        WHERE batch_id = {batch_id:String}
    ) AS entries,
    (SELECT max(commit_seq) FROM raw.batches) AS last_commit
