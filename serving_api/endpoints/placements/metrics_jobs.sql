/*
path: /api/v1/metrics/jobs
summary: Job performance
description: What has become of the jobs posted in the range, and what changed against as many days before.
source: "job-placement-analytics-service.md: GET /api/v1/metrics/jobs"
roles: [admin, analyst]
marts: [job_performance]
shape: object
parameters: [startDate, endDate]
parts:
  jobs:
    shape: fields
    columns:
      jobs_posted: {type: UInt64, description: Jobs first posted in the range.}
      jobs_filled: {type: UInt64, description: Of them those that found somebody.}
      fill_rate: {type: Nullable(Float64), description: Their share; null without a job.}
      avg_days_to_fill: {type: Nullable(Float64), description: Mean days from posting to filling; null if none was filled.}
      jobs_withdrawn: {type: UInt64, description: Closed without being filled.}
      open_jobs: {type: UInt64, description: Neither filled nor closed.}
  comparison:
    shape: object
    description: The range before, and the change from it to this one as a fraction; null when there was nothing before.
    columns:
      jobs_posted: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Jobs first posted.}
      jobs_filled: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Of them those that found somebody.}
  by_category:
    shape: rows
    description: The same by kind of work.
    order: [category]
    columns:
      category: {type: String, description: "Kind of work, else empty."}
      jobs_posted: {type: UInt64, description: Jobs first posted.}
      jobs_filled: {type: UInt64, description: Of them those that found somebody.}
      fill_rate: {type: Nullable(Float64), description: Their share.}
      avg_days_to_fill: {type: Nullable(Float64), description: Mean days from posting to filling; null if none was filled.}
*/
-- part: jobs
select
    sum(job_performance.jobs_posted) as jobs_posted,
    sum(job_performance.jobs_filled) as jobs_filled,
    sum(job_performance.jobs_filled) / nullIf(sum(job_performance.jobs_posted), 0) as fill_rate,
    sum(job_performance.avg_days_to_fill * job_performance.jobs_filled)
    / nullIf(sum(job_performance.jobs_filled), 0) as avg_days_to_fill,
    sum(job_performance.jobs_withdrawn) as jobs_withdrawn,
    sum(job_performance.open_jobs) as open_jobs
from job_performance
where date between {startDate:Date} and {endDate:Date};

-- part: comparison
-- uses: comparison
with counted as (
    select
        sumIf(jobs_posted, date >= {startDate:Date}) as posted,
        sumIf(jobs_posted, date <= {previousEnd:Date}) as posted_before,
        sumIf(jobs_filled, date >= {startDate:Date}) as filled,
        sumIf(jobs_filled, date <= {previousEnd:Date}) as filled_before
    from job_performance
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(posted, posted_before) as jobs_posted,
    compared(filled, filled_before) as jobs_filled
from counted;

-- part: by_category
select
    category,
    sum(job_performance.jobs_posted) as jobs_posted,
    sum(job_performance.jobs_filled) as jobs_filled,
    sum(job_performance.jobs_filled) / nullIf(sum(job_performance.jobs_posted), 0) as fill_rate,
    sum(job_performance.avg_days_to_fill * job_performance.jobs_filled)
    / nullIf(sum(job_performance.jobs_filled), 0) as avg_days_to_fill
from job_performance
where date between {startDate:Date} and {endDate:Date}
group by category
order by category;
