select
    evaluated_at,
    rule,
    cause,
    state,
    severity,
    condition,
    runbook,
    since,
    notified_at,
    value,
    detail
from marts.alerts
where evaluated_at = (select max(latest.evaluated_at) from marts.alerts as latest)
order by
    rule,
    cause
