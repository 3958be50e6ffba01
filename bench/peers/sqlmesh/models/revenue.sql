MODEL (
  name peer_sqlmesh.revenue,
  kind INCREMENTAL_BY_PARTITION,
  partitioned_by date,
  allow_partials true,
  columns (
    date Date, stream String, currency String, plan_id String, gross_amount Decimal(38, 4),
    refund_amount Decimal(38, 4), gross_usd Decimal(38, 4), refund_usd Decimal(38, 4), transaction_count UInt64,
    refund_count UInt64, loaded_at DateTime64(6)
  ),
  physical_properties (order_by = (date, stream, currency, plan_id)),
  audits (
    not_null(columns := (date)),
    accepted_values(column := stream, is_in := ('subscription', 'charge', 'order', 'placement', 'service_fee'))
  )
);

WITH events AS (
  SELECT *
  FROM arrived.events
  WHERE
    event_type IN (
      'billing.payment_success', 'payment.completed', 'payment.refunded', 'order.created', 'placement.made',
      'financial.recorded'
    )
    AND toDate(occurred_at) IN (
      SELECT toDate(occurred_at) FROM arrived.events
      WHERE loaded_at > (SELECT max(loaded_at) FROM peer_sqlmesh.revenue)
    )
  ORDER BY loaded_at
  LIMIT 1 BY event_id
),

transactions AS (
  SELECT
    toDate(occurred_at) AS date,
    CASE
      WHEN event_type = 'billing.payment_success' THEN 'subscription'
      WHEN event_type IN ('payment.completed', 'payment.refunded') THEN 'charge'
      WHEN event_type = 'order.created' THEN 'order'
      WHEN event_type = 'placement.made' THEN 'placement'
      ELSE 'service_fee'
    END AS stream,
    if(event_type = 'billing.payment_success', properties['plan_id'], '') AS plan_id,
    event_type = 'payment.refunded'
    OR (event_type = 'financial.recorded' AND properties['category'] = 'Refund') AS is_refund,
    if(properties['currency'] = '', 'USD', properties['currency']) AS currency,
    toDecimal64OrNull(if(event_type = 'placement.made', properties['fee'], properties['amount']), 4) AS amount,
    loaded_at
  FROM events
  WHERE event_type != 'financial.recorded' OR properties['category'] IN ('Fee', 'Refund')
),

rates AS (
  SELECT currency AS rate_currency, date AS valid_from, usd_rate FROM peer_sqlmesh.rates WHERE currency != 'USD'
  UNION ALL
  SELECT 'USD' AS rate_currency, toDate('1970-01-01') AS valid_from, toDecimal64(1, 8) AS usd_rate
),

converted AS (
  SELECT
    transactions.*,
    round(toDecimal128(transactions.amount, 4) * rates.usd_rate, 4) AS amount_usd
  FROM transactions
  ASOF LEFT JOIN rates
    ON transactions.currency = rates.rate_currency AND transactions.date >= rates.valid_from
  WHERE transactions.amount IS NOT NULL
)

SELECT
  date,
  stream,
  currency,
  plan_id,
  coalesce(sum(CASE WHEN NOT is_refund THEN amount END), 0) AS gross_amount,
  coalesce(sum(CASE WHEN is_refund THEN amount END), 0) AS refund_amount,
  coalesce(sum(CASE WHEN NOT is_refund THEN amount_usd END), 0) AS gross_usd,
  coalesce(sum(CASE WHEN is_refund THEN amount_usd END), 0) AS refund_usd,
  sum(CASE WHEN NOT is_refund THEN 1 ELSE 0 END) AS transaction_count,
  sum(CASE WHEN is_refund THEN 1 ELSE 0 END) AS refund_count,
  max(loaded_at) AS loaded_at
FROM converted
GROUP BY date, stream, currency, plan_id
