-- How long a source has been silent, in its own longest silences of the last week (of half an hour at least).
-- Sources that sent in fewer than 100 minutes of it have no habits yet.
with
minutes as (
    select
        source,
        toStartOfMinute(landed_at) as minute
    from raw.batches
    where
        landed_at > {now:DateTime64(3, 'UTC')} - interval 7 day
        and landed_at <= {now:DateTime64(3, 'UTC')}
    group by
        source,
        minute
),

habits as (
    select
        source,
        max(minute) as last_minute,
        arraySort(groupArray(toUnixTimestamp(minute))) as instants,
        greatest(1800, arrayMax(arrayDifference(instants))) as longest_seconds
    from minutes
    group by source
    having count() >= 100
)

select
    toString(source) as cause,
    dateDiff('second', last_minute, {now:DateTime64(3, 'UTC')}) as silent_seconds,
    silent_seconds / longest_seconds as value,
    concat(
        toString(intDiv(silent_seconds, 60)), ' minutes; the longest silence of the week before was ',
        toString(toUInt32(intDiv(longest_seconds, 60)))
    ) as detail
from habits
