-- Of some marts the column that tells the day.
SELECT
    name,
    arrayFirst(
        candidate -> arrayExists(
            column -> tupleElement(column, 'name') = candidate AND startsWith(tupleElement(column, 'type'), 'Date'),
            columns
        ),
        grain
    ) AS day
FROM marts.models
WHERE code = (
    SELECT argMax(code, sequence)
    FROM marts.publications
    WHERE action = 'publish'
) AND name IN ({marts:Array(String)}) AND day != ''
ORDER BY name
LIMIT 1 BY name
