with samples as (
    select *
    from {{ ref('stg_queue_samples') }}
    where {{ restated('date') }}
),

summed as (
    select
        toDateTime64(toStartOfHour(occurred_at), 3, 'UTC') as hour,
        queue,
        count() as samples,
        {{ sum_of_floats('depth') }} / nullIf(count(depth), 0) as avg_depth,
        maxOrNull(depth) as max_depth,
        {{ sum_of_floats('processed') }} as total_processed
    from samples
    group by
        hour,
        queue
)

select
    hour,
    queue,
    samples,
    avg_depth,
    max_depth,
    total_processed as processed
from summed
