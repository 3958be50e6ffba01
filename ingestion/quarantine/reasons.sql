SELECT reason, count() AS events
FROM judged
WHERE reason != ''
GROUP BY reason
ORDER BY events DESC, reason
