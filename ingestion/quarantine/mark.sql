INSERT INTO raw.replays (batch_seq, received_seq, replayed_at, batch_id)
SELECT batch_seq, received_seq, now64(3, 'UTC'), {batch_id:String}
FROM raw.quarantine
WHERE received_seq IN {received:Array(UInt64)}
