/*
path: /api/analytics/users/growth
summary: User growth over time
description: New users of each period and the total at its end. Signups add up over days, roles and plans.
source: "saas-chat-analytics-phase-10.md: User growth over time"
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
    default: []
    description: Columns that split the numbers, comma-separated; by default totals. The plan is that of the signup day.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  role: {type: Nullable(String), description: Role; null when not grouped by it.}
  plan_tier: {type: Nullable(String), description: Plan on the day of the signup; null when not grouped by it.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  total_users: {type: UInt64, description: Users signed up by the end of the period., of: user_metrics.new_users}
  growth_rate: {type: Nullable(Float64), description: New users / users before the period; null when there were none before.}
*/
with grouped as (
    select
        multiIf(
            {granularity:String} = 'week', toMonday(user_metrics.date),
            {granularity:String} = 'month', toStartOfMonth(user_metrics.date),
            user_metrics.date
        ) as period,
        if(has({groupBy:Array(String)}, 'role'), user_metrics.role, null) as role_group,
        if(has({groupBy:Array(String)}, 'plan_tier'), user_metrics.plan_tier, null) as plan_group,
        sumIf(user_metrics.new_users, user_metrics.date >= {startDate:Date}) as new_users,
        sum(user_metrics.new_users) as signups,
        max(user_metrics.date) as last_day
    from user_metrics
    where user_metrics.date <= {endDate:Date}
    group by
        period,
        role_group,
        plan_group
),

running as (
    select
        grouped.period as period,
        grouped.role_group as role_group,
        grouped.plan_group as plan_group,
        grouped.last_day as last_day,
        grouped.new_users as new_users,
        sum(grouped.signups) over (
            partition by grouped.role_group, grouped.plan_group
            order by grouped.period asc
        ) as total_users
    from grouped
)

select
    running.period as date,
    running.role_group as role,
    running.plan_group as plan_tier,
    running.new_users as new_users,
    running.total_users as total_users,
    running.new_users / nullIf(running.total_users - running.new_users, 0) as growth_rate
from running
where running.last_day >= {startDate:Date}
order by
    date,
    role,
    plan_tier
limit {limit:UInt64} offset {offset:UInt64}
