-- Bytes and rows of each table that is written to, and of all generations of the marts together, which share files.
select
    if(startsWith(database, 'marts_g'), 'generations of the marts', concat(database, '.', table)) as subject,
    figures.1 as figure,
    sum(figures.2) as value
from system.parts
array join [
    ('disk_bytes', toFloat64(bytes_on_disk)), ('rows', toFloat64(rows)), ('parts', toFloat64(1))
] as figures
where active and (database in ('raw', 'build', 'closed', 'marts') or startsWith(database, 'marts_g'))
group by
    subject,
    figure
order by
    value desc,
    subject
limit 500
