-- What the daily figures are expected to be, as learnt from a published generation: the builds that follow read the latest
-- training. A training is there once it has rows in `build.trainings`, which are written last.
CREATE TABLE IF NOT EXISTS build.expectations
(
    trained_at DateTime64(3, 'UTC'),
    metric String,
    date Date,
    expected Float64,
    usual_lower Float64,
    usual_upper Float64,
    lower Nullable(Float64),
    upper Nullable(Float64)
)
ENGINE = MergeTree
ORDER BY (trained_at, metric, date)
TTL toDateTime(trained_at) + INTERVAL 30 DAY;

CREATE TABLE IF NOT EXISTS build.trainings
(
    trained_at DateTime64(3, 'UTC'),
    generation UInt64,
    metric String,
    status String,
    days UInt32,
    learnt_through Nullable(Date),
    threshold Float64,
    direction String,
    model String,
    backtests UInt32,
    relative_error Nullable(Float64),
    coverage Nullable(Float64)
)
ENGINE = MergeTree
ORDER BY (trained_at, metric)
TTL toDateTime(trained_at) + INTERVAL 30 DAY;

-- The training a generation was built with; null before the first.
ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS trained_at Nullable(DateTime64(3, 'UTC'));
