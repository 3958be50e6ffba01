/*
path: /api/analytics/users/retention
summary: User retention rate
description: >-
  How many of the users who signed up in a week came back in each week after it. The range chooses cohorts, by the week
  of the signup.
source: "saas-chat-analytics-phase-10.md: User retention rate"
marts: [user_retention]
roles: [admin, analyst]
grain: One row per cohort and week since the signup, weeks without anybody included.
order: [cohort_week, week_number]
dates: {default_days: 84}
parameters: [startDate, endDate, limit, cursor]
columns:
  cohort_week: {type: Date, description: Monday of the week of the first signup.}
  week_number: {type: UInt32, description: Weeks since then; 0 is the week of the signup.}
  cohort_size: {type: UInt64, description: Users whose first signup falls in the week.}
  retained_users: {type: UInt64, description: Of them those active in the numbered week.}
  retention_rate: {type: Float64, description: Share of the cohort that is retained.}
*/
select
    cohort_week,
    week_number,
    cohort_size,
    retained_users,
    retention_rate
from user_retention
where cohort_week between toMonday({startDate:Date}) and {endDate:Date}
order by
    cohort_week,
    week_number
limit {limit:UInt64} offset {offset:UInt64}
