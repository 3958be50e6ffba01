select catalog
from marts.semantics
where
    code = (
        select any(publications.code)
        from marts.publications
        where publications.generation = {generation:UInt64} and publications.action = 'publish'
    )
order by written_at desc
limit 1
