-- Metrics whose last whole day is not what it usually is, with how far it is from that.
select
    metric as cause,
    abs(score) as value,
    concat(
        toString(round(value, 2)), ' on ', toString(date), ', expected ', toString(round(expected, 2)),
        ' (score ', toString(round(score, 1)), ')'
    ) as detail
from marts.anomalies
where
    date between toDate({now:DateTime64(3, 'UTC')}) - 2 and toDate({now:DateTime64(3, 'UTC')}) - 1
    and date = (select max(daily.date) - 1 from marts.daily_metrics as daily)
    and severity = {severity:String}
