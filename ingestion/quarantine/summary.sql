SELECT source, reason, count() AS events, min(received_at) AS first_at, max(received_at) AS last_at
FROM raw.held
WHERE ({reason:String} = '' OR reason = {reason:String}) AND ({source:String} = '' OR source = {source:String})
GROUP BY source, reason
ORDER BY events DESC, source, reason
