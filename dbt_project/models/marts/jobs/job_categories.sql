with performance as (
    select *
    from {{ ref('job_performance') }}
),

summed as (
    select
        performance.category as category,
        sum(performance.jobs_posted) as jobs_posted,
        sum(performance.jobs_filled) as jobs_filled,
        sum(performance.jobs_withdrawn) as jobs_withdrawn,
        sum(performance.open_jobs) as open_jobs
    from performance
    group by performance.category
)

select
    category,
    jobs_posted,
    jobs_filled,
    jobs_withdrawn,
    open_jobs,
    jobs_posted / sum(jobs_posted) over () as share
from summed
