SELECT received_seq, length(original) AS size
FROM raw.held
WHERE ({reason:String} = '' OR reason = {reason:String}) AND source = {source:String}
ORDER BY received_seq
