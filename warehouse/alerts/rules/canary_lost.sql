-- Canaries of the last ten minutes that readers have never had, by door.
select
    toString(door) as cause,
    countIf(served_at is null) as value,
    concat(
        toString(countIf(accepted_at is null)), ' were not accepted, ',
        toString(countIf(accepted_at is not null and stored_at is null)), ' not stored, ',
        toString(countIf(stored_at is not null and published_at is null)), ' not published'
    ) as detail
from raw.canaries
where
    watched_at > {now:DateTime64(3, 'UTC')} - interval 10 minute
    and watched_at <= {now:DateTime64(3, 'UTC')}
group by door
