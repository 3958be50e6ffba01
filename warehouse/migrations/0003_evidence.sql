-- Up to which commit the tables in `build` were complete when the build began: what came later has arrived since.
ALTER TABLE build.horizon ADD COLUMN IF NOT EXISTS built_through UInt64;

-- What has changed since the last publication: days by event type, by seed and by model. Written before what it
-- tells of is swapped in, read by the models it reaches, cleared when everything is published.
CREATE TABLE IF NOT EXISTS build.evidence
(
    kind Enum8('events' = 1, 'model' = 2),
    input LowCardinality(String),
    date Date,
    written_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (kind, input, date);

-- The seeds a generation was built with: their fingerprints by name.
ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS seeds Map(String, String);
