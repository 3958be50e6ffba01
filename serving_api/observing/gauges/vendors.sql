/*
reads: [metrics]
labels: [vendor_id]
metrics:
  marketplace_seller_revenue: {help: "Revenue of a vendor so far, US dollars; the 100 vendors with the most."}
  marketplace_conversion_rate: {help: Orders of a vendor for each view of its products so far.}
*/
select
    substring(type, position(type, ':') + 1) as vendor_id,
    anyIf(toNullable(value), type like 'seller_revenue:%') as marketplace_seller_revenue,
    anyIf(toNullable(value), type like 'conversion_rate:%') as marketplace_conversion_rate
from metrics
where type like 'seller_revenue:%' or type like 'conversion_rate:%'
group by vendor_id
order by
    marketplace_seller_revenue desc nulls last,
    vendor_id asc
limit 100
