/*
title: Work by kind of output
description: What was delivered and how it was received.
source: "issue: monthly statement per creator and vendor"
marts: [creator_performance]
grain: One row per kind of output with anything in the days.
order: [output_type]
columns:
  output_type: {type: String, description: "Kind of output, empty where no event names it."}
  completed: {type: UInt64, description: Assignments completed.}
  on_time_rate: {type: "Nullable(Float64)", description: Those on time of those with a deadline.}
  first_approval_rate: {type: "Nullable(Float64)", description: First versions of the approved reviews.}
  average_rating: {type: "Nullable(Float64)", description: Mean rating of reviews.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earned with it in US dollars.}
*/
select
    worked.output_type as output_type,
    sum(worked.completed) as completed,
    sum(worked.on_time) / nullIf(sum(worked.with_deadline), 0) as on_time_rate,
    sum(worked.approved_first) / nullIf(sum(worked.approved), 0) as first_approval_rate,
    toFloat64(sum(worked.rating_sum)) / nullIf(sum(worked.rating_count), 0) as average_rating,
    sum(worked.earnings_usd) as earnings_usd
from creator_performance as worked
where worked.user_id = {user:String} and worked.date between {start:Date} and {end:Date}
group by output_type
order by output_type
