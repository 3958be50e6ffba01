/*
live: true
labels: [rule, severity]
metrics:
  warehouse_alerts_firing: {help: "Causes for which a rule of the warehouse's own alerts fires."}
  warehouse_alerts_unknown: {help: Whether the rule could not be evaluated.}
  warehouse_alerts_evaluated_timestamp_seconds: {help: When it was last looked at.}
*/
select
    rule,
    severity,
    countIf(state = 'firing') as warehouse_alerts_firing,
    countIf(state = 'unknown') as warehouse_alerts_unknown,
    toUnixTimestamp64Milli(max(evaluated_at)) / 1000 as warehouse_alerts_evaluated_timestamp_seconds
from marts.alerts
where evaluated_at = (select max(latest.evaluated_at) from marts.alerts as latest)
group by
    rule,
    severity
