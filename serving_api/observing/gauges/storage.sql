/*
reads: [storage_metrics]
labels: [service]
metrics:
  warehouse_storage_used_bytes: {help: "Bytes in a store, as last sampled."}
*/
select
    service,
    bytes_used as warehouse_storage_used_bytes
from storage_metrics
order by date desc
limit 1 by service
limit 100 -- noqa: PRS
