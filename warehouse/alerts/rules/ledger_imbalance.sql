-- Batches of the last half hour whose rows are not what the ledger says, and numbers missing among them.
with
batches as (
    select
        commit_seq,
        batch_seq,
        batch_id,
        source,
        received,
        stored,
        duplicates,
        quarantined
    from raw.batches
    where
        landed_at > {now:DateTime64(3, 'UTC')} - interval 30 minute
        and landed_at <= {now:DateTime64(3, 'UTC')}
),

stored_rows as (
    select
        batch_seq,
        count() as row_count
    from raw.events
    where
        batch_seq >= (select min(batches.batch_seq) from batches)
        and batch_seq global in (select batches.batch_seq from batches)
    group by batch_seq
),

refused_rows as (
    select
        batch_seq,
        count() as row_count
    from raw.quarantine
    where
        batch_seq >= (select min(batches.batch_seq) from batches)
        and batch_seq in (select batches.batch_seq from batches)
    group by batch_seq
),

compared as (
    select
        batches.batch_id as batch_id,
        batches.source as source,
        batches.received as received,
        batches.stored + batches.duplicates + batches.quarantined as accounted,
        batches.stored + batches.duplicates as ledger_rows,
        coalesce(stored_rows.row_count, 0) as row_count,
        batches.quarantined as ledger_refused,
        coalesce(refused_rows.row_count, 0) as refused_count
    from batches
    left join stored_rows on batches.batch_seq = stored_rows.batch_seq
    left join refused_rows on batches.batch_seq = refused_rows.batch_seq
)

select
    concat('batch ', batch_id, ' of ', source) as cause,
    greatest(
        abs(toInt64(received) - toInt64(accounted)),
        abs(toInt64(ledger_rows) - toInt64(row_count)),
        abs(toInt64(ledger_refused) - toInt64(refused_count))
    ) as value,
    concat(
        'received ', toString(received), ', accounted for ', toString(accounted),
        '; events ', toString(row_count), ' of ', toString(ledger_rows),
        '; refused ', toString(refused_count), ' of ', toString(ledger_refused)
    ) as detail
from compared
union all
select
    'numbers of commits' as cause,
    abs(toInt64(max(commit_seq) - min(commit_seq) + 1) - toInt64(count())) as value,
    concat(
        'from ', toString(min(commit_seq)), ' to ', toString(max(commit_seq)), ': ', toString(count())
    ) as detail
from batches
having count() > 0
