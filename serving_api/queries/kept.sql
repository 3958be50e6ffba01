select
    generation,
    database,
    run_id,
    published_at,
    complete_through,
    kept_from
from marts.publications
where action = 'publish' and database in (select name from system.databases)
order by sequence desc
limit 1 by generation
