/*
labels: [mart]
metrics:
  warehouse_mart_changed_timestamp_seconds: {help: "When a publication last changed a number of a dated mart, in the last 30 days."}
*/
select
    mart,
    toUnixTimestamp64Milli(max(published_at)) / 1000 as warehouse_mart_changed_timestamp_seconds
from marts.revisions
group by mart
