with views as (
    select *
    from {{ ref('stg_product_views') }}
    where vendor_id != '' and {{ restated('date') }}
),

orders as (
    select *
    from {{ ref('stg_orders') }}
    where vendor_id != '' and {{ restated('date') }}
),

ratings as (
    select *
    from {{ ref('stg_ratings') }}
    where vendor_id != '' and {{ restated('date') }}
),

first_seen as (
    {{ first_seen('orders', 'vendor_id') }}
),

converted as (
    {{ with_usd('orders') }}
),

events as (
    select
        date,
        vendor_id,
        'view' as kind,
        occurred_at,
        '' as order_id,
        false as is_new,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd,
        cast(null as Nullable(Decimal(18, 15))) as rating
    from views
    union all
    select
        converted.date as date,
        converted.vendor_id as vendor_id,
        'order' as kind,
        converted.occurred_at as occurred_at,
        converted.order_id as order_id,
        first_seen.order_id = '' or first_seen.first_date = converted.date as is_new,
        converted.amount_usd as amount_usd,
        cast(null as Nullable(Decimal(18, 15))) as rating
    from converted
    left join first_seen
        on converted.order_id = first_seen.order_id and converted.vendor_id = first_seen.vendor_id
    union all
    select
        date,
        vendor_id,
        'rating' as kind,
        occurred_at,
        '' as order_id,
        false as is_new,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd,
        rating
    from ratings
),

counted as (
    select
        date,
        vendor_id,
        countIf(kind = 'view') as product_views,
        uniqExactIf(order_id, kind = 'order') as orders,
        uniqExactIf(order_id, is_new) as new_orders,
        coalesce(sum(amount_usd), 0) as revenue_usd,
        countIf(kind = 'rating') as ratings,
        avg(rating) as avg_rating,
        maxOrNullIf(occurred_at, kind = 'view') as last_viewed_at,
        maxOrNullIf(occurred_at, kind = 'order') as last_ordered_at
    from events
    group by
        date,
        vendor_id
)

select
    date,
    vendor_id,
    product_views,
    orders,
    new_orders,
    toDecimal64(revenue_usd, 4) as revenue_usd,
    ratings,
    avg_rating,
    orders / nullIf(product_views, 0) as conversion_rate,
    last_viewed_at,
    last_ordered_at
from counted
