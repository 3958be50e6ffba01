/*
reads: [metrics]
labels: [metric]
metrics:
  marketplace_declared: {help: "Values that services declare through /api/metrics/upsert; the 100 declared last."}
*/
select
    type as metric,
    value as marketplace_declared
from metrics
where not match(type, '^(product_views:|seller_revenue:|conversion_rate:|daily_signups$)')
order by
    updated_at desc,
    type asc
limit 100
