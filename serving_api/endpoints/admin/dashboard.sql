/*
path: /api/v1/admin/analytics/dashboard
summary: Admin platform dashboard
description: Money, people and work of the platform in the period.
source: "creator-platform-epic-07-analytics-reporting.md: Admin Platform Dashboard"
roles: [admin, analyst]
marts: [daily_metrics, active_to_date, assignment_backlog, user_counts, creator_level_snapshots, activity_feed, exchange_rates]
shape: object
parameters:
  - name: period
    type: period
    choices: [day, week, month, quarter, year]
    default: month
    description: >-
      Calendar period up to the day of `X-Complete-Through` (UTC; weeks begin on Monday). Comparisons are with as many
      days from the beginning of the period before. Trends have a point a day; for a quarter a week, for a year a month.
  - currency
parts:
  summary:
    shape: object
    description: The period; assignments pending are those at its end.
    columns:
      revenue: {type: "Nullable(Decimal(38, 4))", description: Charges of all revenue streams., of: daily_metrics.total_revenue}
      payouts: {type: "Nullable(Decimal(38, 4))", description: Payouts., of: daily_metrics.total_payouts}
      margin: {type: "Nullable(Decimal(38, 4))", description: Revenue less refunds and payouts., of: daily_metrics.platform_margin}
      active_uploaders: {type: UInt64, description: Distinct users with role `uploader` active in the period., of: daily_metrics.active_uploaders}
      active_creators: {type: UInt64, description: Distinct users with role `creator` active in the period., of: daily_metrics.active_creators}
      pending_assignments: {type: UInt64, description: Assignments created and not completed., of: assignment_backlog.open}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      revenue: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Charges., of: daily_metrics.total_revenue}
      payouts: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Payouts., of: daily_metrics.total_payouts}
      margin: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Revenue less refunds and payouts., of: daily_metrics.platform_margin}
      active_uploaders: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Distinct active uploaders., of: daily_metrics.active_uploaders}
      active_creators: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Distinct active creators., of: daily_metrics.active_creators}
      completed_assignments: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: "Assignments finished, counted once a day.", of: daily_metrics.assignments_completed}
  trends:
    shape: object
    description: By day, week or month of the period.
    columns:
      revenue: {type: "Array(Tuple(date Date, value Nullable(Decimal(38, 4))))", description: Charges.}
      margin: {type: "Array(Tuple(date Date, value Nullable(Decimal(38, 4))))", description: Revenue less refunds and payouts.}
      users: {type: "Array(Tuple(date Date, uploaders UInt64, creators UInt64))", description: "Users of the two roles who have signed up, at the end of each step."}
      transactions: {type: "Array(Tuple(date Date, count UInt64))", description: Charges and refunds.}
  creator_levels:
    shape: rows
    description: Creators by level at the end of the period.
    order: [level]
    columns:
      level: {type: String, description: The level., of: creator_level_snapshots.level}
      count: {type: UInt64, description: Creators on it., of: creator_level_snapshots.creator_count}
      percent: {type: Float64, description: "Of all creators, 0 to 100."}
  recent_activity:
    shape: rows
    description: The twenty latest events, the newest first.
    order: [-timestamp]
    columns:
      type: {type: LowCardinality(String), description: Type of the event., of: activity_feed.type}
      description: {type: String, description: What happened., of: activity_feed.description}
      timestamp: {type: "DateTime64(3, 'UTC')", description: When., of: activity_feed.occurred_at}
*/
-- part: summary
-- uses: currency
with money as (
    select
        told_sum(total_revenue, date) as revenue,
        told_sum(total_payouts, date) as payouts,
        told_sum(platform_margin, date) as margin,
        argMax(daily_metrics.active_uploaders, date) as uploaders_of_the_day,
        argMax(daily_metrics.active_creators, date) as creators_of_the_day
    from daily_metrics
    where date between {startDate:Date} and {endDate:Date}
),

people as (
    select
        sumIf(active, role = 'uploader') as uploaders,
        sumIf(active, role = 'creator') as creators
    from (
        select
            role,
            multiIf(
                {period:String} = 'week', active_this_week,
                {period:String} = 'month', active_this_month,
                {period:String} = 'quarter', active_this_quarter,
                active_this_year
            ) as active
        from active_to_date
        where date = {endDate:Date}
    ) as marked
),

backlog as (
    select argMax(open, date) as pending_assignments
    from assignment_backlog
    where date <= {endDate:Date}
)

select
    money.revenue as revenue,
    money.payouts as payouts,
    money.margin as margin,
    if({period:String} = 'day', money.uploaders_of_the_day, people.uploaders) as active_uploaders,
    if({period:String} = 'day', money.creators_of_the_day, people.creators) as active_creators,
    backlog.pending_assignments as pending_assignments
from money
cross join people
cross join backlog;

-- part: comparison
-- uses: comparison, currency
with money as (
    select
        told_sum(if(date >= {startDate:Date}, total_revenue, 0), date) as revenue,
        told_sum(if(date <= {previousEnd:Date}, total_revenue, 0), date) as revenue_before,
        told_sum(if(date >= {startDate:Date}, total_payouts, 0), date) as payouts,
        told_sum(if(date <= {previousEnd:Date}, total_payouts, 0), date) as payouts_before,
        told_sum(if(date >= {startDate:Date}, platform_margin, 0), date) as margin,
        told_sum(if(date <= {previousEnd:Date}, platform_margin, 0), date) as margin_before,
        sumIf(assignments_completed, date >= {startDate:Date}) as completed,
        sumIf(assignments_completed, date <= {previousEnd:Date}) as completed_before
    from daily_metrics
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
),

days as (
    select
        date,
        'uploader' as role,
        active_uploaders as active
    from daily_metrics
    where {period:String} = 'day' and date in ({endDate:Date}, {previousEnd:Date})
    union all
    select
        date,
        'creator' as role,
        active_creators as active
    from daily_metrics
    where {period:String} = 'day' and date in ({endDate:Date}, {previousEnd:Date})
    union all
    select
        date,
        role,
        multiIf(
            {period:String} = 'week', active_this_week,
            {period:String} = 'month', active_this_month,
            {period:String} = 'quarter', active_this_quarter,
            active_this_year
        ) as active
    from active_to_date
    where {period:String} != 'day' and date in ({endDate:Date}, {previousEnd:Date})
),

people as (
    select
        sumIf(active, role = 'uploader' and date = {endDate:Date}) as uploaders,
        sumIf(active, role = 'uploader' and date = {previousEnd:Date}) as uploaders_before,
        sumIf(active, role = 'creator' and date = {endDate:Date}) as creators,
        sumIf(active, role = 'creator' and date = {previousEnd:Date}) as creators_before
    from days
)

select
    compared(revenue, revenue_before) as revenue,
    compared(payouts, payouts_before) as payouts,
    compared(margin, margin_before) as margin,
    compared(uploaders, uploaders_before) as active_uploaders,
    compared(creators, creators_before) as active_creators,
    compared(completed, completed_before) as completed_assignments
from money
cross join people;

-- part: trends
-- uses: currency
with signed_up as (
    select
        date,
        sumIf(users, role = 'uploader') as uploaders,
        sumIf(users, role = 'creator') as creators
    from user_counts
    where date between {startDate:Date} and {endDate:Date}
    group by date
),

days as (
    select
        daily_metrics.date as date,
        daily_metrics.total_revenue as revenue,
        daily_metrics.platform_margin as margin,
        daily_metrics.transaction_count as transactions,
        signed_up.uploaders as uploaders,
        signed_up.creators as creators
    from daily_metrics
    left join signed_up on daily_metrics.date = signed_up.date
    where daily_metrics.date between {startDate:Date} and {endDate:Date}
),

steps as (
    select
        toDate(dateTrunc({granularity:String}, days.date)) as step,
        told_sum(days.revenue, days.date) as revenue,
        told_sum(days.margin, days.date) as margin,
        sum(days.transactions) as transactions,
        argMax(days.uploaders, days.date) as uploaders,
        argMax(days.creators, days.date) as creators
    from days
    group by step
    order by step
)

select
    cast(groupArray((step, steps.revenue)), 'Array(Tuple(date Date, value Nullable(Decimal(38, 4))))') as revenue,
    cast(groupArray((step, steps.margin)), 'Array(Tuple(date Date, value Nullable(Decimal(38, 4))))') as margin,
    cast(
        groupArray((step, steps.uploaders, steps.creators)),
        'Array(Tuple(date Date, uploaders UInt64, creators UInt64))'
    ) as users,
    cast(groupArray((step, steps.transactions)), 'Array(Tuple(date Date, count UInt64))') as transactions
from steps;

-- part: creator_levels
select
    level,
    creator_count as count,
    round(100 * creator_count / sum(creator_count) over (), 2) as percent
from creator_level_snapshots
where snapshot_date = {endDate:Date}
order by level;

-- part: recent_activity
select
    type,
    description,
    occurred_at as timestamp
from activity_feed
order by
    occurred_at desc,
    event_id desc
limit 20;
