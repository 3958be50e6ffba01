-- The months of a table that are over before a day, with their rows and, by these, their share of its bytes.
SELECT
    toString(toYYYYMM({day:Identifier})) AS month,
    count() AS rows,
    toUInt64(any(per_row.bytes) * rows) AS bytes
FROM {database:Identifier}.{table:Identifier}
CROSS JOIN (
    SELECT sum(bytes_on_disk) / sum(parts.rows) AS bytes
    FROM system.parts
    WHERE active AND database = {database:String} AND table = {table:String}
) AS per_row
WHERE toDate({day:Identifier}) < {before:Date}
GROUP BY month
ORDER BY month
