-- What became of each line of a landed batch, in the order of its lines.
WITH (SELECT max(batch_seq) FROM raw.batches WHERE batch_id = {batch_id:String}) AS landed
SELECT if(reason != '', reason, if(received_seq GLOBAL IN (SELECT received_seq FROM raw.receipts WHERE batch_seq = landed), 'stored', 'duplicate'))
FROM
(
    SELECT received_seq, '' AS reason FROM raw.events WHERE batch_seq = landed
    UNION ALL
    SELECT received_seq, reason FROM raw.quarantine WHERE batch_seq = landed
)
ORDER BY received_seq
