-- A replay names its lines before it lands them. They leave quarantine at the moment the ledger has their batch:
-- a replay cut off anywhere has either happened or not. Rows without a batch are from before: they have happened.
ALTER TABLE raw.replays ADD COLUMN IF NOT EXISTS batch_id String;

CREATE OR REPLACE VIEW raw.held AS
SELECT *
FROM raw.quarantine
WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (
        SELECT received_seq
        FROM raw.replays
        WHERE batch_id = '' OR batch_id IN (SELECT batch_id FROM raw.batches)
    );
