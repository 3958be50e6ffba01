/*
path: /api/v1/admin/analytics/creators
summary: Creators of a level
description: The creators behind the level statistics, with where each stands today.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.5, drill-down to creator list"
roles: [admin, analyst]
marts: [creator_levels]
grain: One row per creator.
order: [user_id]
parameters:
  - name: level
    type: string
    description: Only creators on this level.
  - limit
  - cursor
columns:
  user_id: {type: String, description: The creator.}
  level: {type: String, description: His level.}
  since: {type: Date, description: Since when.}
  tasks_completed: {type: UInt64, description: Assignments completed.}
  avg_rating: {type: Nullable(Float64), description: "Mean review score, 1 to 5; null without any."}
  on_time_rate: {type: Nullable(Float64), description: Share of the assignments with a deadline that were done by it; null without any.}
  first_approval_rate: {type: Nullable(Float64), description: Share of the approvals that approve the first version; null without any.}
  tasks_remaining: {type: Nullable(UInt64), description: Assignments missing for the level above; null at the top.}
*/
select
    user_id,
    level,
    since,
    tasks_completed,
    avg_rating,
    on_time_rate,
    first_approval_rate,
    tasks_remaining
from creator_levels
where level = coalesce({level:Nullable(String)}, level)
order by user_id
limit {limit:UInt64} offset {offset:UInt64}
