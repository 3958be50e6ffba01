/*
path: /api/metrics/{type}
summary: Value of a metric
description: >-
  A single figure by its name: `product_views:<product>`, `seller_revenue:<vendor>` (US dollars), `conversion_rate:<vendor>`
  (orders per view), `daily_signups`, or one that was declared. Vendors have their own revenue and conversion rate, and the
  views of any product.
source: "multi-vendor-ecommerce-analytics-service.md: GET /api/metrics/:type"
roles: [admin, analyst, vendor]
marts: [metrics]
shape: object
absent: there is no metric of this type, or it is another vendor's
parameters:
  - name: type
    type: word
    max_length: 400
    description: Name of the metric.
columns:
  id: {type: UUID, description: "Stable id, made from the type."}
  type: {type: String, description: Name of the metric.}
  value: {type: "Decimal(38, 6)", description: Its value.}
  metadata: {type: "Tuple(unit Nullable(String))", description: What the value counts; null for a declared figure.}
  createdAt: {type: "DateTime64(3, 'UTC')", description: When the last event that the figure looks at happened., of: metrics.updated_at}
*/
select
    reinterpretAsUUID(MD5(metrics.type)) as id,
    metrics.type as type,
    metrics.value as value,
    cast(
        tuple(multiIf(
            startsWith(metrics.type, 'product_views:'), 'views',
            startsWith(metrics.type, 'seller_revenue:'), 'USD',
            startsWith(metrics.type, 'conversion_rate:'), 'orders per view',
            metrics.type = 'daily_signups', 'users',
            null
        )),
        'Tuple(unit Nullable(String))'
    ) as metadata,
    metrics.updated_at as createdAt
from metrics
where
    metrics.type = {type:String}
    and (
        {sees_all:Bool}
        or startsWith(metrics.type, 'product_views:')
        or metrics.type in (
            concat('seller_revenue:', {subject:String}), concat('conversion_rate:', {subject:String})
        )
    )
