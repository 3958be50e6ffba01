-- The ledger's entry for the batch of each canary that has landed.
SELECT receipts.event_id AS event_id, batches.commit_seq AS commit_seq, batches.landed_at AS landed_at
FROM raw.receipts AS receipts
GLOBAL INNER JOIN raw.batches AS batches ON batches.batch_seq = receipts.batch_seq
WHERE receipts.event_id IN {ids:Array(UUID)}
