/*
path: /api/analytics/users/by-plan
summary: Users per plan
description: >-
  New and active users by the plan they have on the day. Active users do not add up over days: for weeks and months
  `active_users` is null, and mean and last day take its place.
source: "saas-chat-analytics-phase-10.md: Users per plan tier"
marts: [user_metrics]
roles: [admin, analyst]
grain: One row per period and plan that has users by then.
order: [date, plan_tier]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  plan_tier: {type: String, description: Plan of the users on the day.}
  days: {type: UInt64, description: Days of the period that are inside the range and have users on the plan by then.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  active_users: {type: Nullable(UInt64), description: Distinct active users of the day; null for weeks and months.}
  active_users_avg: {type: Float64, description: Mean of the daily active users over `days`., of: user_metrics.active_users}
  active_users_last: {type: UInt64, description: Active users of the last of `days`., of: user_metrics.active_users}
*/
with daily as (
    select
        user_metrics.date as day,
        toDate(dateTrunc({granularity:String}, user_metrics.date)) as period,
        user_metrics.plan_tier as plan_tier,
        sum(user_metrics.new_users) as new_users,
        sum(user_metrics.active_users) as active_users
    from user_metrics
    where user_metrics.date between {startDate:Date} and {endDate:Date}
    group by
        day,
        period,
        plan_tier
)

select
    daily.period as date,
    daily.plan_tier as plan_tier,
    count() as days,
    sum(daily.new_users) as new_users,
    if({granularity:String} = 'day', sum(daily.active_users), null) as active_users,
    avg(daily.active_users) as active_users_avg,
    argMax(daily.active_users, daily.day) as active_users_last
from daily
group by
    daily.period,
    daily.plan_tier
order by
    date,
    plan_tier
limit {limit:UInt64} offset {offset:UInt64}
