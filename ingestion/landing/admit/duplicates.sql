-- Every other line of the batch is a resend.
INSERT INTO raw.duplicates (event_id, received_seq, batch_seq)
SELECT event_id, received_seq, batch_seq
FROM raw.events
WHERE batch_seq = {batch_seq:UInt64}
    AND received_seq GLOBAL NOT IN (SELECT received_seq FROM raw.receipts WHERE batch_seq = {batch_seq:UInt64})
