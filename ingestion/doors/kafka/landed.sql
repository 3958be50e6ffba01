-- What the ledger has of these partitions from the committed offsets on, in the order of landing.
SELECT origin, first_offset, last_offset
FROM
(
    SELECT
        commit_seq,
        origin,
        toInt64OrZero(extract(batch_id, ':([0-9]+)-[0-9]+:[0-9a-f]+$')) AS first_offset,
        toInt64OrZero(extract(batch_id, ':[0-9]+-([0-9]+):[0-9a-f]+$')) AS last_offset
    FROM raw.batches
    WHERE source = 'kafka'
        AND startsWith(batch_id, {prefix:String})
        AND has({origins:Array(String)}, origin)
)
WHERE last_offset >= {committed:Array(Int64)}[indexOf({origins:Array(String)}, origin)]
ORDER BY commit_seq
