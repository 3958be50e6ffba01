/*
path: /api/v1/metrics/matching
summary: Matching performance
description: >-
  How well candidates and jobs are brought together in the range. Counts of matches add up over days; means of scores and
  of the time to hire do not, and are given day by day.
source: "job-placement-analytics-service.md: GET /api/v1/metrics/matching"
roles: [admin, analyst]
marts: [matching_performance, satisfaction]
shape: object
parameters: [startDate, endDate]
parts:
  matching:
    shape: fields
    columns:
      matches: {type: UInt64, description: "Matches found, each once a day."}
      accepted: {type: UInt64, description: "Matches accepted, each once a day."}
      success_rate: {type: Nullable(Float64), description: Accepted per match; null without any.}
      placements: {type: UInt64, description: Placements made.}
      placement_fee_usd: {type: "Decimal(38, 4)", description: Their fees in US dollars.}
      retention_rate_90d: {type: Nullable(Float64), description: "Share of the placements that lasted 90 days, of those whose 90th day has come; null without any."}
  comparison:
    shape: object
    description: The range before, and the change from it to this one as a fraction; null when there was nothing before.
    columns:
      matches: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Matches found.}
      placements: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Placements made.}
  satisfaction:
    shape: object
    description: How content clients are.
    columns:
      feedbacks: {type: UInt64, description: Scores given., of: satisfaction.feedbacks}
      avg_score: {type: Nullable(Float64), description: "Their mean, 1 to 5; null without any.", of: satisfaction.avg_score}
      satisfied_rate: {type: Nullable(Float64), description: Share of scores of 4 or better; null without any., of: satisfaction.satisfied_rate}
  trend:
    shape: rows
    description: Day by day.
    order: [date]
    columns:
      date: {type: Date, description: The day.}
      matches: {type: UInt64, description: Matches found.}
      accepted: {type: UInt64, description: Matches accepted.}
      avg_score: {type: Nullable(Float64), description: "Mean score of the matches found, 0 to 1; null without any."}
      placements: {type: UInt64, description: Placements made.}
      avg_days_to_hire: {type: Nullable(Float64), description: Mean days from the first match to the placement; null without any.}
*/
-- part: matching
select
    sum(matching_performance.matches) as matches,
    sum(matching_performance.accepted) as accepted,
    sum(matching_performance.accepted) / nullIf(sum(matching_performance.matches), 0) as success_rate,
    sum(matching_performance.placements) as placements,
    sum(matching_performance.placement_fee_usd) as placement_fee_usd,
    sum(placements_retained_90d) / nullIf(sum(placements_due_90d), 0) as retention_rate_90d
from matching_performance
where date between {startDate:Date} and {endDate:Date};

-- part: comparison
-- uses: comparison
with counted as (
    select
        sumIf(matching_performance.matches, date >= {startDate:Date}) as found,
        sumIf(matching_performance.matches, date <= {previousEnd:Date}) as found_before,
        sumIf(matching_performance.placements, date >= {startDate:Date}) as made,
        sumIf(matching_performance.placements, date <= {previousEnd:Date}) as made_before
    from matching_performance
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(found, found_before) as matches,
    compared(made, made_before) as placements
from counted;

-- part: satisfaction
select
    sum(satisfaction.feedbacks) as feedbacks,
    sum(satisfaction.avg_score * satisfaction.feedbacks) / nullIf(sum(satisfaction.feedbacks), 0) as avg_score,
    sum(satisfied) / nullIf(sum(satisfaction.feedbacks), 0) as satisfied_rate
from satisfaction
where date between {startDate:Date} and {endDate:Date};

-- part: trend
select
    date,
    matches,
    accepted,
    avg_score,
    placements,
    avg_days_to_hire
from matching_performance
where date between {startDate:Date} and {endDate:Date}
order by date;
