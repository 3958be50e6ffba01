/*
path: /api/v1/export/users
summary: Export of user metrics
description: The rows of `user_metrics` in the range, to take away.
source: "job-placement-analytics-service.md: GET /api/v1/export/{report_type}"
marts: [user_metrics]
roles: [admin, analyst]
shape: rows
grain: One row per day, role and plan.
order: [date, role, plan_tier]
timeout_seconds: 30
parameters: [startDate, endDate]
format: csv
columns:
  date: {type: "Date", description: "UTC day of the events."}
  role: {type: "String", description: "Role of the first signup of the users."}
  plan_tier: {type: "String", description: "Plan of the users on the day."}
  new_users: {type: "UInt64", description: "Users whose first signup falls on the day."}
  active_users: {type: "UInt64", description: "Users with at least one event of their own doing on the day."}
  signins: {type: "UInt64", description: "Events `user.signin`."}
*/
select
    date,
    role,
    plan_tier,
    new_users,
    active_users,
    signins
from user_metrics
where date between {startDate:Date} and {endDate:Date}
order by
    date,
    role,
    plan_tier
