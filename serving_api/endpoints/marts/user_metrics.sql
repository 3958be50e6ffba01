/*
path: /api/v1/marts/user_metrics
summary: Users by period, role and plan
description: >-
  New and active users and sign-ins. A user has one role and one plan on a day and signs up once, so counts add up over
  groups, and new users and sign-ins also over days. Active users do not add up over days, because the same person comes
  again: for weeks and months `active_users` is null, and mean and last day take its place.
source: "contract/marts.md: user_metrics"
marts: [user_metrics]
roles: [admin, analyst]
grain: One row per period and group that has users by then.
order: [date, role, plan_tier]
parameters:
  - startDate
  - endDate
  - granularity
  - name: groupBy
    type: choices
    choices: [role, plan_tier]
    default: [role, plan_tier]
    description: Columns that split the numbers, comma-separated; empty for totals.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  role: {type: Nullable(String), description: Role of the users; null when not grouped by it.}
  plan_tier: {type: Nullable(String), description: Plan of the users on the day; null when not grouped by it.}
  days: {type: UInt64, description: Days of the period that are inside the range and have users in the group by then.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  active_users: {type: Nullable(UInt64), description: Distinct active users of the day; null for weeks and months.}
  active_users_avg: {type: Float64, description: Mean of the daily active users over `days`., of: user_metrics.active_users}
  active_users_last: {type: UInt64, description: Active users of the last of `days`., of: user_metrics.active_users}
  signins: {type: UInt64, description: Sign-ins in the period.}
*/
with daily as (
    select
        user_metrics.date as day,
        toDate(dateTrunc({granularity:String}, user_metrics.date)) as period,
        if(has({groupBy:Array(String)}, 'role'), user_metrics.role, null) as role_group,
        if(has({groupBy:Array(String)}, 'plan_tier'), user_metrics.plan_tier, null) as plan_group,
        sum(user_metrics.new_users) as new_users,
        sum(user_metrics.active_users) as active_users,
        sum(user_metrics.signins) as signins
    from user_metrics
    where user_metrics.date between {startDate:Date} and {endDate:Date}
    group by
        day,
        period,
        role_group,
        plan_group
)

select
    daily.period as date,
    daily.role_group as role,
    daily.plan_group as plan_tier,
    count() as days,
    sum(daily.new_users) as new_users,
    if({granularity:String} = 'day', sum(daily.active_users), null) as active_users,
    avg(daily.active_users) as active_users_avg,
    argMax(daily.active_users, daily.day) as active_users_last,
    sum(daily.signins) as signins
from daily
group by
    daily.period,
    daily.role_group,
    daily.plan_group
order by
    date,
    role,
    plan_tier
limit {limit:UInt64} offset {offset:UInt64}
