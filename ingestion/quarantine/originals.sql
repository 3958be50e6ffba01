SELECT original
FROM raw.held
WHERE received_seq IN {received:Array(UInt64)} AND source = {source:String}
ORDER BY received_seq
