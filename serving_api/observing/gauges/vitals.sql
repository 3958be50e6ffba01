/*
live: true
labels: [topic, subject, figure]
metrics:
  warehouse_vital: {help: "A figure of the running stack as last measured (ClickHouse, storage, disks, queues, throughput, services); its unit is in its name."}
*/
select
    topic,
    subject,
    figure,
    value as warehouse_vital
from marts.vitals
where measured_at = (select max(latest.measured_at) from marts.vitals as latest)
order by
    topic,
    subject,
    figure
limit 500
