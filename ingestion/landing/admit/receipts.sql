-- The batch's first receipts: ids that no admitted batch has had; within the batch the first line counts.
INSERT INTO raw.receipts (event_id, received_seq, batch_seq)
SELECT event_id, min(received_seq), {batch_seq:UInt64}
FROM raw.events
WHERE batch_seq = {batch_seq:UInt64}
    AND event_id GLOBAL NOT IN (
        SELECT event_id
        FROM raw.receipts
        WHERE event_id GLOBAL IN (SELECT event_id FROM raw.events WHERE batch_seq = {batch_seq:UInt64})
            AND batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches)
    )
GROUP BY event_id
