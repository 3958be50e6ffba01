with samples as (
    select *
    from {{ ref('stg_storage_samples') }}
    where {{ restated('date') }}
),

summed as (
    select
        date,
        service,
        argMax(bytes_used, {{ event_order() }}) as last_bytes_used,
        count() as samples
    from samples
    group by
        date,
        service
)

select
    date,
    service,
    last_bytes_used as bytes_used,
    samples
from summed
