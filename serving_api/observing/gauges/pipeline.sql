/*
reads: [pipeline_health]
labels: [source]
metrics:
  warehouse_ledger_received_total: {type: counter, help: "Events received by a source, as the ledger counts them: stored, duplicates and quarantined."}
  warehouse_ledger_stored_total: {type: counter, help: Of them those that count.}
  warehouse_ledger_duplicates_total: {type: counter, help: Of them those that were here already.}
  warehouse_ledger_quarantined_total: {type: counter, help: Of them those that were refused.}
  warehouse_source_last_received_timestamp_seconds: {help: Minute in which the source last had something.}
  warehouse_source_latency_p50_seconds: {help: Median of the seconds from event to readers in that minute.}
  warehouse_source_latency_p95_seconds: {help: Their 95th percentile.}
*/
select
    source,
    sum(events + duplicates + quarantined) as warehouse_ledger_received_total,
    sum(events) as warehouse_ledger_stored_total,
    sum(duplicates) as warehouse_ledger_duplicates_total,
    sum(quarantined) as warehouse_ledger_quarantined_total,
    toUnixTimestamp(max(minute)) as warehouse_source_last_received_timestamp_seconds,
    tupleElement(argMax(tuple(latency_p50_s), minute), 1) as warehouse_source_latency_p50_seconds,
    tupleElement(argMax(tuple(latency_p95_s), minute), 1) as warehouse_source_latency_p95_seconds
from pipeline_health
group by source
