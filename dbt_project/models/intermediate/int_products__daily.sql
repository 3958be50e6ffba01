with views as (
    select *
    from {{ ref('stg_product_views') }}
    where product_id != '' and {{ restated('date') }}
),

orders as (
    select *
    from {{ ref('stg_orders') }}
    where product_id != '' and {{ restated('date') }}
),

first_seen as (
    {{ first_seen('orders', 'product_id') }}
),

converted as (
    {{ with_usd('orders') }}
),

events as (
    select
        date,
        product_id,
        occurred_at,
        true as is_view,
        false as is_new,
        '' as order_id,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd
    from views
    union all
    select
        converted.date as date,
        converted.product_id as product_id,
        converted.occurred_at as occurred_at,
        false as is_view,
        first_seen.order_id = '' or first_seen.first_date = converted.date as is_new,
        converted.order_id as order_id,
        converted.amount_usd as amount_usd
    from converted
    left join first_seen
        on converted.order_id = first_seen.order_id and converted.product_id = first_seen.product_id
),

counted as (
    select
        date,
        product_id,
        countIf(is_view) as views,
        uniqExactIf(order_id, is_new) as new_orders,
        toDecimal64(coalesce(sum(amount_usd), 0), 4) as revenue_usd,
        maxIf(occurred_at, is_view) as last_viewed_at
    from events
    group by
        date,
        product_id
)

select * from counted
