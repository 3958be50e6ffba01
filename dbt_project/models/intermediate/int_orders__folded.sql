with orders as (
    select *
    from {{ ref('stg_orders') }}
    where {{ arrived() }}
),

folded as (
    select
        order_id,
        groupUniqArray((date, vendor_id, product_id)) as sightings
    from orders
    group by order_id
)

select
    order_id,
    sightings
from folded
