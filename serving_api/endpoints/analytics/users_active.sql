/*
path: /api/analytics/users/active
summary: Daily, weekly and monthly active users
description: >-
  Distinct users cannot be added up over days. `wau` and `mau` are counts over the 7 and 30 days that end on `as_of`, so at
  granularity week `wau` of a whole week is the number of distinct users in it; `dau` is null for weeks and months.
source: "saas-chat-analytics-phase-10.md: Daily/Weekly/Monthly active users"
marts: [daily_metrics]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  days: {type: UInt64, description: Days of the period inside the range.}
  dau: {type: Nullable(UInt64), description: Distinct active users of the day; null for weeks and months., of: daily_metrics.active_users}
  dau_avg: {type: Float64, description: Mean of the daily active users over `days`., of: daily_metrics.active_users}
  wau: {type: UInt64, description: Distinct active users in the 7 days ending on `as_of`.}
  mau: {type: UInt64, description: Distinct active users in the 30 days ending on `as_of`.}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(daily_metrics.date),
        {granularity:String} = 'month', toStartOfMonth(daily_metrics.date),
        daily_metrics.date
    ) as date,
    max(daily_metrics.date) as as_of,
    count() as days,
    if({granularity:String} = 'day', sum(daily_metrics.active_users), null) as dau,
    avg(daily_metrics.active_users) as dau_avg,
    argMax(daily_metrics.wau, daily_metrics.date) as wau,
    argMax(daily_metrics.mau, daily_metrics.date) as mau
from daily_metrics
where daily_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
