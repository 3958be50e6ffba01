/*
path: /api/v1/dashboard
summary: Main dashboard
description: The platform in six figures, of all time up to the end of `endDate`.
source: "job-placement-analytics-service.md: GET /api/v1/dashboard"
roles: [admin, analyst]
marts: [daily_metrics, job_performance, matching_performance, revenue, exchange_rates]
shape: object
parameters: [endDate, currency]
parts:
  users:
    shape: fields
    columns:
      total_users: {type: UInt64, description: Users who have signed up., of: daily_metrics.new_users}
      growth_rate: {type: Nullable(Float64), description: "Users who signed up in the last 30 days, per user there was before; null without any."}
  jobs:
    shape: fields
    columns:
      total_jobs: {type: UInt64, description: Jobs posted., of: job_performance.jobs_posted}
  matches:
    shape: fields
    columns:
      total_matches: {type: UInt64, description: "Matches found, each once a day.", of: matching_performance.matches}
      success_rate: {type: Nullable(Float64), description: Accepted per match; null without any.}
  money:
    shape: fields
    columns:
      revenue: {type: "Nullable(Decimal(38, 4))", description: Charges of all revenue streams., of: revenue.gross_usd}
*/
-- part: users
select
    sum(new_users) as total_users,
    sumIf(new_users, date > {endDate:Date} - 30)
    / nullIf(sumIf(new_users, date <= {endDate:Date} - 30), 0) as growth_rate
from daily_metrics
where date <= {endDate:Date};

-- part: jobs
select sum(jobs_posted) as total_jobs
from job_performance
where date <= {endDate:Date};

-- part: matches
select
    sum(matches) as total_matches,
    sum(accepted) / nullIf(total_matches, 0) as success_rate
from matching_performance
where date <= {endDate:Date};

-- part: money
-- uses: currency
select told_sum(gross_usd, date) as revenue
from revenue
where date <= {endDate:Date};
