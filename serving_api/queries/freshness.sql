select
    'daily_metrics' as mart,
    count() as row_count,
    maxOrNull(date) as last_date
from daily_metrics
union all
select
    'job_success_score' as mart,
    count() as row_count,
    maxOrNull(as_of) as last_date
from job_success_score
union all
select
    'revenue' as mart,
    count() as row_count,
    maxOrNull(date) as last_date
from revenue
union all
select
    'user_metrics' as mart,
    count() as row_count,
    maxOrNull(date) as last_date
from user_metrics
order by mart
