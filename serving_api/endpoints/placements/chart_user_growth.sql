/*
path: /api/v1/charts/user-growth
summary: User growth chart
description: New users of each period and the total at its end.
source: "job-placement-analytics-service.md: GET /api/v1/charts/user-growth"
marts: [daily_metrics]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity]
figure: {kind: line, title: User growth, x: date, y: [total_users, new_users]}
columns:
  date: {type: Date, description: First day of the period.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  total_users: {type: UInt64, description: Users signed up by its end., of: daily_metrics.new_users}
*/
with running as (
    select
        daily_metrics.date as date,
        daily_metrics.new_users as new_users,
        sum(daily_metrics.new_users) over (order by daily_metrics.date asc) as total_users
    from daily_metrics
    where daily_metrics.date <= {endDate:Date}
)

select
    toDate(dateTrunc({granularity:String}, running.date)) as date,
    sum(running.new_users) as new_users,
    max(running.total_users) as total_users
from running
where running.date >= {startDate:Date}
group by date
order by date
