SELECT
    count() AS held,
    countIf(reason = '') AS good,
    uniqExactIf(event_id, is_new) AS would_pass,
    uniqExactIf(toDate(occurred_at), is_new) AS days_touched,
    if(would_pass = 0, NULL, minIf(toDate(occurred_at), is_new)) AS first_day,
    if(would_pass = 0, NULL, maxIf(toDate(occurred_at), is_new)) AS last_day
FROM
(
    SELECT
        *,
        reason = '' AND event_id NOT IN (
            SELECT event_id
            FROM raw.receipts
            WHERE event_id GLOBAL IN (SELECT event_id FROM judged WHERE reason = '')
                AND batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches)
        ) AS is_new
    FROM judged
)
