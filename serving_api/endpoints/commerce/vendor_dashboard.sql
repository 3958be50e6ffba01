/*
path: /api/v1/analytics/vendor/dashboard
summary: Vendor dashboard
description: >-
  What a vendor's shop attracted and sold in the period, and how it was rated. Orders count on the first day the vendor had
  them, so that they add up over days.
source: "multi-vendor-ecommerce-analytics-service.md: Vendor Panel Stats, order stats per seller, product popularity rankings"
roles: [admin, analyst, vendor]
marts: [vendor_metrics, product_popularity, exchange_rates]
shape: object
parameters: [userId, period, currency]
parts:
  summary:
    shape: object
    description: The period.
    columns:
      revenue: {type: "Nullable(Decimal(38, 4))", description: Amounts of the orders., of: vendor_metrics.revenue_usd}
      orders: {type: UInt64, description: Orders., of: vendor_metrics.new_orders}
      avg_order_value: {type: Nullable(Float64), description: Revenue by order; null without any.}
      product_views: {type: UInt64, description: Views of products., of: vendor_metrics.product_views}
      conversion_rate: {type: Nullable(Float64), description: Orders per view; null without any., of: vendor_metrics.conversion_rate}
      ratings: {type: UInt64, description: Ratings given., of: vendor_metrics.ratings}
      avg_rating: {type: Nullable(Float64), description: "Their mean, 1 to 5; null without any.", of: vendor_metrics.avg_rating}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      revenue: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Amounts of the orders., of: vendor_metrics.revenue_usd}
      orders: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Orders., of: vendor_metrics.new_orders}
      product_views: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Views of products., of: vendor_metrics.product_views}
      conversion_rate: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Orders per view., of: vendor_metrics.conversion_rate}
      avg_rating: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Mean rating., of: vendor_metrics.avg_rating}
  all_time:
    shape: object
    description: Since the first day.
    columns:
      revenue: {type: "Nullable(Decimal(38, 4))", description: Amounts of the orders., of: vendor_metrics.revenue_usd}
      orders: {type: UInt64, description: Orders., of: vendor_metrics.new_orders}
      product_views: {type: UInt64, description: Views of products., of: vendor_metrics.product_views}
      conversion_rate: {type: Nullable(Float64), description: Orders per view; null without any., of: vendor_metrics.conversion_rate}
      ratings: {type: UInt64, description: Ratings given., of: vendor_metrics.ratings}
      avg_rating: {type: Nullable(Float64), description: "Their mean, 1 to 5; null without any.", of: vendor_metrics.avg_rating}
  trend:
    shape: rows
    description: By day, week or month of the period, zeros included.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      revenue: {type: "Nullable(Decimal(38, 4))", description: Amounts of the orders., of: vendor_metrics.revenue_usd}
      orders: {type: UInt64, description: Orders., of: vendor_metrics.new_orders}
      product_views: {type: UInt64, description: Views of products., of: vendor_metrics.product_views}
      conversion_rate: {type: Nullable(Float64), description: Orders per view; null without any., of: vendor_metrics.conversion_rate}
      ratings: {type: UInt64, description: Ratings given., of: vendor_metrics.ratings}
      avg_rating: {type: Nullable(Float64), description: Their mean; null without any., of: vendor_metrics.avg_rating}
  popular_products:
    shape: rows
    shared: true
    description: The twenty products of all vendors that were viewed most, over all time.
    order: [rank]
    columns:
      rank: {type: UInt64, description: From 1 by views., of: product_popularity.rank}
      product_id: {type: String, description: The product., of: product_popularity.product_id}
      views: {type: UInt64, description: Views., of: product_popularity.views}
*/
-- part: summary
-- uses: currency
with summed as (
    select
        told_sum(revenue_usd, date) as revenue,
        sum(vendor_metrics.new_orders) as orders,
        sum(vendor_metrics.product_views) as product_views,
        sum(vendor_metrics.ratings) as ratings,
        sum(vendor_metrics.avg_rating * vendor_metrics.ratings) as rated
    from vendor_metrics
    where
        vendor_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
)

select
    revenue,
    orders,
    toFloat64(revenue) / nullIf(orders, 0) as avg_order_value,
    product_views,
    orders / nullIf(product_views, 0) as conversion_rate,
    ratings,
    rated / nullIf(ratings, 0) as avg_rating
from summed;

-- part: comparison
-- uses: comparison, currency
with summed as (
    select
        told_sum(if(date >= {startDate:Date}, revenue_usd, 0), date) as sold,
        told_sum(if(date <= {previousEnd:Date}, revenue_usd, 0), date) as sold_before,
        sumIf(new_orders, date >= {startDate:Date}) as ordered,
        sumIf(new_orders, date <= {previousEnd:Date}) as ordered_before,
        sumIf(vendor_metrics.product_views, date >= {startDate:Date}) as viewed,
        sumIf(vendor_metrics.product_views, date <= {previousEnd:Date}) as viewed_before,
        ordered / nullIf(viewed, 0) as rate,
        ordered_before / nullIf(viewed_before, 0) as rate_before,
        sumIf(vendor_metrics.avg_rating * ratings, date >= {startDate:Date})
        / nullIf(sumIf(ratings, date >= {startDate:Date}), 0) as rating,
        sumIf(vendor_metrics.avg_rating * ratings, date <= {previousEnd:Date})
        / nullIf(sumIf(ratings, date <= {previousEnd:Date}), 0) as rating_before
    from vendor_metrics
    where
        vendor_id = {userId:String}
        and (
            date between {startDate:Date} and {endDate:Date}
            or date between {previousStart:Date} and {previousEnd:Date}
        )
)

select
    compared(sold, sold_before) as revenue,
    compared(ordered, ordered_before) as orders,
    compared(viewed, viewed_before) as product_views,
    compared(rate, rate_before) as conversion_rate,
    compared(rating, rating_before) as avg_rating
from summed;

-- part: all_time
-- uses: currency
with summed as (
    select
        told_sum(revenue_usd, date) as revenue,
        sum(vendor_metrics.new_orders) as orders,
        sum(vendor_metrics.product_views) as product_views,
        sum(vendor_metrics.ratings) as ratings,
        sum(vendor_metrics.avg_rating * vendor_metrics.ratings) as rated
    from vendor_metrics
    where vendor_id = {userId:String}
)

select
    revenue,
    orders,
    product_views,
    orders / nullIf(product_views, 0) as conversion_rate,
    ratings,
    rated / nullIf(ratings, 0) as avg_rating
from summed;

-- part: trend
-- uses: currency
with days as (
    select
        date,
        revenue_usd,
        new_orders,
        vendor_metrics.product_views as viewed,
        vendor_metrics.ratings as rated,
        coalesce(vendor_metrics.avg_rating * rated, 0) as stars
    from vendor_metrics
    where
        vendor_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
    union all
    select
        {startDate:Date} + number as date,
        toDecimal64(0, 4) as revenue_usd,
        0 as new_orders,
        0 as viewed,
        0 as rated,
        0 as stars
    from numbers(dateDiff('day', {startDate:Date}, {endDate:Date}) + 1)
)

select
    toDate(dateTrunc({granularity:String}, days.date)) as date,
    told_sum(days.revenue_usd, days.date) as revenue,
    sum(days.new_orders) as orders,
    sum(days.viewed) as product_views,
    sum(days.new_orders) / nullIf(sum(days.viewed), 0) as conversion_rate,
    sum(days.rated) as ratings,
    sum(days.stars) / nullIf(sum(days.rated), 0) as avg_rating
from days
group by date
order by date;

-- part: popular_products
select
    product_popularity.rank as rank,
    product_popularity.product_id as product_id,
    product_popularity.views as views
from product_popularity
order by rank
limit 20;
