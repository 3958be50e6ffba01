select
    measured_at,
    topic,
    subject,
    figure,
    value,
    detail
from marts.vitals
where measured_at = (select max(latest.measured_at) from marts.vitals as latest)
order by
    topic,
    subject,
    figure
