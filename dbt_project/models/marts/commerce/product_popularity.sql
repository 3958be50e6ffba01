with days as (
    select *
    from {{ ref('int_products__daily') }}
),

summed as (
    select
        days.product_id as product_id,
        sum(days.views) as views,
        sum(days.new_orders) as orders,
        sum(days.revenue_usd) as revenue_usd
    from days
    group by days.product_id
)

select
    product_id,
    views,
    orders,
    toDecimal64(revenue_usd, 4) as revenue_usd,
    row_number() over (order by views desc, orders desc, product_id asc) as rank
from summed
