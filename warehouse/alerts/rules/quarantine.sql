-- Percent of what each source has sent in the last hour that was refused.
select
    toString(source) as cause,
    100 * sum(quarantined) / sum(received) as value,
    concat(toString(sum(quarantined)), ' of ', toString(sum(received)), ' events in the last hour') as detail
from raw.batches
where
    landed_at > {now:DateTime64(3, 'UTC')} - interval 1 hour
    and landed_at <= {now:DateTime64(3, 'UTC')}
group by source
having sum(received) >= {at_least:UInt64}
