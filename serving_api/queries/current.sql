select
    generation,
    database,
    run_id,
    published_at,
    complete_through,
    kept_from
from marts.publications
order by sequence desc
limit 1
