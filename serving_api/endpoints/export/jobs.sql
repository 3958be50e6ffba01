/*
path: /api/v1/export/jobs
summary: Export of job performance
description: The rows of `job_performance` in the range, to take away.
source: "job-placement-analytics-service.md: GET /api/v1/export/{report_type}"
marts: [job_performance]
roles: [admin, analyst]
shape: rows
grain: One row per day and category of posting.
order: [date, category]
timeout_seconds: 30
parameters: [startDate, endDate]
format: csv
columns:
  date: {type: "Date", description: "UTC day on which the jobs were first posted."}
  category: {type: "String", description: "Kind of work, from the first posting, else empty."}
  jobs_posted: {type: "UInt64", description: "Jobs first posted that day."}
  jobs_filled: {type: "UInt64", description: "Of them those that found somebody."}
  fill_rate: {type: "Nullable(Float64)", description: "Share of the jobs filled."}
  avg_days_to_fill: {type: "Nullable(Float64)", description: "Mean days from the first posting to the first filling, at least 0; null if none was filled."}
  jobs_withdrawn: {type: "UInt64", description: "Jobs closed without being filled."}
  open_jobs: {type: "UInt64", description: "Jobs neither filled nor closed."}
*/
select
    date,
    category,
    jobs_posted,
    jobs_filled,
    fill_rate,
    avg_days_to_fill,
    jobs_withdrawn,
    open_jobs
from job_performance
where date between {startDate:Date} and {endDate:Date}
order by
    date,
    category
