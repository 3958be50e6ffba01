/*
path: /analytics/freelancer/earnings-chart
summary: Earnings of a freelancer, to be drawn
description: Earnings by day, week or month; periods without any between the first and the last are zero.
source: "freelance-marketplace-analytics-plan.md: GET /analytics/freelancer/earnings-chart"
marts: [freelancer_earnings, exchange_rates]
roles: [admin, analyst, freelancer]
grain: One row per period.
order: [date]
parameters:
  - userId
  - range
  - granularity
  - currency
figure: {kind: bar, title: Earnings, x: date, y: [earnings]}
columns:
  date: {type: Date, description: First day of the period.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earnings in US dollars.}
  earnings: {type: "Nullable(Decimal(38, 4))", description: Earnings in the currency asked for; null when a day has no rate., of: freelancer_earnings.earnings_usd}
*/
-- uses: currency
with booked as (
    select
        date,
        earnings_usd
    from freelancer_earnings
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

days as (
    select
        date,
        earnings_usd
    from booked
    union all
    select
        arrayJoin(arrayMap(number -> first_day + number, range(toUInt32(last_day - first_day)))) as date,
        toDecimal64(0, 4) as earnings_usd
    from (
        select
            min(date) as first_day,
            max(date) as last_day
        from booked
        having count() > 0
    ) as edges
)

select
    toDate(dateTrunc({granularity:String}, days.date)) as date,
    sum(days.earnings_usd) as earnings_usd,
    told_sum(days.earnings_usd, days.date) as earnings
from days
group by date
order by date
