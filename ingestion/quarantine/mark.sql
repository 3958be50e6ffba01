INSERT INTO raw.replays
SELECT batch_seq, received_seq, now64(3, 'UTC')
FROM raw.quarantine
WHERE received_seq IN {received:Array(UInt64)}
