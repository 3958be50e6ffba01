with declared as (
    select *
    from {{ ref('stg_metrics_declared') }}
    where value is not null and {{ arrived() }}
),

folded as (
    select
        metric,
        {{ last_if('true', 'assumeNotNull(value)') }} as last_value
    from declared
    group by metric
)

select
    metric,
    last_value
from folded
