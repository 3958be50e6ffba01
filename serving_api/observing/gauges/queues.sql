/*
reads: [queue_metrics]
labels: [queue]
metrics:
  warehouse_queue_depth: {help: "Mean of the messages waiting in a queue, in the last hour that was sampled."}
  warehouse_queue_depth_max: {help: Most messages waiting in that hour.}
*/
select
    queue,
    avg_depth as warehouse_queue_depth,
    max_depth as warehouse_queue_depth_max
from queue_metrics
order by hour desc
limit 1 by queue
limit 100 -- noqa: PRS
