/*
path: /api/analytics/users/active
summary: Daily, weekly and monthly active users
description: >-
  Distinct users cannot be added up over periods, so each period has its own count. `wau` and `mau` are counts over the 7
  and 30 days that end on `as_of`.
source: "saas-chat-analytics-phase-10.md: Daily/Weekly/Monthly active users"
marts: [activity_by_quarter_hour]
roles: [admin, analyst]
grain: One row per period from the first active user on; hours with an active user only.
order: [date, hour]
parameters: [startDate, endDate, hourly, tz, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  days: {type: UInt64, description: Days of the period inside the range.}
  active_users: {type: UInt64, description: Distinct active users of the period.}
  dau: {type: Nullable(UInt64), description: Distinct active users of the day; null for weeks and months., of: activity_by_quarter_hour.active_users}
  dau_avg: {type: Float64, description: Mean of the daily active users over `days`., of: activity_by_quarter_hour.active_users}
  wau: {type: UInt64, description: Distinct active users in the 7 days ending on `as_of`., of: activity_by_quarter_hour.active_users}
  mau: {type: UInt64, description: Distinct active users in the 30 days ending on `as_of`., of: activity_by_quarter_hour.active_users}
*/
-- uses: period
with quarters as (
    select
        toDate(quarter_at, {tz:String}) as day,
        period_of(toDate(quarter_at, {tz:String})) as date,
        hour_of(quarter_at) as hour,
        user_numbers
    from activity_by_quarter_hour
    where day + 29 >= {startDate:Date} and day <= {endDate:Date}
),

days as (
    select
        day,
        groupBitmapArrayState(user_numbers) as users
    from quarters
    group by day
),

rolling as (
    select
        days.day + ahead as day,
        groupBitmapArrayMergeIf(days.users, ahead = 0) as dau,
        groupBitmapArrayMergeIf(days.users, ahead < 7) as wau,
        groupBitmapArrayMerge(days.users) as mau
    from days
    array join range(30) as ahead
    where days.day + ahead between {startDate:Date} and (select max(days.day) from days)
    group by day
),

periods as (
    select
        period_of(rolling.day) as date,
        max(rolling.day) as as_of,
        count() as days,
        sum(rolling.dau) as dau,
        avg(rolling.dau) as dau_avg,
        argMax(rolling.wau, rolling.day) as wau,
        argMax(rolling.mau, rolling.day) as mau
    from rolling
    group by date
),

counted as (
    select
        quarters.date as date,
        quarters.hour as hour,
        groupBitmapArray(quarters.user_numbers) as active_users
    from quarters
    where quarters.day >= {startDate:Date}
    group by
        date,
        hour
)

select
    periods.date as date,
    counted.hour as hour,
    periods.as_of as as_of,
    periods.days as days,
    toUInt64(counted.active_users) as active_users,
    if({granularity:String} in ('hour', 'day'), periods.dau, null) as dau,
    periods.dau_avg as dau_avg,
    toUInt64(periods.wau) as wau,
    toUInt64(periods.mau) as mau
from periods
left join counted on periods.date = counted.date
where {granularity:String} != 'hour' or counted.hour is not null
order by
    date,
    hour
limit {limit:UInt64} offset {offset:UInt64}
