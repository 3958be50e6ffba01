with canaries as (
    select *
    from {{ ref('stg_canaries') }}
    where sent_at >= (select max(latest.watched_at) from {{ ref('stg_canaries') }} as latest) - interval 7 day
),

timed as (
    select
        cast(door as String) as door,
        toDateTime64(toStartOfMinute(sent_at), 3, 'UTC') as minute,
        dateDiff('millisecond', sent_at, accepted_at) as accepted_ms,
        dateDiff('millisecond', sent_at, stored_at) as stored_ms,
        dateDiff('millisecond', sent_at, published_at) as published_ms,
        dateDiff('millisecond', sent_at, served_at) as served_ms
    from canaries
),

slowest as (
    select
        door,
        minute,
        count() as canaries,
        countIf(stored_ms is null) as lost,
        max(accepted_ms) as max_accepted_ms,
        max(stored_ms) as max_stored_ms,
        max(published_ms) as max_published_ms,
        max(served_ms) as max_served_ms
    from timed
    group by
        door,
        minute
)

select
    door,
    minute,
    canaries,
    lost,
    max_accepted_ms as accepted_ms,
    max_stored_ms as stored_ms,
    max_published_ms as published_ms,
    max_served_ms as served_ms
from slowest
