-- What is in quarantine now: rows of admitted batches that have not been replayed.
CREATE VIEW IF NOT EXISTS raw.held AS
SELECT *
FROM raw.quarantine
WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (SELECT received_seq FROM raw.replays);
