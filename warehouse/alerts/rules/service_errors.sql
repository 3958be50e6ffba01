-- Percent of the requests that failed in the last whole hour, by service and endpoint.
select
    concat(service, ' ', endpoint) as cause,
    100 * error_rate as value,
    concat(toString(errors), ' of ', toString(requests), ' requests, status 500 or more') as detail
from marts.system_health
where
    hour = toStartOfHour({now:DateTime64(3, 'UTC')}) - interval 1 hour
    and requests >= {at_least:UInt64}
