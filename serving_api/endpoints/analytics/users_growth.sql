/*
path: /api/analytics/users/growth
summary: User growth over time
description: New users of each period and the total at its end. Signups add up over periods, roles and plans.
source: "saas-chat-analytics-phase-10.md: User growth over time"
marts: [activity_by_quarter_hour]
roles: [admin, analyst]
grain: One row per period with an active user and group that has users by then.
order: [date, hour, role, plan_tier]
parameters:
  - startDate
  - endDate
  - hourly
  - tz
  - name: groupBy
    type: choices
    choices: [role, plan_tier]
    default: []
    description: Columns that split the numbers, comma-separated; by default totals. The plan is that of the UTC day of the signup.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  role: {type: Nullable(String), description: Role; null when not grouped by it.}
  plan_tier: {type: Nullable(String), description: Plan on the day of the signup; null when not grouped by it.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  total_users: {type: UInt64, description: Users signed up by the end of the period., of: activity_by_quarter_hour.new_users}
  growth_rate: {type: Nullable(Float64), description: New users / users before the period; null when there were none before.}
*/
-- uses: period
with quarters as (
    select
        toDate(quarter_at, {tz:String}) as day,
        period_of(toDate(quarter_at, {tz:String})) as date,
        hour_of(quarter_at) as hour,
        if(has({groupBy:Array(String)}, 'role'), activity_by_quarter_hour.role, null) as role,
        if(has({groupBy:Array(String)}, 'plan_tier'), activity_by_quarter_hour.plan_tier, null) as plan_tier,
        activity_by_quarter_hour.new_users as signups
    from activity_by_quarter_hour
    where day <= {endDate:Date}
),

periods as (
    select
        date,
        hour,
        max(day) as last_day
    from quarters
    where day >= {startDate:Date}
    group by
        date,
        hour
),

known as (
    select
        role,
        plan_tier,
        min(day) as first_day
    from quarters
    group by
        role,
        plan_tier
),

counted as (
    select
        date,
        hour,
        role,
        plan_tier,
        signups,
        if(day >= {startDate:Date}, signups, 0) as new_users,
        false as is_asked
    from quarters
    union all
    select
        periods.date as date,
        periods.hour as hour,
        known.role as role,
        known.plan_tier as plan_tier,
        0 as signups,
        0 as new_users,
        true as is_asked
    from periods
    cross join known
    where known.first_day <= periods.last_day
),

running as (
    select
        counted.date as date,
        counted.hour as hour,
        counted.role as role,
        counted.plan_tier as plan_tier,
        sum(counted.new_users) as new_users,
        sum(sum(counted.signups)) over (
            partition by counted.role, counted.plan_tier
            order by counted.date asc, counted.hour asc
        ) as total_users,
        max(counted.is_asked) as is_asked
    from counted
    group by
        counted.date,
        counted.hour,
        counted.role,
        counted.plan_tier
)

select
    running.date as date,
    running.hour as hour,
    running.role as role,
    running.plan_tier as plan_tier,
    running.new_users as new_users,
    running.total_users as total_users,
    running.new_users / nullIf(running.total_users - running.new_users, 0) as growth_rate
from running
where running.is_asked
order by
    date,
    hour,
    role,
    plan_tier
limit {limit:UInt64} offset {offset:UInt64}
