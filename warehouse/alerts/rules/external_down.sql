-- 1 for a service of others that could not be reached at its last check, today or yesterday.
with
last_days as (
    select
        service,
        argMax(is_up, date) as is_up,
        argMax(uptime_rate, date) as uptime_rate
    from marts.external_services
    where
        date >= toDate({now:DateTime64(3, 'UTC')}) - 1
        and date <= toDate({now:DateTime64(3, 'UTC')})
    group by service
)

select
    service as cause,
    toUInt8(not is_up) as value,
    concat(toString(round(100 * uptime_rate, 1)), ' % of the checks of the day succeeded') as detail
from last_days
