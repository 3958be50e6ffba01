with checks as (
    select *
    from {{ ref('stg_external_checks') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        service,
        count() as checks,
        countIf(is_up) as up_checks,
        argMax(is_up, {{ event_order() }}) as is_last_up
    from checks
    group by
        date,
        service
)

select
    date,
    service,
    checks,
    up_checks,
    up_checks / checks as uptime_rate,
    toBool(is_last_up) as is_up
from counted
