/*
title: Day by day
description: What was earned, paid out and sold on each day, in US dollars.
source: "issue: monthly statement per creator and vendor"
marts: [freelancer_earnings, payouts, vendor_metrics]
grain: One row per day, quiet days included.
order: [date]
columns:
  date: {type: Date, description: UTC day.}
  earnings_usd: {type: "Decimal(38, 4)", description: Earned.}
  payouts_usd: {type: "Decimal(38, 4)", description: Paid out.}
  sales_usd: {type: "Decimal(38, 4)", description: Orders received as a vendor.}
*/
with movements as (
    select
        {start:Date} + number as date,
        toDecimal64(0, 4) as earnings_usd,
        toDecimal64(0, 4) as payouts_usd,
        toDecimal64(0, 4) as sales_usd
    from numbers(toUInt64(1 + {end:Date} - {start:Date}))
    union all
    select
        date,
        earnings_usd,
        toDecimal64(0, 4) as payouts_usd,
        toDecimal64(0, 4) as sales_usd
    from freelancer_earnings
    where user_id = {user:String} and date between {start:Date} and {end:Date}
    union all
    select
        date,
        toDecimal64(0, 4) as earnings_usd,
        amount_usd as payouts_usd,
        toDecimal64(0, 4) as sales_usd
    from payouts
    where user_id = {user:String} and date between {start:Date} and {end:Date}
    union all
    select
        date,
        toDecimal64(0, 4) as earnings_usd,
        toDecimal64(0, 4) as payouts_usd,
        revenue_usd as sales_usd
    from vendor_metrics
    where vendor_id = {user:String} and date between {start:Date} and {end:Date}
)

select
    movements.date as date,
    sum(movements.earnings_usd) as earnings_usd,
    sum(movements.payouts_usd) as payouts_usd,
    sum(movements.sales_usd) as sales_usd
from movements
group by date
order by date
