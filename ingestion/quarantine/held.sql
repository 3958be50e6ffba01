SELECT received_seq, original
FROM raw.held
WHERE ({reason:String} = '' OR reason = {reason:String}) AND source = {source:String}
ORDER BY received_seq
