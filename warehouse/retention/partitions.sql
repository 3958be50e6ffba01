-- The partitions of a table by received month, with what is in them.
SELECT
    partition_id,
    sum(rows) AS rows,
    sum(bytes_on_disk) AS bytes
FROM system.parts
WHERE active AND database = {database:String} AND table = {table:String}
GROUP BY partition_id
ORDER BY partition_id
