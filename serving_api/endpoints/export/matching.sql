/*
path: /api/v1/export/matching
summary: Export of matching performance
description: The rows of `matching_performance` in the range, to take away.
source: "job-placement-analytics-service.md: GET /api/v1/export/{report_type}"
marts: [matching_performance]
roles: [admin, analyst]
shape: rows
grain: One row per day with a match or placement.
order: [date]
timeout_seconds: 30
parameters: [startDate, endDate]
format: csv
columns:
  date: {type: "Date", description: "UTC day of the events."}
  matches: {type: "UInt64", description: "Distinct matches found."}
  accepted: {type: "UInt64", description: "Distinct matches accepted that day, whenever found."}
  success_rate: {type: "Nullable(Float64)", description: "Accepted per match of the same day; null without a match."}
  avg_score: {type: "Nullable(Float64)", description: "Mean score of the matches found that have one, 0 to 1; null without any."}
  placements: {type: "UInt64", description: "Distinct placements made."}
  placement_fee_usd: {type: "Decimal(18, 4)", description: "Fees of the placements in US dollars; those without a rate are left out."}
  placements_due_90d: {type: "UInt64", description: "Placements first made that day, once the 90th day after it has been reached; 0 before."}
  placements_retained_90d: {type: "UInt64", description: "Of them those that did not end before the 90th day."}
  retention_rate_90d: {type: "Nullable(Float64)", description: "Retained per placement due; null before the 90th day has been reached."}
  avg_days_to_hire: {type: "Nullable(Float64)", description: "Mean days from the first match of candidate and job to the placement, at least 0, over placements first made that day after a match; null without any."}
*/
select
    date,
    matches,
    accepted,
    success_rate,
    avg_score,
    placements,
    placement_fee_usd,
    placements_due_90d,
    placements_retained_90d,
    retention_rate_90d,
    avg_days_to_hire
from matching_performance
where date between {startDate:Date} and {endDate:Date}
order by
    date
