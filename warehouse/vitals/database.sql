-- What ClickHouse does now, and what makes it slow: queries, merges, memory, parts, mutations that do not end.
select
    'ClickHouse' as subject,
    transform(
        metric,
        ['Query', 'Merge', 'PartMutation', 'MemoryTracking', 'DelayedInserts', 'HTTPConnection'],
        ['queries', 'merges', 'mutations', 'memory_bytes', 'delayed_inserts', 'http_connections'],
        ''
    ) as figure,
    toFloat64(value) as value
from system.metrics
where figure != ''
union all
select
    'ClickHouse' as subject,
    'unfinished_mutations' as figure,
    toFloat64(count()) as value
from system.mutations
where not is_done
union all
select
    'ClickHouse' as subject,
    'most_parts_of_a_partition' as figure,
    toFloat64(max(part_count)) as value
from (
    select count() as part_count
    from system.parts
    where active and database in ('raw', 'build', 'closed', 'marts')
    group by
        database,
        table,
        partition_id
)
