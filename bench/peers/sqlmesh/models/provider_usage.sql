MODEL (
  name peer_sqlmesh.provider_usage,
  kind INCREMENTAL_BY_PARTITION,
  partitioned_by date,
  allow_partials true,
  columns (
    date Date, provider String, model String, messages UInt64, users UInt64, tokens UInt64,
    cost_usd Decimal(38, 4), loaded_at DateTime64(6)
  ),
  physical_properties (order_by = (date, provider, model)),
  audits (not_null(columns := (date)))
);

WITH events AS (
  SELECT *
  FROM arrived.events
  WHERE
    event_type = 'chat.message_sent'
    AND toDate(occurred_at) IN (
      SELECT toDate(occurred_at) FROM arrived.events
      WHERE loaded_at > (SELECT max(loaded_at) FROM peer_sqlmesh.provider_usage)
    )
  ORDER BY loaded_at
  LIMIT 1 BY event_id
),

messages AS (
  SELECT
    toDate(occurred_at) AS date,
    properties['provider'] AS provider,
    properties['model'] AS model,
    user_id,
    toUInt64OrZero(properties['tokens']) AS tokens,
    if(properties['currency'] = '', 'USD', properties['currency']) AS currency,
    toDecimal64OrNull(properties['cost'], 4) AS cost,
    loaded_at
  FROM events
),

rates AS (
  SELECT currency AS rate_currency, date AS valid_from, usd_rate FROM peer_sqlmesh.rates WHERE currency != 'USD'
  UNION ALL
  SELECT 'USD' AS rate_currency, toDate('1970-01-01') AS valid_from, toDecimal64(1, 8) AS usd_rate
),

priced AS (
  SELECT
    messages.*,
    round(toDecimal128(messages.cost, 4) * rates.usd_rate, 4) AS cost_usd
  FROM messages
  ASOF LEFT JOIN rates ON messages.currency = rates.rate_currency AND messages.date >= rates.valid_from
)

SELECT
  date,
  provider,
  model,
  count() AS messages,
  count(DISTINCT user_id) AS users,
  sum(tokens) AS tokens,
  coalesce(sum(cost_usd), 0) AS cost_usd,
  max(loaded_at) AS loaded_at
FROM priced
GROUP BY date, provider, model
