/*
path: /api/v1/charts/job-categories
summary: Job categories distribution
description: How the jobs posted in the range are spread over the kinds of work.
source: "job-placement-analytics-service.md: GET /api/v1/charts/job-categories"
marts: [job_performance]
roles: [admin, analyst]
grain: One row per category with a job.
order: [category]
parameters: [startDate, endDate]
figure: {kind: pie, title: Job categories, x: category, y: [jobs_posted]}
columns:
  category: {type: String, description: "Kind of work, else empty."}
  jobs_posted: {type: UInt64, description: Jobs first posted in the range.}
  jobs_filled: {type: UInt64, description: Of them those that found somebody.}
  share: {type: Float64, description: Of all jobs posted in the range.}
*/
with grouped as (
    select
        job_performance.category as category,
        sum(job_performance.jobs_posted) as jobs_posted,
        sum(job_performance.jobs_filled) as jobs_filled
    from job_performance
    where job_performance.date between {startDate:Date} and {endDate:Date}
    group by category
)

select
    grouped.category as category,
    grouped.jobs_posted as jobs_posted,
    grouped.jobs_filled as jobs_filled,
    grouped.jobs_posted / sum(grouped.jobs_posted) over () as share
from grouped
order by category
