/*
path: /api/v1/analytics/client/placements
summary: Placements of a client
description: >-
  Whom a client has hired, over the calendar months that the range touches. What the whole platform takes to fill a job and how
  content its clients are stands beside it.
source: "job-placement-analytics-service.md: Client Portal, placement tracking and workforce analytics"
roles: [admin, analyst, client]
marts: [client_placements, job_performance, matching_performance, satisfaction]
shape: object
parameters: [userId, range]
parts:
  summary:
    shape: object
    description: The range.
    columns:
      placements: {type: UInt64, description: Placements made., of: client_placements.placements}
      fee_usd: {type: "Decimal(38, 4)", description: Their fees in US dollars., of: client_placements.fee_usd}
      avg_fee: {type: Nullable(Float64), description: "Fees by placement, what one costs the client; null without any."}
  all_time:
    shape: object
    description: Since the first month.
    columns:
      placements: {type: UInt64, description: Placements made., of: client_placements.placements}
      fee_usd: {type: "Decimal(38, 4)", description: Their fees in US dollars., of: client_placements.fee_usd}
  by_month:
    shape: rows
    description: Months with a placement.
    order: [month]
    columns:
      month: {type: Date, description: First day of the month., of: client_placements.month}
      placements: {type: UInt64, description: Placements made., of: client_placements.placements}
      fee_usd: {type: "Decimal(18, 4)", description: Their fees in US dollars., of: client_placements.fee_usd}
  platform:
    shape: object
    shared: true
    description: All clients of the platform together, in the range.
    columns:
      avg_days_to_fill: {type: Nullable(Float64), description: "Mean days from posting a job to filling it, of jobs posted in the range; null without any.", of: job_performance.avg_days_to_fill}
      retention_rate_90d: {type: Nullable(Float64), description: "Share of the placements that lasted 90 days, of those whose 90th day has come; null without any.", of: matching_performance.retention_rate_90d}
      avg_satisfaction: {type: Nullable(Float64), description: "Mean score given, 1 to 5; null without any.", of: satisfaction.avg_score}
*/
-- part: summary
with summed as (
    select
        sum(client_placements.placements) as placements,
        sum(client_placements.fee_usd) as fee_usd
    from client_placements
    where
        client_id = {userId:String}
        and month between toStartOfMonth({startDate:Date}) and {endDate:Date}
)

select
    placements,
    fee_usd,
    toFloat64(fee_usd) / nullIf(placements, 0) as avg_fee
from summed;

-- part: all_time
select
    sum(client_placements.placements) as placements,
    sum(client_placements.fee_usd) as fee_usd
from client_placements
where client_id = {userId:String};

-- part: by_month
select
    client_placements.month as month,
    client_placements.placements as placements,
    client_placements.fee_usd as fee_usd
from client_placements
where
    client_id = {userId:String}
    and month between toStartOfMonth({startDate:Date}) and {endDate:Date}
order by month;

-- part: platform
with jobs as (
    select sum(avg_days_to_fill * jobs_filled) / nullIf(sum(jobs_filled), 0) as avg_days_to_fill
    from job_performance
    where date between {startDate:Date} and {endDate:Date}
),

kept as (
    select sum(placements_retained_90d) / nullIf(sum(placements_due_90d), 0) as retention_rate_90d
    from matching_performance
    where date between {startDate:Date} and {endDate:Date}
),

scores as (
    select sum(avg_score * feedbacks) / nullIf(sum(feedbacks), 0) as avg_satisfaction
    from satisfaction
    where date between {startDate:Date} and {endDate:Date}
)

select
    jobs.avg_days_to_fill as avg_days_to_fill,
    kept.retention_rate_90d as retention_rate_90d,
    scores.avg_satisfaction as avg_satisfaction
from jobs
cross join kept
cross join scores;
