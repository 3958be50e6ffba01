MODEL (
  name peer_sqlmesh.active_users,
  kind INCREMENTAL_BY_PARTITION,
  partitioned_by date,
  allow_partials true,
  columns (date Date, active_users UInt64, loaded_at DateTime64(6)),
  physical_properties (order_by = date),
  audits (not_null(columns := (date)), unique_values(columns := (date)))
);

-- Days that anything has come for since the last run are made anew, whole.
SELECT
  toDate(occurred_at) AS date,
  count(DISTINCT user_id) AS active_users,
  max(loaded_at) AS loaded_at
FROM arrived.events
WHERE
  user_id != ''
  /* Caused by others than the user they regard. */
  AND NOT event_type LIKE 'account.%'
  AND NOT event_type IN (
    'creator.level_changed', 'payout.processed', 'financial.recorded', 'assignment.reviewed',
    'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
  )
  AND toDate(occurred_at) IN (
    SELECT toDate(occurred_at) FROM arrived.events
    WHERE loaded_at > (SELECT max(loaded_at) FROM peer_sqlmesh.active_users)
  )
GROUP BY toDate(occurred_at)
