/*
path: /api/analytics/users/count
summary: Total users
description: Users whose first signup has been seen by the end of `endDate`.
source: "saas-chat-analytics-phase-10.md: Total users"
marts: [user_metrics]
roles: [admin, analyst]
grain: A single row.
order: [as_of]
parameters: [endDate]
columns:
  as_of: {type: Date, description: The day at whose end users are counted.}
  total_users: {type: UInt64, description: Users signed up by then., of: user_metrics.new_users}
*/
select
    {endDate:Date} as as_of,
    sum(new_users) as total_users
from user_metrics
where date <= {endDate:Date}
