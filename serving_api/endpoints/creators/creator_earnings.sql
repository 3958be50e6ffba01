/*
path: /api/v1/analytics/creator/earnings
summary: Creator earnings analytics
description: What a creator earned in the period, for what kind of work, and what was paid out.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.3 Creator Earnings Analytics"
roles: [admin, analyst, creator]
marts: [creator_performance, freelancer_earnings, payouts, exchange_rates]
shape: object
parameters: [userId, period, currency]
parts:
  summary:
    shape: object
    description: The period.
    columns:
      total_earnings: {type: "Nullable(Decimal(38, 4))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
      hours_worked: {type: Float64, description: Hours worked on what was handed in., of: creator_performance.hours_worked}
      earnings_per_hour: {type: Nullable(Float64), description: "Earnings for assignments by the hours known to be worked on them, so an estimate; null without any.", of: creator_performance.earnings_per_hour}
      total_payouts: {type: "Nullable(Decimal(38, 4))", description: Payouts., of: payouts.amount_usd}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      total_earnings: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
  by_output_type:
    shape: rows
    description: Earnings for assignments in the period by kind of output, the best paid first.
    order: [rank]
    columns:
      rank: {type: UInt64, description: From 1 by earnings; of equals by name.}
      type: {type: String, description: "Kind of output, empty where none is named.", of: creator_performance.output_type}
      amount: {type: "Nullable(Decimal(38, 4))", description: Earnings., of: creator_performance.earnings_usd}
      completed: {type: UInt64, description: Assignments completed., of: creator_performance.completed}
      earnings_per_hour: {type: Nullable(Float64), description: Estimated; null without hours., of: creator_performance.earnings_per_hour}
  earnings_trend:
    shape: rows
    description: Earnings by day, week or month of the period, zeros included.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      amount: {type: "Nullable(Decimal(38, 4))", description: Earnings booked for the creator., of: freelancer_earnings.earnings_usd}
  payout_history:
    shape: rows
    description: Payouts of the period, by day.
    order: [date]
    columns:
      date: {type: Date, description: The day., of: payouts.date}
      amount: {type: "Nullable(Decimal(38, 4))", description: Payouts., of: payouts.amount_usd}
*/
-- part: summary
-- uses: currency
with work as (
    select
        told_sum(earnings_usd, date) as assignment_earnings,
        sum(creator_performance.hours_worked) as hours_worked
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

paid as (
    select told_sum(amount_usd, date) as total_payouts
    from payouts
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
)

select
    bookings.total_earnings as total_earnings,
    work.hours_worked as hours_worked,
    toFloat64(work.assignment_earnings) / nullIf(work.hours_worked, 0) as earnings_per_hour,
    paid.total_payouts as total_payouts
from work
cross join bookings
cross join paid;

-- part: comparison
-- uses: comparison, currency
with summed as (
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

select compared(earned, earned_before) as total_earnings
from summed;

-- part: by_output_type
-- uses: currency
with kinds as (
    select
        creator_performance.output_type as type,
        told_sum(creator_performance.earnings_usd, date) as amount,
        sum(creator_performance.completed) as completed,
        sum(creator_performance.hours_worked) as hours_worked
    from creator_performance
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
    group by type
)

select
    row_number() over (order by kinds.amount desc, kinds.type asc) as rank,
    kinds.type as type,
    kinds.amount as amount,
    kinds.completed as completed,
    toFloat64(kinds.amount) / nullIf(kinds.hours_worked, 0) as earnings_per_hour
from kinds
order by rank;

-- part: earnings_trend
-- uses: currency
with days as (
    select
        date,
        earnings_usd
    from freelancer_earnings
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
    union all
    select
        {startDate:Date} + number as date,
        toDecimal64(0, 4) as earnings_usd
    from numbers(dateDiff('day', {startDate:Date}, {endDate:Date}) + 1)
)

select
    toDate(dateTrunc({granularity:String}, days.date)) as date,
    told_sum(days.earnings_usd, days.date) as amount
from days
group by date
order by date;

-- part: payout_history
-- uses: currency
select
    date,
    told_sum(amount_usd, date) as amount
from payouts
where
    user_id = {userId:String}
    and date between {startDate:Date} and {endDate:Date}
group by date
order by date;
