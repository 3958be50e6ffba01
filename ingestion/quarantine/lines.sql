SELECT held.reason AS reason, held.source AS source, batches.origin AS origin, held.received_at AS received_at, held.original AS original
FROM raw.held AS held
INNER JOIN raw.batches AS batches ON batches.batch_seq = held.batch_seq
WHERE ({reason:String} = '' OR held.reason = {reason:String}) AND ({source:String} = '' OR held.source = {source:String})
ORDER BY held.received_seq DESC
LIMIT {limit:UInt32}
