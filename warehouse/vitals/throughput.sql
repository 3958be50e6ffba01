-- What each source has brought in the last five minutes, a second; nothing from those that were silent.
select
    toString(source) as subject,
    figures.1 as figure,
    sum(figures.2) / 300 as value
from raw.batches
array join [
    ('received_per_second', toFloat64(received)),
    ('stored_per_second', toFloat64(stored)),
    ('quarantined_per_second', toFloat64(quarantined))
] as figures
where
    landed_at > {now:DateTime64(3, 'UTC')} - interval 5 minute
    and landed_at <= {now:DateTime64(3, 'UTC')}
group by
    subject,
    figure
