/*
reads: [product_popularity]
labels: [product_id]
metrics:
  marketplace_product_views: {help: "Views of a product so far; the 100 products with the most."}
  marketplace_product_orders: {help: Orders of it so far.}
*/
select
    product_id,
    views as marketplace_product_views,
    orders as marketplace_product_orders
from product_popularity
order by
    views desc,
    product_id asc
limit 100
