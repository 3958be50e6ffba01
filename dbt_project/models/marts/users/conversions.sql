with reached as (
    select *
    from {{ ref('stg_conversions') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        conversion_type,
        count() as conversions,
        coalesce(sum(value), 0) as total_value
    from reached
    group by
        date,
        conversion_type
)

select
    date,
    conversion_type as type,
    conversions,
    toDecimal128(total_value, 6) as value
from counted
