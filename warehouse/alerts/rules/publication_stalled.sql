-- Minutes since the oldest commit of the ledger has landed that no generation has yet.
with
( -- noqa: ST03
    select max(publications.commit_seq)
    from marts.publications as publications
    where publications.published_at <= {now:DateTime64(3, 'UTC')}
) as published

select
    'publication' as cause,
    dateDiff('second', min(landed_at), {now:DateTime64(3, 'UTC')}) / 60 as value,
    concat(toString(count()), ' batches wait; readers have what came up to commit ', toString(published)) as detail
from raw.batches
where commit_seq > published and landed_at <= {now:DateTime64(3, 'UTC')}
having count() > 0
