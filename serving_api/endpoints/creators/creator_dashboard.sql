/*
path: /api/v1/analytics/creator/dashboard
summary: Creator dashboard
description: What a creator did, earned and was told in the period, and how far the next level is.
source: "creator-platform-epic-07-analytics-reporting.md: Creator Dashboard"
roles: [admin, analyst, creator]
marts: [creator_performance, freelancer_earnings, creator_levels, level_averages, exchange_rates]
shape: object
parameters: [userId, period, currency]
parts:
  summary:
    shape: object
    description: The period, but for the balance, which is that of today.
    columns:
      completed_tasks: {type: UInt64, description: Assignments completed., of: creator_performance.completed}
      total_earnings: {type: "Nullable(Decimal(38, 4))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
      available_balance: {type: "Nullable(Decimal(38, 4))", description: "Earnings less fees, refunds and payouts of all time, at the rate of the last day.", of: creator_levels.available_balance_usd}
      avg_rating: {type: Nullable(Float64), description: "Mean review score, 1 to 5; null without any."}
      on_time_rate: {type: Nullable(Float64), description: Share of the assignments with a deadline that were done by it; null without any.}
  quality:
    shape: fields
    columns:
      first_approval_rate: {type: Nullable(Float64), description: Share of the approvals that approve the first version; null without any.}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      completed_tasks: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Assignments completed., of: creator_performance.completed}
      total_earnings: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
      avg_rating: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Mean review score., of: creator_performance.average_rating}
  all_time:
    shape: object
    description: Since the first day.
    columns:
      completed_tasks: {type: UInt64, description: Assignments completed., of: creator_performance.completed}
      total_earnings: {type: "Nullable(Decimal(38, 4))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
  level_progress:
    shape: object
    description: The level of today, and what the next one takes; null for somebody who is no creator, and at the top.
    columns:
      current_level: {type: Nullable(String), description: The level., of: creator_levels.level}
      tasks_completed: {type: UInt64, description: Assignments completed., of: creator_levels.tasks_completed}
      tasks_required: {type: Nullable(UInt32), description: Assignments the next level takes., of: creator_levels.tasks_required}
      rating_current: {type: Nullable(Float64), description: Mean review score of all time., of: creator_levels.avg_rating}
      rating_required: {type: "Nullable(Decimal(4, 2))", description: Mean review score the next level takes., of: creator_levels.rating_required}
  earnings_trend: {endpoint: /api/v1/analytics/creator/earnings#earnings_trend}
  rating_trend:
    shape: rows
    description: Review scores by day, week or month of the period in which there are any.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      avg_rating: {type: Float64, description: "Mean review score, 1 to 5.", of: creator_performance.average_rating}
      reviews: {type: UInt64, description: Reviews with a score., of: creator_performance.rating_count}
  performance_vs_average:
    shape: object
    description: The creator beside all creators of his level, of all time.
    columns:
      tasks_completed: {type: "Tuple(own Nullable(Float64), average Nullable(Float64))", description: Assignments completed.}
      avg_rating: {type: "Tuple(own Nullable(Float64), average Nullable(Float64))", description: Mean review score.}
      on_time_rate: {type: "Tuple(own Nullable(Float64), average Nullable(Float64))", description: Share of the assignments with a deadline that were done by it.}
      first_approval_rate: {type: "Tuple(own Nullable(Float64), average Nullable(Float64))", description: Share of the approvals that approve the first version.}
*/
-- part: summary
-- uses: currency
with performance as (
    select
        sum(completed) as completed_tasks,
        toFloat64(sum(rating_sum)) / nullIf(sum(rating_count), 0) as avg_rating,
        sum(on_time) / nullIf(sum(with_deadline), 0) as on_time_rate
    from creator_performance
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

bookings as (
    select told_sum(earnings_usd, date) as total_earnings
    from freelancer_earnings
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

standing as (
    select told(sum(available_balance_usd), {endDate:Date}) as available_balance
    from creator_levels
    where user_id = {userId:String}
)

select
    performance.completed_tasks as completed_tasks,
    bookings.total_earnings as total_earnings,
    standing.available_balance as available_balance,
    performance.avg_rating as avg_rating,
    performance.on_time_rate as on_time_rate
from performance
cross join bookings
cross join standing;

-- part: quality
select sum(approved_first) / nullIf(sum(approved), 0) as first_approval_rate
from creator_performance
where
    user_id = {userId:String}
    and date between {startDate:Date} and {endDate:Date};

-- part: comparison
-- uses: comparison, currency
with counted as (
    select
        sumIf(completed, date >= {startDate:Date}) as tasks,
        sumIf(completed, date <= {previousEnd:Date}) as tasks_before,
        toFloat64(sumIf(rating_sum, date >= {startDate:Date}))
        / nullIf(sumIf(rating_count, date >= {startDate:Date}), 0) as rating,
        toFloat64(sumIf(rating_sum, date <= {previousEnd:Date}))
        / nullIf(sumIf(rating_count, date <= {previousEnd:Date}), 0) as rating_before
    from creator_performance
    where
        user_id = {userId:String}
        and (
            date between {startDate:Date} and {endDate:Date}
            or date between {previousStart:Date} and {previousEnd:Date}
        )
),

summed as (
    select
        told_sum(if(date >= {startDate:Date}, earnings_usd, 0), date) as earned,
        told_sum(if(date <= {previousEnd:Date}, earnings_usd, 0), date) as earned_before
    from freelancer_earnings
    where
        user_id = {userId:String}
        and (
            date between {startDate:Date} and {endDate:Date}
            or date between {previousStart:Date} and {previousEnd:Date}
        )
)

select
    compared(tasks, tasks_before) as completed_tasks,
    compared(earned, earned_before) as total_earnings,
    compared(rating, rating_before) as avg_rating
from counted
cross join summed;

-- part: all_time
-- uses: currency
with performance as (
    select sum(completed) as completed_tasks
    from creator_performance
    where user_id = {userId:String}
),

bookings as (
    select told_sum(earnings_usd, date) as total_earnings
    from freelancer_earnings
    where user_id = {userId:String}
)

select
    performance.completed_tasks as completed_tasks,
    bookings.total_earnings as total_earnings
from performance
cross join bookings;

-- part: level_progress
select
    maxOrNull(creator_levels.level) as current_level,
    sum(creator_levels.tasks_completed) as tasks_completed,
    max(creator_levels.tasks_required) as tasks_required,
    max(creator_levels.avg_rating) as rating_current,
    max(creator_levels.rating_required) as rating_required
from creator_levels
where user_id = {userId:String};

-- part: rating_trend
select
    toDate(dateTrunc({granularity:String}, creator_performance.date)) as date,
    assumeNotNull(toFloat64(sum(rating_sum)) / nullIf(sum(rating_count), 0)) as avg_rating,
    sum(rating_count) as reviews
from creator_performance
where
    user_id = {userId:String}
    and creator_performance.date between {startDate:Date} and {endDate:Date}
group by date
having reviews > 0
order by date;

-- part: performance_vs_average
with
(own, average) -> cast((own, average), 'Tuple(own Nullable(Float64), average Nullable(Float64))') as beside,

own as (
    select
        maxOrNull(level) as level,
        maxOrNull(tasks_completed) as tasks_completed,
        max(avg_rating) as avg_rating,
        max(on_time_rate) as on_time_rate,
        max(first_approval_rate) as first_approval_rate
    from creator_levels
    where user_id = {userId:String}
),

average as (
    select
        maxOrNull(avg_tasks_completed) as tasks_completed,
        max(avg_rating) as avg_rating,
        max(on_time_rate) as on_time_rate,
        max(first_approval_rate) as first_approval_rate
    from level_averages
    where level in (select own.level from own)
)

select
    beside(own.tasks_completed, average.tasks_completed) as tasks_completed,
    beside(own.avg_rating, average.avg_rating) as avg_rating,
    beside(own.on_time_rate, average.on_time_rate) as on_time_rate,
    beside(own.first_approval_rate, average.first_approval_rate) as first_approval_rate
from own
cross join average;
