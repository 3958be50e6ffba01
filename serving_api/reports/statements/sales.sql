/*
title: Sales by week
description: What was looked at, ordered and rated, of what the vendor sells.
source: "issue: monthly statement per creator and vendor"
marts: [vendor_metrics]
grain: One row per week (from Monday) with anything in the days.
order: [week]
columns:
  week: {type: Date, description: Monday of the week.}
  product_views: {type: UInt64, description: Product views.}
  orders: {type: UInt64, description: Orders.}
  conversion_rate: {type: "Nullable(Float64)", description: Orders per view.}
  average_rating: {type: "Nullable(Float64)", description: Mean rating.}
  revenue_usd: {type: "Decimal(38, 4)", description: Orders in US dollars.}
*/
select
    toMonday(sold.date) as week,
    sum(sold.product_views) as product_views,
    sum(sold.orders) as orders,
    sum(sold.orders) / nullIf(sum(sold.product_views), 0) as conversion_rate,
    sum(sold.avg_rating * sold.ratings) / nullIf(sum(sold.ratings), 0) as average_rating,
    sum(sold.revenue_usd) as revenue_usd
from vendor_metrics as sold
where sold.vendor_id = {user:String} and sold.date between {start:Date} and {end:Date}
group by week
order by week
