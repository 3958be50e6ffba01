-- Who has been erased (ADR 19): a tag made from the id with a key that is not in ClickHouse, and the pseudonym that
-- stands for it. The id itself is nowhere.
CREATE TABLE IF NOT EXISTS raw.erasures
(
    tag UInt64,
    pseudonym String,
    erasure_id UUID,
    erased_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY tag;

-- The bytes of a refused event that names an erased person are gone: it counts, and there is nothing to replay.
CREATE OR REPLACE VIEW raw.held AS
SELECT *
FROM raw.quarantine
WHERE original != ''
    AND batch_seq IN (SELECT batch_seq FROM raw.batches)
    AND received_seq NOT IN (
        SELECT received_seq
        FROM raw.replays
        WHERE batch_id = '' OR batch_id IN (SELECT batch_id FROM raw.batches)
    );
