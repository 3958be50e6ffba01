/*
reads: [canary_latency]
labels: [door]
metrics:
  warehouse_canary_last_timestamp_seconds: {help: Minute of the last canary through a door.}
  warehouse_canary_lost: {help: "Canaries of that minute that were not seen again, yet or ever."}
  warehouse_canary_stored_seconds: {help: Seconds from sending one until it was in raw.}
  warehouse_canary_served_seconds: {help: Seconds until readers had it.}
*/
select
    door,
    toUnixTimestamp(minute) as warehouse_canary_last_timestamp_seconds,
    lost as warehouse_canary_lost,
    stored_ms / 1000 as warehouse_canary_stored_seconds,
    served_ms / 1000 as warehouse_canary_served_seconds
from canary_latency
order by minute desc
limit 1 by door
