-- Names the batch in the ledger: from here on its events count. The numbers are counted from what is
-- stored, except `received`, which the client counted; the table's constraint refuses a batch that
-- does not add up. Nothing is written if the ledger has gone on since its last commit was read, for what
-- is a first receipt was decided by it. What is known through when is told by others than canaries.
INSERT INTO raw.batches
SELECT
    {last_commit:UInt64} + 1 AS commit_seq,
    {batch_seq:UInt64} AS batch_seq,
    {batch_id:String} AS batch_id,
    {source:String} AS source,
    {origin:String} AS origin,
    {received:UInt64} AS received,
    (SELECT count() FROM raw.receipts WHERE batch_seq = {batch_seq:UInt64}) AS stored,
    (SELECT count() FROM raw.duplicates WHERE batch_seq = {batch_seq:UInt64}) AS duplicates,
    (SELECT count() FROM raw.quarantine WHERE batch_seq = {batch_seq:UInt64}) AS quarantined,
    (SELECT minOrNull(occurred_at) FROM raw.events WHERE batch_seq = {batch_seq:UInt64} AND NOT is_canary) AS first_occurred_at,
    (SELECT maxOrNull(occurred_at) FROM raw.events WHERE batch_seq = {batch_seq:UInt64} AND NOT is_canary) AS last_occurred_at,
    {started_at:DateTime64(3, 'UTC')} AS started_at,
    now64(3, 'UTC') AS landed_at
WHERE (SELECT max(commit_seq) FROM raw.batches) = {last_commit:UInt64}
