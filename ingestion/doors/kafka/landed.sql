-- What the ledger has of these partitions from the committed offsets on, in the order of landing.
SELECT run[1] AS partition, toInt64(run[2]) AS first_offset, toInt64(run[3]) AS last_offset, run[4] AS digest
FROM
(
    SELECT
        commit_seq,
        arrayJoin(extractAllGroupsVertical(origin, '([^ ]+):([0-9]+)-([0-9]+):([0-9a-f]+)')) AS run
    FROM raw.batches
    WHERE source = 'kafka' AND startsWith(batch_id, {prefix:String})
)
WHERE has({partitions:Array(String)}, partition)
    AND last_offset >= {committed:Array(Int64)}[indexOf({partitions:Array(String)}, partition)]
ORDER BY commit_seq, first_offset
