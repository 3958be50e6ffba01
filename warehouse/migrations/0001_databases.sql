-- The databases of the flow: raw -> build -> marts; and the record of what has been migrated.

CREATE DATABASE IF NOT EXISTS raw;

CREATE DATABASE IF NOT EXISTS build;

CREATE DATABASE IF NOT EXISTS marts;

CREATE DATABASE IF NOT EXISTS warehouse;

CREATE TABLE IF NOT EXISTS warehouse.migrations
(
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY name;
