-- Partitions of received events in which nothing counts any more: all happened on closed days, and what came after their
-- closing, booked when it came, is not among them.
SELECT toString(toYYYYMM(received_at)) AS partition_id
FROM raw.events
GROUP BY partition_id
HAVING max(toDate(occurred_at)) < {closed_before:Date} AND max(toDate(received_at)) < {closed_before:Date}
ORDER BY partition_id
