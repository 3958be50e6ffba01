/*
reads: [external_services]
labels: [service]
metrics:
  warehouse_external_up: {help: "Whether a service of others could be reached at the last check: 1 or 0."}
  warehouse_external_uptime: {help: Share of the checks of that day in which it could.}
*/
select
    service,
    toUInt8(is_up) as warehouse_external_up,
    uptime_rate as warehouse_external_uptime
from external_services
order by date desc
limit 1 by service
limit 100 -- noqa: PRS
