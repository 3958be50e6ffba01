SELECT direction, currency, sum(amount) AS total, count() AS events
FROM
(
    SELECT *
    FROM judged
    WHERE direction != ''
        AND event_id NOT IN (
            SELECT event_id
            FROM raw.receipts
            WHERE event_id GLOBAL IN (SELECT event_id FROM judged WHERE reason = '')
                AND batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches)
        )
    ORDER BY received_seq
    LIMIT 1 BY event_id
)
GROUP BY direction, currency
ORDER BY direction, currency
