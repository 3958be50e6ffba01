select
    generation,
    database,
    run_id,
    published_at,
    complete_through,
    kept_from
from marts.publications
where generation = {generation:UInt64}
order by sequence desc
limit 1
