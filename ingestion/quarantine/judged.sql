-- What the landing would say now. A session's own table: nothing of it stays.
-- Directions of money are those of the mart contract.
CREATE TEMPORARY TABLE judged
(
    received_seq UInt64,
    event_id UUID,
    occurred_at DateTime64(3, 'UTC'),
    reason LowCardinality(String),
    direction LowCardinality(String),
    currency LowCardinality(String),
    amount Decimal(38, 4)
)
ENGINE = Memory
