CREATE DATABASE `build`

CREATE DATABASE `marts`

CREATE DATABASE `marts_g000001`

CREATE DATABASE `raw`

CREATE DATABASE `warehouse`

CREATE TABLE build.evidence (`kind` Enum8('events' = 1, 'model' = 2), `input` LowCardinality(String), `date` Date, `written_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY (kind, input, date)

CREATE TABLE build.horizon (`opened_at` DateTime64(6, 'UTC'), `commit_seq` UInt64, `built_through` UInt64) ENGINE = MergeTree ORDER BY opened_at TTL toDateTime(opened_at) + toIntervalDay(30)

CREATE TABLE marts.publications (`sequence` UInt64, `generation` UInt64, `database` String, `action` Enum8('publish' = 1, 'rollback' = 2), `published_at` DateTime64(3, 'UTC'), `complete_through` Nullable(DateTime64(3, 'UTC')), `commit_seq` UInt64, `code` String, `run_id` String, `tests_passed` UInt32, `tests_failed` UInt32, `seeds` Map(String, String)) ENGINE = MergeTree ORDER BY sequence

CREATE TABLE marts.revisions (`generation` UInt64, `previous` UInt64, `published_at` DateTime64(3, 'UTC'), `mart` LowCardinality(String), `date` Date, `column` LowCardinality(String), `old` Decimal(38, 6), `new` Decimal(38, 6), `delta` Decimal(38, 6) ALIAS new - old, `causes` Array(LowCardinality(String))) ENGINE = MergeTree ORDER BY (generation, mart, date, column) TTL toDateTime(published_at) + toIntervalDay(30) WHERE causes = ['new_events'], toDateTime(published_at) + toIntervalDay(730) WHERE causes != ['new_events']

CREATE TABLE raw.batches (`commit_seq` UInt64, `batch_seq` UInt64, `batch_id` String, `source` LowCardinality(String), `origin` String, `received` UInt64, `stored` UInt64, `duplicates` UInt64, `quarantined` UInt64, `first_occurred_at` Nullable(DateTime64(3, 'UTC')), `last_occurred_at` Nullable(DateTime64(3, 'UTC')), `started_at` DateTime64(3, 'UTC'), `landed_at` DateTime64(3, 'UTC'), INDEX id batch_id TYPE bloom_filter GRANULARITY 1, CONSTRAINT ledger_adds_up CHECK received = ((stored + duplicates) + quarantined)) ENGINE = MergeTree ORDER BY commit_seq

CREATE TABLE raw.duplicates (`event_id` UUID, `received_seq` UInt64, `batch_seq` UInt64) ENGINE = MergeTree ORDER BY (batch_seq, received_seq)

CREATE TABLE raw.events (`event_id` UUID, `event_type` LowCardinality(String), `occurred_at` DateTime64(3, 'UTC'), `user_id` String, `session_id` String, `source` LowCardinality(String), `context` Map(LowCardinality(String), String), `properties` Map(LowCardinality(String), String), `batch_seq` UInt64, `received_seq` UInt64 CODEC(Delta(8), LZ4), `received_at` DateTime64(3, 'UTC'), INDEX batch batch_seq TYPE minmax GRANULARITY 1) ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY (event_type, occurred_at, event_id) SETTINGS merge_selector_base = 15, index_granularity = 8192

CREATE TABLE raw.landing (`event_id` UUID, `event_type` LowCardinality(String), `occurred_at` DateTime64(3, 'UTC'), `user_id` String, `session_id` String, `source` LowCardinality(String), `context` Map(LowCardinality(String), String), `properties` Map(LowCardinality(String), String), `batch_seq` UInt64, `received_seq` UInt64, `received_at` DateTime64(3, 'UTC'), `reason` LowCardinality(String), `original` String) ENGINE = `Null`

CREATE TABLE raw.quarantine (`batch_seq` UInt64, `received_seq` UInt64, `source` LowCardinality(String), `reason` LowCardinality(String), `original` String CODEC(ZSTD(3)), `received_at` DateTime64(3, 'UTC')) ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY (batch_seq, received_seq)

CREATE TABLE raw.receipts (`event_id` UUID, `received_seq` UInt64, `batch_seq` UInt64, INDEX batch batch_seq TYPE minmax GRANULARITY 1) ENGINE = MergeTree ORDER BY event_id SETTINGS index_granularity = 1024, merge_selector_base = 15

CREATE TABLE raw.replays (`batch_seq` UInt64, `received_seq` UInt64, `replayed_at` DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (batch_seq, received_seq)

CREATE TABLE warehouse.migrations (`name` String, `checksum` String, `applied_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')) ENGINE = MergeTree ORDER BY name

CREATE TABLE build.creator_ladder (`level` LowCardinality(String), `rank` UInt8, `tasks_required` UInt32, `rating_required` Decimal(4, 2)) ENGINE = MergeTree ORDER BY (rank)

CREATE TABLE build.fx_rates (`date` Date, `currency` LowCardinality(String), `usd_rate` Decimal(18, 8)) ENGINE = MergeTree ORDER BY (currency, date)

CREATE TABLE build.int_batches__folded (`date` Date, `commit_seq` UInt64, `source` SimpleAggregateFunction(max, String), `received_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC')), `stored` SimpleAggregateFunction(max, UInt64), `duplicates` SimpleAggregateFunction(max, UInt64), `quarantined` SimpleAggregateFunction(max, UInt64), `occurred_ms` SimpleAggregateFunction(max, Array(Int64)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (date, commit_seq) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_calendar__filled (`date` Date) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_fx__extended (`rate_currency` String, `valid_from` Date, `valid_until` Date, `usd_rate` Nullable(Decimal(18, 8))) ENGINE = MergeTree ORDER BY (rate_currency, valid_from)

CREATE TABLE build.plan_prices (`plan_id` LowCardinality(String), `valid_from` Date, `monthly_usd` Decimal(18, 4)) ENGINE = MergeTree ORDER BY (plan_id, valid_from)

CREATE TABLE build.stg_events (`event_id` UUID, `user_id` String, `session_id` String, `event_type` LowCardinality(String), `source` LowCardinality(String), `occurred_at` DateTime64(3, 'UTC'), `date` Date, `is_activity` UInt8, `context` Map(LowCardinality(String), String), `properties` Map(LowCardinality(String), String), `commit_seq` UInt64, `batch_seq` UInt64, `received_seq` UInt64, INDEX arrival commit_seq TYPE minmax GRANULARITY 1) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (event_type, date, occurred_at, event_id) SETTINGS index_granularity = 1024, replicated_deduplication_window = '0'

CREATE TABLE build.int_events__folded (`date` Date, `last_occurred_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC'))) ENGINE = AggregatingMergeTree ORDER BY (date) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_sessions__folded (`session_id` String, `first_at` SimpleAggregateFunction(min, DateTime64(3, 'UTC')), `last_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC')), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (session_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_users__numbered (`user_id` String, `user_number` UInt32) ENGINE = MergeTree ORDER BY (user_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_feed__recent (`date` Date, `occurred_at` DateTime64(3, 'UTC'), `event_id` UUID, `event_type` LowCardinality(String), `user_id` String) ENGINE = MergeTree ORDER BY (date, occurred_at, event_id)

CREATE TABLE build.pipeline_health (`source` String, `minute` DateTime64(3, 'UTC'), `events` UInt64, `quarantined` UInt64, `duplicates` UInt64, `latency_p50_s` Nullable(Float64), `latency_p95_s` Nullable(Float64)) ENGINE = MergeTree PARTITION BY (toYYYYMM(minute)) ORDER BY (minute, source)

CREATE TABLE build.rating_distribution (`date` Date, `score` UInt8, `reviews` UInt64) ENGINE = MergeTree ORDER BY (date, score)

CREATE TABLE build.user_sessions (`date` Date, `sessions` UInt64, `avg_session_seconds` Float64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.compliance_metrics (`date` Date, `audited_actions` UInt64, `complete_actions` UInt64, `audit_completeness` Float64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.conversations (`date` Date, `created` UInt64, `deleted` UInt64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.conversions (`date` Date, `type` String, `conversions` UInt64, `value` Decimal(38, 6)) ENGINE = MergeTree ORDER BY (date, type)

CREATE TABLE build.external_services (`date` Date, `service` String, `checks` UInt64, `up_checks` UInt64, `uptime_rate` Float64, `is_up` Bool) ENGINE = MergeTree ORDER BY (date, service)

CREATE TABLE build.feature_adoption (`date` Date, `feature` String, `uses` UInt64, `users` UInt64) ENGINE = MergeTree ORDER BY (date, feature)

CREATE TABLE build.int_assignments__folded (`assignment_id` String, `is_assignment` SimpleAggregateFunction(max, UInt8), `creation` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, uploader_id String, due_at Nullable(DateTime64(3, 'UTC')))), `completion` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, creator_id String, output_type String)), `typing` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, output_type String)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (assignment_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_chat_sessions__clustered (`date` Date, `whole_sessions` UInt64, `whole_session_ms` Int64, `near_midnight` Array(Tuple(user_id String, first_ms Int64, last_ms Int64))) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_contracts__folded (`contract_id` String, `completion` SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), id String, date Date, freelancer_id String, client_id String, outcome String, currency String, value Nullable(Decimal(18, 4)))), `start` SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), id String, date Date, currency String, value Nullable(Decimal(18, 4)))), `feedback` SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), id String, score Nullable(Decimal(18, 15))))) ENGINE = AggregatingMergeTree ORDER BY (contract_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_earnings__by_job (`date` Date, `user_id` String, `job_id` String, `earnings_usd` Decimal(18, 4)) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id, job_id)

CREATE TABLE build.satisfaction (`date` Date, `feedbacks` UInt64, `satisfied` UInt64, `avg_score` Nullable(Float64), `satisfied_rate` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.system_health (`hour` DateTime64(3, 'UTC'), `service` String, `endpoint` String, `requests` UInt64, `errors` UInt64, `client_errors` UInt64, `error_rate` Float64, `p50_ms` Nullable(Float64), `p95_ms` Nullable(Float64), `p99_ms` Nullable(Float64)) ENGINE = MergeTree PARTITION BY (toYYYYMM(hour)) ORDER BY (hour, service, endpoint)

CREATE TABLE build.client_placements (`month` Date, `client_id` String, `placements` UInt64, `fee_usd` Decimal(18, 4)) ENGINE = MergeTree ORDER BY (month, client_id)

CREATE TABLE build.engagement_funnel (`date` Date, `profile_views` UInt64, `job_views` UInt64, `proposals_sent` UInt64, `proposals_viewed` UInt64, `proposals_accepted` UInt64, `view_rate` Nullable(Float64), `accept_rate` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_creators__folded (`creator_id` String, `first_work` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date))) ENGINE = AggregatingMergeTree ORDER BY (creator_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_flags__folded (`flag_id` String, `creation` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, flag_type String, is_automatic Bool)), `resolution` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (flag_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_freelancers__folded (`user_id` String, `first_date` SimpleAggregateFunction(min, Date)) ENGINE = AggregatingMergeTree ORDER BY (user_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_jobs__folded (`job_id` String, `posting` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, category String)), `filling` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `closing` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (job_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_level_changes__recorded (`date` Date, `event_id` UUID, `creator_id` String, `occurred_at` DateTime64(3, 'UTC'), `from_level` String, `to_level` String) ENGINE = MergeTree ORDER BY (date, event_id)

CREATE TABLE build.int_matches__folded (`pair` Tuple(candidate_id String, job_id String), `matching` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (pair) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_orders__folded (`order_id` String, `sightings` SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(date Date, vendor_id String, product_id String)))) ENGINE = AggregatingMergeTree ORDER BY (order_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_placements__folded (`placement_id` String, `making` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, candidate_id String, job_id String)), `ending` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (placement_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_plan_changes__folded (`user_id` String, `date` Date, `last_change` SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), id String, to_plan String))) ENGINE = AggregatingMergeTree ORDER BY (user_id, date) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_profile_views__daily (`date` Date, `profile_user_id` String, `profile_views` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, profile_user_id)

CREATE TABLE build.int_proposals__folded (`proposal_id` String, `sending` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, freelancer_id String, job_id String)), `viewing` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `acceptance` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (proposal_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.payouts (`date` Date, `user_id` String, `currency` String, `amount` Decimal(18, 4), `amount_usd` Decimal(18, 4), `payouts` UInt64, `unconverted_count` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id, currency)

CREATE TABLE build.queue_metrics (`hour` DateTime64(3, 'UTC'), `queue` String, `samples` UInt64, `avg_depth` Nullable(Float64), `max_depth` Nullable(Float64), `processed` Float64) ENGINE = MergeTree ORDER BY (hour, queue)

CREATE TABLE build.search_activity (`date` Date, `searches` UInt64, `searchers` UInt64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.activity_feed (`occurred_at` DateTime64(3, 'UTC'), `event_id` UUID, `type` LowCardinality(String), `description` String, `user_id` String) ENGINE = MergeTree ORDER BY (occurred_at, event_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_activity__counted (`date` Date, `user_number` UInt32, `signins` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_number)

CREATE TABLE build.int_chat_usage__daily (`date` Date, `provider` String, `model` String, `messages` UInt64, `conversations` UInt64, `users` UInt64, `user_numbers` AggregateFunction(groupBitmap, UInt32), `tokens` UInt64, `cost_usd` Decimal(18, 4), `unconverted_count` UInt64, `latencies` Array(Nullable(Float64))) ENGINE = MergeTree ORDER BY (date, provider, model)

CREATE TABLE build.int_marketplace__daily (`date` Date, `total_payouts` Decimal(18, 4), `uploads_count` UInt64, `assignments_created` UInt64, `assignments_completed` UInt64, `assignments_rejected` UInt64, `avg_rating` Nullable(Float64), `reviews` UInt64, `approved` UInt64, `approved_first` UInt64, `revisions` UInt64, `flags_created` UInt64, `flags_resolved` UInt64, `accounts_suspended` UInt64, `messages_sent` UInt64, `tokens_used` UInt64, `orders_count` UInt64, `jobs_posted` UInt64, `proposals_sent` UInt64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_signups__daily (`date` Date, `last_signup_at` DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_signups__folded (`user_id` String, `first_signup` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, role String, plan_tier String, date Date))) ENGINE = AggregatingMergeTree ORDER BY (user_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_subscriptions__folded (`subscription_id` String, `creation` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, user_id String, plan_id String, billing_interval String, currency String, amount Nullable(Decimal(18, 4)))), `cancellation` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date))) ENGINE = AggregatingMergeTree ORDER BY (subscription_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.int_uploads__folded (`upload_id` String, `initiation` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date, uploader_id String)), `completion` SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, date Date)), `days` SimpleAggregateFunction(groupUniqArrayArray, Array(Date))) ENGINE = AggregatingMergeTree ORDER BY (upload_id) SETTINGS allow_nullable_key = 1, index_granularity = 8192

CREATE TABLE build.payment_failures (`date` Date, `reason` String, `failures` UInt64, `amount_usd` Decimal(18, 4), `unconverted_count` UInt64, `attempts` UInt64, `failure_rate` Float64) ENGINE = MergeTree ORDER BY (date, reason)

CREATE TABLE build.plan_revenue (`month` Date, `plan_id` String, `revenue_usd` Decimal(18, 4), `payments` UInt64, `payers` UInt64, `unconverted_count` UInt64) ENGINE = MergeTree ORDER BY (month, plan_id)

CREATE TABLE build.storage_metrics (`date` Date, `service` String, `bytes_used` Nullable(Float64), `samples` UInt64) ENGINE = MergeTree ORDER BY (date, service)

CREATE TABLE build.assignment_backlog (`date` Date, `created` UInt64, `completed` UInt64, `open` UInt64, `overdue` UInt64) ENGINE = MergeTree ORDER BY (date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.creator_performance (`date` Date, `user_id` String, `output_type` String, `completed` UInt64, `earnings_usd` Decimal(18, 4), `rating_sum` Decimal(38, 15), `rating_count` UInt64, `average_rating` Nullable(Float64), `on_time` UInt64, `with_deadline` UInt64, `on_time_rate` Nullable(Float64), `approved_first` UInt64, `approved` UInt64, `first_approval_rate` Nullable(Float64), `hours_worked` Float64, `earnings_per_hour` Nullable(Float64)) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id, output_type)

CREATE TABLE build.output_types (`date` Date, `user_id` String, `output_type` String, `requested` UInt64, `created` UInt64, `completed` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id, output_type)

CREATE TABLE build.quality_metrics (`date` Date, `output_type` String, `reviews` UInt64, `rated` UInt64, `avg_rating` Nullable(Float64), `approved` UInt64, `first_approved` UInt64, `revisions` UInt64, `rejections` UInt64, `approval_rate` Nullable(Float64), `first_approval_rate` Nullable(Float64), `revision_rate` Nullable(Float64), `rejection_rate` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date, output_type)

CREATE TABLE build.uploader_activity (`date` Date, `user_id` String, `uploads` UInt64, `spent_usd` Decimal(18, 4), `assignments_created` UInt64, `assignments_completed` UInt64, `avg_delivery_hours` Nullable(Float64), `pending` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id)

CREATE TABLE build.client_spend (`date` Date, `user_id` String, `job_type` String, `spend_usd` Decimal(18, 4), `transactions` UInt64, `unconverted_count` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id, job_type)

CREATE TABLE build.fraud_metrics (`date` Date, `flag_type` String, `flags_created` UInt64, `flags_resolved` UInt64, `confirmed` UInt64, `false_positives` UInt64, `pending` UInt64, `duplicates_blocked` UInt64, `false_positive_rate` Nullable(Float64), `automatic_resolved` UInt64, `automatic_confirmed` UInt64, `flag_accuracy` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date, flag_type)

CREATE TABLE build.freelancer_earnings (`date` Date, `user_id` String, `earnings_usd` Decimal(18, 4), `refunds_usd` Decimal(18, 4), `fees_usd` Decimal(18, 4), `escrow_usd` Decimal(18, 4), `transactions` UInt64, `unconverted_count` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id)

CREATE TABLE build.job_performance (`date` Date, `category` String, `jobs_posted` UInt64, `jobs_filled` UInt64, `fill_rate` Nullable(Float64), `avg_days_to_fill` Nullable(Float64), `jobs_withdrawn` UInt64, `open_jobs` UInt64) ENGINE = MergeTree ORDER BY (date, category)

CREATE TABLE build.int_products__daily (`date` Date, `product_id` String, `views` UInt64, `new_orders` UInt64, `revenue_usd` Decimal(18, 4), `last_viewed_at` DateTime64(3, 'UTC')) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, product_id)

CREATE TABLE build.matching_performance (`date` Date, `matches` UInt64, `accepted` UInt64, `success_rate` Nullable(Float64), `avg_score` Nullable(Float64), `placements` UInt64, `placement_fee_usd` Decimal(18, 4), `placements_due_90d` UInt64, `placements_retained_90d` UInt64, `retention_rate_90d` Nullable(Float64), `avg_days_to_hire` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.proposal_pipeline (`date` Date, `proposals` UInt64, `viewed` UInt64, `accepted` UInt64, `view_rate` Nullable(Float64), `accept_rate` Nullable(Float64), `avg_hours_to_view` Nullable(Float64), `avg_hours_to_accept` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.vendor_metrics (`date` Date, `vendor_id` String, `product_views` UInt64, `orders` UInt64, `new_orders` UInt64, `revenue_usd` Decimal(18, 4), `ratings` UInt64, `avg_rating` Nullable(Float64), `conversion_rate` Nullable(Float64), `last_viewed_at` Nullable(DateTime64(3, 'UTC')), `last_ordered_at` Nullable(DateTime64(3, 'UTC'))) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, vendor_id)

CREATE TABLE build.chat_sessions (`date` Date, `sessions` UInt64, `avg_session_seconds` Float64, `total_session_seconds` Float64) ENGINE = MergeTree ORDER BY (date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_subscriptions__priced (`subscription_id` String, `valid_from` Date, `valid_until` Date, `user_id` String, `currency` String, `plan_id` String, `price_usd` Decimal(18, 4), `previous_price_usd` Nullable(Decimal(18, 4)), `is_cancelled` UInt8) ENGINE = MergeTree ORDER BY (subscription_id, valid_from) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.job_success_score (`freelancer_id` String, `as_of` Date, `jss` Float64, `contracts_completed` UInt64, `contracts_successful` UInt64, `avg_feedback_score` Nullable(Float64), `contract_value_usd` Decimal(18, 4), `clients` UInt64, `long_term_clients` UInt64) ENGINE = MergeTree ORDER BY (freelancer_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.upload_progress (`date` Date, `user_id` String, `initiated` UInt64, `completed` UInt64, `pending` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_id)

CREATE TABLE build.chat_statistics (`date` Date, `provider` String, `model` String, `messages` UInt64, `conversations` UInt64, `users` UInt64, `tokens` UInt64) ENGINE = MergeTree ORDER BY (date, provider, model) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.model_popularity (`provider` String, `model` String, `messages` UInt64, `users` UInt64, `tokens` UInt64, `share` Float64, `rank` UInt64) ENGINE = MergeTree ORDER BY (provider, model) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.revenue (`date` Date, `stream` String, `currency` String, `plan_id` String, `gross_amount` Decimal(18, 4), `refund_amount` Decimal(18, 4), `net_amount` Decimal(18, 4), `gross_usd` Decimal(18, 4), `refund_usd` Decimal(18, 4), `net_usd` Decimal(18, 4), `transaction_count` UInt64, `refund_count` UInt64, `unconverted_count` UInt64) ENGINE = MergeTree ORDER BY (date, stream, currency, plan_id)

CREATE TABLE build.account_balances (`user_id` String, `earnings_usd` Decimal(18, 4), `refunds_usd` Decimal(18, 4), `fees_usd` Decimal(18, 4), `payouts_usd` Decimal(18, 4), `available_usd` Decimal(18, 4), `unconverted_count` UInt64) ENGINE = MergeTree ORDER BY (user_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.freelancer_overview (`user_id` String, `total_earnings_usd` Decimal(18, 4), `average_project_usd` Nullable(Decimal(18, 4)), `jobs_completed` UInt64, `jss` Nullable(Float64), `active_proposals` UInt64, `profile_views` UInt64) ENGINE = MergeTree ORDER BY (user_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_creators__seen (`creator_id` String, `first_seen_at` DateTime64(3, 'UTC'), `first_seen_date` Date, `joined_date` Date) ENGINE = MergeTree ORDER BY (creator_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.job_categories (`category` String, `jobs_posted` UInt64, `jobs_filled` UInt64, `jobs_withdrawn` UInt64, `open_jobs` UInt64, `share` Float64) ENGINE = MergeTree ORDER BY (category) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.product_popularity (`product_id` String, `views` UInt64, `orders` UInt64, `revenue_usd` Decimal(18, 4), `rank` UInt64) ENGINE = MergeTree ORDER BY (product_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.provider_usage (`date` Date, `provider` String, `model` String, `messages` UInt64, `users` UInt64, `tokens` UInt64, `cost_usd` Decimal(18, 4), `unconverted_count` UInt64, `latency_p50_ms` Nullable(Float64), `latency_p95_ms` Nullable(Float64), `latency_p99_ms` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date, provider, model) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.creator_level_snapshots (`snapshot_date` Date, `level` String, `creator_count` UInt64, `avg_rating` Nullable(Float64), `total_completed` UInt64) ENGINE = MergeTree ORDER BY (snapshot_date, level) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.creator_level_transitions (`date` Date, `from_level` String, `to_level` String, `transitions` UInt64, `avg_days_in_from_level` Float64) ENGINE = MergeTree ORDER BY (date, from_level, to_level) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.creator_levels (`user_id` String, `level` String, `since` Date, `tasks_completed` UInt64, `rating_sum` Decimal(38, 15), `rating_count` UInt64, `avg_rating` Nullable(Float64), `next_level` Nullable(String), `tasks_required` Nullable(UInt32), `rating_required` Nullable(Decimal(4, 2)), `tasks_remaining` Nullable(UInt64), `on_time` UInt64, `with_deadline` UInt64, `on_time_rate` Nullable(Float64), `approved_first` UInt64, `approved` UInt64, `first_approval_rate` Nullable(Float64), `available_balance_usd` Decimal(18, 4)) ENGINE = MergeTree ORDER BY (user_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_activity__daily (`date` Date, `user_number` UInt32, `role` String, `plan_tier` String, `is_new` Bool, `signup_date` Date, `signins` UInt64) ENGINE = MergeTree PARTITION BY (toYYYYMM(date)) ORDER BY (date, user_number)

CREATE TABLE build.int_level_changes__linked (`event_id` UUID, `creator_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `from_level` String, `to_level` String, `entered_at` DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (creator_id, occurred_at, event_id) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.subscription_churn (`month` Date, `active_at_start` UInt64, `cancelled` UInt64, `churn_rate` Nullable(Float64), `opening_mrr` Decimal(18, 4), `new_mrr` Decimal(18, 4), `expansion_mrr` Decimal(18, 4), `contraction_mrr` Decimal(18, 4), `churned_mrr` Decimal(18, 4), `closing_mrr` Decimal(18, 4)) ENGINE = MergeTree ORDER BY (month) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.subscription_metrics (`date` Date, `active_subscriptions` UInt64, `mrr` Decimal(18, 4), `arr` Decimal(18, 4), `new_mrr` Decimal(18, 4), `expansion_mrr` Decimal(18, 4), `contraction_mrr` Decimal(18, 4), `churned_mrr` Decimal(18, 4), `new_subscriptions` UInt64, `cancelled_subscriptions` UInt64) ENGINE = MergeTree ORDER BY (date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.account_safety (`date` Date, `accounts_suspended` UInt64, `duplicates_blocked` UInt64, `new_users` UInt64, `duplicate_detection_rate` Nullable(Float64), `flags_confirmed` UInt64, `fraud_prevention_rate` Nullable(Float64), `flags_pending` UInt64) ENGINE = MergeTree ORDER BY (date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.int_active_users__by_plan (`date` Date, `role` String, `plan_tier` String, `new_users` UInt64, `active_users` UInt64, `signins` UInt64, `user_numbers` AggregateFunction(groupBitmap, UInt32)) ENGINE = MergeTree ORDER BY (date, role, plan_tier)

CREATE TABLE build.int_active_users__rolling (`date` Date, `wau` UInt64, `mau` UInt64) ENGINE = MergeTree ORDER BY (date)

CREATE TABLE build.int_retention__weekly (`week` Date, `cohort_week` Date, `week_number` UInt32, `retained_users` UInt64) ENGINE = MergeTree ORDER BY (week, cohort_week)

CREATE TABLE build.level_averages (`level` String, `creators` UInt64, `avg_rating` Nullable(Float64), `avg_tasks_completed` Float64, `on_time_rate` Nullable(Float64), `first_approval_rate` Nullable(Float64)) ENGINE = MergeTree ORDER BY (level) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.metrics (`type` String, `value` Decimal(38, 6), `updated_at` DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (type) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.signup_sources (`date` Date, `method` String, `country` String, `signups` UInt64) ENGINE = MergeTree ORDER BY (date, method, country)

CREATE TABLE build.user_acquisition (`date` Date, `role` String, `signups_started` UInt64, `signups` UInt64, `conversion_rate` Nullable(Float64)) ENGINE = MergeTree ORDER BY (date, role)

CREATE TABLE build.user_metrics (`date` Date, `role` String, `plan_tier` String, `new_users` UInt64, `active_users` UInt64, `signins` UInt64) ENGINE = MergeTree ORDER BY (date, role, plan_tier) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.anomalies (`metric` String, `date` Date, `value` Float64, `expected` Float64, `score` Float64, `severity` String) ENGINE = MergeTree ORDER BY (metric, date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.daily_metrics (`date` Date, `total_revenue` Decimal(18, 4), `total_refunds` Decimal(18, 4), `total_payouts` Decimal(18, 4), `platform_margin` Decimal(18, 4), `transaction_count` UInt64, `new_users` UInt64, `new_uploaders` UInt64, `new_creators` UInt64, `active_users` UInt64, `active_uploaders` UInt64, `active_creators` UInt64, `wau` UInt64, `mau` UInt64, `uploads_count` UInt64, `assignments_created` UInt64, `assignments_completed` UInt64, `assignments_rejected` UInt64, `avg_rating` Nullable(Float64), `first_approval_rate` Nullable(Float64), `revision_rate` Nullable(Float64), `flags_created` UInt64, `flags_resolved` UInt64, `accounts_suspended` UInt64, `messages_sent` UInt64, `tokens_used` UInt64, `orders_count` UInt64, `jobs_posted` UInt64, `proposals_sent` UInt64) ENGINE = MergeTree ORDER BY (date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.forecasts (`metric` String, `date` Date, `value` Float64, `lower` Float64, `upper` Float64, `model` String, `trained_at` DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (metric, date) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.user_counts (`date` Date, `role` String, `plan_tier` String, `users` UInt64) ENGINE = MergeTree ORDER BY (date, role, plan_tier) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE build.user_retention (`cohort_week` Date, `week_number` UInt32, `cohort_size` UInt64, `retained_users` UInt64, `retention_rate` Float64) ENGINE = MergeTree ORDER BY (cohort_week, week_number) SETTINGS replicated_deduplication_window = '0', index_granularity = 8192

CREATE TABLE marts_g000001.`account_balances` AS build.`account_balances`

CREATE TABLE marts_g000001.`account_safety` AS build.`account_safety`

CREATE TABLE marts_g000001.`activity_feed` AS build.`activity_feed`

CREATE TABLE marts_g000001.`anomalies` AS build.`anomalies`

CREATE TABLE marts_g000001.`assignment_backlog` AS build.`assignment_backlog`

CREATE TABLE marts_g000001.`chat_sessions` AS build.`chat_sessions`

CREATE TABLE marts_g000001.`chat_statistics` AS build.`chat_statistics`

CREATE TABLE marts_g000001.`client_placements` AS build.`client_placements`

CREATE TABLE marts_g000001.`client_spend` AS build.`client_spend`

CREATE TABLE marts_g000001.`compliance_metrics` AS build.`compliance_metrics`

CREATE TABLE marts_g000001.`conversations` AS build.`conversations`

CREATE TABLE marts_g000001.`conversions` AS build.`conversions`

CREATE TABLE marts_g000001.`creator_level_snapshots` AS build.`creator_level_snapshots`

CREATE TABLE marts_g000001.`creator_level_transitions` AS build.`creator_level_transitions`

CREATE TABLE marts_g000001.`creator_levels` AS build.`creator_levels`

CREATE TABLE marts_g000001.`creator_performance` AS build.`creator_performance`

CREATE TABLE marts_g000001.`daily_metrics` AS build.`daily_metrics`

CREATE TABLE marts_g000001.`engagement_funnel` AS build.`engagement_funnel`

CREATE TABLE marts_g000001.`external_services` AS build.`external_services`

CREATE TABLE marts_g000001.`feature_adoption` AS build.`feature_adoption`

CREATE TABLE marts_g000001.`forecasts` AS build.`forecasts`

CREATE TABLE marts_g000001.`fraud_metrics` AS build.`fraud_metrics`

CREATE TABLE marts_g000001.`freelancer_earnings` AS build.`freelancer_earnings`

CREATE TABLE marts_g000001.`freelancer_overview` AS build.`freelancer_overview`

CREATE TABLE marts_g000001.`job_categories` AS build.`job_categories`

CREATE TABLE marts_g000001.`job_performance` AS build.`job_performance`

CREATE TABLE marts_g000001.`job_success_score` AS build.`job_success_score`

CREATE TABLE marts_g000001.`level_averages` AS build.`level_averages`

CREATE TABLE marts_g000001.`matching_performance` AS build.`matching_performance`

CREATE TABLE marts_g000001.`metrics` AS build.`metrics`

CREATE TABLE marts_g000001.`model_popularity` AS build.`model_popularity`

CREATE TABLE marts_g000001.`output_types` AS build.`output_types`

CREATE TABLE marts_g000001.`payment_failures` AS build.`payment_failures`

CREATE TABLE marts_g000001.`payouts` AS build.`payouts`

CREATE TABLE marts_g000001.`pipeline_health` AS build.`pipeline_health`

CREATE TABLE marts_g000001.`plan_revenue` AS build.`plan_revenue`

CREATE TABLE marts_g000001.`product_popularity` AS build.`product_popularity`

CREATE TABLE marts_g000001.`proposal_pipeline` AS build.`proposal_pipeline`

CREATE TABLE marts_g000001.`provider_usage` AS build.`provider_usage`

CREATE TABLE marts_g000001.`quality_metrics` AS build.`quality_metrics`

CREATE TABLE marts_g000001.`queue_metrics` AS build.`queue_metrics`

CREATE TABLE marts_g000001.`rating_distribution` AS build.`rating_distribution`

CREATE TABLE marts_g000001.`revenue` AS build.`revenue`

CREATE TABLE marts_g000001.`satisfaction` AS build.`satisfaction`

CREATE TABLE marts_g000001.`search_activity` AS build.`search_activity`

CREATE TABLE marts_g000001.`signup_sources` AS build.`signup_sources`

CREATE TABLE marts_g000001.`storage_metrics` AS build.`storage_metrics`

CREATE TABLE marts_g000001.`subscription_churn` AS build.`subscription_churn`

CREATE TABLE marts_g000001.`subscription_metrics` AS build.`subscription_metrics`

CREATE TABLE marts_g000001.`system_health` AS build.`system_health`

CREATE TABLE marts_g000001.`upload_progress` AS build.`upload_progress`

CREATE TABLE marts_g000001.`uploader_activity` AS build.`uploader_activity`

CREATE TABLE marts_g000001.`user_acquisition` AS build.`user_acquisition`

CREATE TABLE marts_g000001.`user_counts` AS build.`user_counts`

CREATE TABLE marts_g000001.`user_metrics` AS build.`user_metrics`

CREATE TABLE marts_g000001.`user_retention` AS build.`user_retention`

CREATE TABLE marts_g000001.`user_sessions` AS build.`user_sessions`

CREATE TABLE marts_g000001.`vendor_metrics` AS build.`vendor_metrics`

CREATE VIEW raw.held (`batch_seq` UInt64, `received_seq` UInt64, `source` LowCardinality(String), `reason` LowCardinality(String), `original` String, `received_at` DateTime64(3, 'UTC')) AS SELECT * FROM raw.quarantine WHERE (batch_seq IN (SELECT batch_seq FROM raw.batches)) AND (received_seq NOT IN (SELECT received_seq FROM raw.replays))

CREATE MATERIALIZED VIEW raw.landing_to_events TO raw.events (`event_id` UUID, `event_type` LowCardinality(String), `occurred_at` DateTime64(3, 'UTC'), `user_id` String, `session_id` String, `source` LowCardinality(String), `context` Map(LowCardinality(String), String), `properties` Map(LowCardinality(String), String), `batch_seq` UInt64, `received_seq` UInt64, `received_at` DateTime64(3, 'UTC')) AS SELECT event_id, event_type, occurred_at, user_id, session_id, source, context, properties, batch_seq, received_seq, received_at FROM raw.landing WHERE reason = ''

CREATE MATERIALIZED VIEW raw.landing_to_quarantine TO raw.quarantine (`batch_seq` UInt64, `received_seq` UInt64, `source` LowCardinality(String), `reason` LowCardinality(String), `original` String, `received_at` DateTime64(3, 'UTC')) AS SELECT batch_seq, received_seq, source, reason, original, received_at FROM raw.landing WHERE reason != ''

CREATE VIEW build.int_levels__ranked (`level` LowCardinality(String), `rank` UInt8, `is_lowest` UInt8, `next_level` Nullable(String), `next_tasks_required` Nullable(UInt32), `next_rating_required` Nullable(Decimal(4, 2))) AS WITH levels AS (SELECT toString(level) AS level, rank, tasks_required, rating_required FROM build.creator_ladder), ranked AS (SELECT level, rank, row_number() OVER (ORDER BY rank ASC) = 1 AS is_lowest, leadInFrame(toNullable(level)) OVER following AS next_level, leadInFrame(toNullable(tasks_required)) OVER following AS next_tasks_required, leadInFrame(toNullable(rating_required)) OVER following AS next_rating_required FROM levels WINDOW following AS (ORDER BY rank ASC ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) SELECT level, rank, is_lowest, next_level, next_tasks_required, next_rating_required FROM ranked

CREATE VIEW build.stg_batches (`commit_seq` UInt64, `batch_seq` UInt64, `source` LowCardinality(String), `received_at` DateTime64(3, 'UTC'), `landed_at` DateTime64(3, 'UTC'), `received` UInt64, `stored` UInt64, `duplicates` UInt64, `quarantined` UInt64) AS WITH horizon AS (SELECT argMax(commit_seq, opened_at) AS commit_seq FROM build.horizon), admitted AS (SELECT * FROM raw.batches WHERE commit_seq <= (SELECT horizon.commit_seq FROM horizon)), renamed AS (SELECT commit_seq, batch_seq, source, started_at AS received_at, landed_at, received, stored, duplicates, quarantined FROM admitted) SELECT * FROM renamed

CREATE VIEW build.stg_builds (`opened_at` DateTime64(6, 'UTC'), `commit_seq` UInt64) AS WITH builds AS (SELECT * FROM build.horizon), renamed AS (SELECT opened_at, commit_seq FROM builds) SELECT * FROM renamed

CREATE VIEW build.stg_publications (`generation` UInt64, `published_at` DateTime64(3, 'UTC'), `commit_seq` UInt64) AS WITH publications AS (SELECT * FROM marts.publications WHERE action = 'publish'), renamed AS (SELECT generation, published_at, commit_seq FROM publications) SELECT * FROM renamed

CREATE VIEW build.stg_api_requests (`event_id` UUID, `user_id` String, `service` String, `endpoint` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `status` UInt64, `duration_ms` Nullable(Float64), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('api.request')), renamed AS (SELECT event_id, user_id, properties['service'] AS service, properties['endpoint'] AS endpoint, occurred_at, date, toUInt64OrZero(properties['status']) AS status, if(isFinite(toFloat64OrNull(properties['duration_ms'])), toFloat64OrNull(properties['duration_ms']), NULL) AS duration_ms, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_assignment_reviews (`event_id` UUID, `creator_id` String, `assignment_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `output_type` String, `decision` String, `version` Nullable(Decimal(18, 0)), `overall_score` Nullable(Decimal(18, 15)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('assignment.reviewed')), renamed AS (SELECT event_id, user_id AS creator_id, properties['assignment_id'] AS assignment_id, occurred_at, date, properties['output_type'] AS output_type, properties['decision'] AS decision, toDecimal64OrNull(if(mapContains(properties, 'version'), properties['version'], '1'), 0) AS version, toDecimal64OrNull(properties['overall_score'], 15) AS overall_score, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_assignments_claimed (`event_id` UUID, `creator_id` String, `assignment_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `output_type` String, `level` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('assignment.claimed')), renamed AS (SELECT event_id, user_id AS creator_id, properties['assignment_id'] AS assignment_id, occurred_at, date, properties['output_type'] AS output_type, properties['level'] AS level, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_assignments_completed (`event_id` UUID, `user_id` String, `assignment_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `output_type` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('assignment.completed')), renamed AS (SELECT event_id, user_id, properties['assignment_id'] AS assignment_id, occurred_at, date, properties['output_type'] AS output_type, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_assignments_created (`event_id` UUID, `user_id` String, `assignment_id` String, `upload_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `due_at` Nullable(DateTime64(3, 'UTC')), `output_type` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('assignment.created')), renamed AS (SELECT event_id, user_id, properties['assignment_id'] AS assignment_id, properties['upload_id'] AS upload_id, occurred_at, date, parseDateTime64BestEffortOrNull(upper(properties['due_at']), 3, 'UTC') AS due_at, properties['output_type'] AS output_type, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_assignments_submitted (`event_id` UUID, `creator_id` String, `assignment_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `output_type` String, `version` Nullable(Decimal(18, 0)), `hours_worked` Nullable(Float64), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('assignment.submitted')), renamed AS (SELECT event_id, user_id AS creator_id, properties['assignment_id'] AS assignment_id, occurred_at, date, properties['output_type'] AS output_type, toDecimal64OrNull(if(mapContains(properties, 'version'), properties['version'], '1'), 0) AS version, toFloat64OrNull(properties['time_to_complete']) AS hours_worked, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_audit_records (`event_id` UUID, `user_id` String, `resource_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `action` String, `is_complete` UInt8, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('audit.recorded')), renamed AS (SELECT event_id, user_id, properties['resource'] AS resource_id, occurred_at, date, properties['action'] AS action, (properties['complete']) != 'false' AS is_complete, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_chat_messages (`event_id` UUID, `user_id` String, `conversation_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `provider` String, `model` String, `tokens` UInt64, `currency` String, `cost` Nullable(Decimal(18, 4)), `latency_ms` Nullable(Float64), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('chat.message_sent')), renamed AS (SELECT event_id, user_id, properties['conversation_id'] AS conversation_id, occurred_at, date, properties['provider'] AS provider, properties['model'] AS model, toUInt64OrZero(properties['tokens']) AS tokens, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['cost'], 4) AS cost, if(isFinite(toFloat64OrNull(properties['latency_ms'])), toFloat64OrNull(properties['latency_ms']), NULL) AS latency_ms, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_contracts_completed (`event_id` UUID, `contract_id` String, `client_id` String, `freelancer_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `outcome` String, `currency` String, `value` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('contract.completed')), renamed AS (SELECT event_id, properties['contract_id'] AS contract_id, user_id AS client_id, properties['freelancer_id'] AS freelancer_id, occurred_at, date, properties['outcome'] AS outcome, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['value'], 4) AS value, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_contracts_started (`event_id` UUID, `contract_id` String, `client_id` String, `freelancer_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `value` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('contract.started')), renamed AS (SELECT event_id, properties['contract_id'] AS contract_id, user_id AS client_id, properties['freelancer_id'] AS freelancer_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['value'], 4) AS value, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_conversations_created (`event_id` UUID, `user_id` String, `conversation_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('chat.conversation_created')), renamed AS (SELECT event_id, user_id, properties['conversation_id'] AS conversation_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_conversations_deleted (`event_id` UUID, `user_id` String, `conversation_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('chat.conversation_deleted')), renamed AS (SELECT event_id, user_id, properties['conversation_id'] AS conversation_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_conversions (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `conversion_type` String, `value` Nullable(Decimal(18, 6)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('conversion')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['type'] AS conversion_type, toDecimal64OrNull(properties['value'], 6) AS value, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_duplicates_blocked (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('account.duplicate_blocked')), renamed AS (SELECT event_id, user_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_external_checks (`event_id` UUID, `service` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `is_up` UInt8, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('external.checked')), renamed AS (SELECT event_id, properties['service'] AS service, occurred_at, date, (properties['up']) = 'true' AS is_up, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_feature_uses (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `feature` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('feature.used')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['feature'] AS feature, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_feedback (`event_id` UUID, `contract_id` String, `client_id` String, `freelancer_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `score` Nullable(Decimal(18, 15)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('feedback.submitted')), renamed AS (SELECT event_id, properties['contract_id'] AS contract_id, user_id AS client_id, properties['freelancer_id'] AS freelancer_id, occurred_at, date, toDecimal64OrNull(properties['score'], 15) AS score, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_financial_records (`event_id` UUID, `user_id` String, `transaction_id` String, `counterparty_id` String, `job_id` String, `job_type` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `category` String, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('financial.recorded')), renamed AS (SELECT event_id, user_id, properties['transaction_id'] AS transaction_id, properties['counterparty_id'] AS counterparty_id, properties['job_id'] AS job_id, properties['job_type'] AS job_type, occurred_at, date, properties['category'] AS category, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_flags_created (`event_id` UUID, `user_id` String, `flag_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `flag_type` String, `is_automatic` UInt8, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('account.flagged')), renamed AS (SELECT event_id, user_id, properties['flag_id'] AS flag_id, occurred_at, date, properties['flag_type'] AS flag_type, if(mapContains(properties, 'automatic'), properties['automatic'], 'true') = 'true' AS is_automatic, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_flags_resolved (`event_id` UUID, `user_id` String, `flag_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `outcome` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('account.flag_resolved')), renamed AS (SELECT event_id, user_id, properties['flag_id'] AS flag_id, occurred_at, date, properties['outcome'] AS outcome, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_job_views (`event_id` UUID, `viewer_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('job.viewed')), renamed AS (SELECT event_id, user_id AS viewer_id, properties['job_id'] AS job_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_jobs_closed (`event_id` UUID, `client_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `reason` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('job.closed')), renamed AS (SELECT event_id, user_id AS client_id, properties['job_id'] AS job_id, occurred_at, date, properties['reason'] AS reason, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_jobs_filled (`event_id` UUID, `client_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('job.filled')), renamed AS (SELECT event_id, user_id AS client_id, properties['job_id'] AS job_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_jobs_posted (`event_id` UUID, `client_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `category` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('job.posted')), renamed AS (SELECT event_id, user_id AS client_id, properties['job_id'] AS job_id, occurred_at, date, properties['category'] AS category, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_level_changes (`event_id` UUID, `creator_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `from_level` String, `to_level` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('creator.level_changed')), renamed AS (SELECT event_id, user_id AS creator_id, occurred_at, date, properties['from_level'] AS from_level, properties['to_level'] AS to_level, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_matches_accepted (`event_id` UUID, `candidate_id` String, `match_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('match.accepted')), renamed AS (SELECT event_id, user_id AS candidate_id, properties['match_id'] AS match_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_matches_created (`event_id` UUID, `candidate_id` String, `match_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `score` Nullable(Decimal(18, 15)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('match.created')), renamed AS (SELECT event_id, user_id AS candidate_id, properties['match_id'] AS match_id, properties['job_id'] AS job_id, occurred_at, date, toDecimal64OrNull(properties['score'], 15) AS score, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_orders (`event_id` UUID, `user_id` String, `order_id` String, `vendor_id` String, `product_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('order.created')), renamed AS (SELECT event_id, user_id, properties['order_id'] AS order_id, properties['vendor_id'] AS vendor_id, properties['product_id'] AS product_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_payment_failures (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `reason` String, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('billing.payment_failed')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['reason'] AS reason, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_payments (`event_id` UUID, `user_id` String, `payment_id` String, `upload_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('payment.completed')), renamed AS (SELECT event_id, user_id, properties['payment_id'] AS payment_id, properties['upload_id'] AS upload_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_payouts (`event_id` UUID, `user_id` String, `payout_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('payout.processed')), renamed AS (SELECT event_id, user_id, properties['payout_id'] AS payout_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_placements (`event_id` UUID, `user_id` String, `placement_id` String, `job_id` String, `client_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `fee` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('placement.made')), renamed AS (SELECT event_id, user_id, properties['placement_id'] AS placement_id, properties['job_id'] AS job_id, properties['client_id'] AS client_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['fee'], 4) AS fee, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_placements_ended (`event_id` UUID, `candidate_id` String, `placement_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `reason` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('placement.ended')), renamed AS (SELECT event_id, user_id AS candidate_id, properties['placement_id'] AS placement_id, occurred_at, date, properties['reason'] AS reason, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_plan_changes (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `from_plan` String, `to_plan` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('user.plan_upgrade', 'user.plan_downgrade')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['from_plan'] AS from_plan, properties['to_plan'] AS to_plan, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_product_views (`event_id` UUID, `viewer_id` String, `product_id` String, `vendor_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('product.viewed')), renamed AS (SELECT event_id, user_id AS viewer_id, properties['product_id'] AS product_id, properties['vendor_id'] AS vendor_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_profile_views (`event_id` UUID, `viewer_id` String, `profile_user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('profile.viewed')), renamed AS (SELECT event_id, user_id AS viewer_id, properties['profile_user_id'] AS profile_user_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_proposals_accepted (`event_id` UUID, `client_id` String, `proposal_id` String, `freelancer_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('proposal.accepted')), renamed AS (SELECT event_id, user_id AS client_id, properties['proposal_id'] AS proposal_id, properties['freelancer_id'] AS freelancer_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_proposals_sent (`event_id` UUID, `freelancer_id` String, `proposal_id` String, `job_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('proposal.sent')), renamed AS (SELECT event_id, user_id AS freelancer_id, properties['proposal_id'] AS proposal_id, properties['job_id'] AS job_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_proposals_viewed (`event_id` UUID, `client_id` String, `proposal_id` String, `freelancer_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('proposal.viewed')), renamed AS (SELECT event_id, user_id AS client_id, properties['proposal_id'] AS proposal_id, properties['freelancer_id'] AS freelancer_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_queue_samples (`event_id` UUID, `queue` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `depth` Nullable(Float64), `processed` Nullable(Float64), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('queue.sampled')), renamed AS (SELECT event_id, properties['queue'] AS queue, occurred_at, date, if(isFinite(toFloat64OrNull(properties['depth'])), toFloat64OrNull(properties['depth']), NULL) AS depth, if(isFinite(toFloat64OrNull(properties['processed'])), toFloat64OrNull(properties['processed']), NULL) AS processed, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_ratings (`event_id` UUID, `user_id` String, `vendor_id` String, `product_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `rating` Nullable(Decimal(18, 15)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('rating.updated')), renamed AS (SELECT event_id, user_id, properties['vendor_id'] AS vendor_id, properties['product_id'] AS product_id, occurred_at, date, toDecimal64OrNull(properties['rating'], 15) AS rating, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_refunds (`event_id` UUID, `user_id` String, `payment_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('payment.refunded')), renamed AS (SELECT event_id, user_id, properties['payment_id'] AS payment_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_searches (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `query` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('search.performed')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['query'] AS query, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_signups (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `role` String, `plan_tier` String, `method` String, `country` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('user.signup')), renamed AS (SELECT event_id, user_id, occurred_at, date, if(mapContains(properties, 'role'), properties['role'], 'customer') AS role, if(mapContains(properties, 'plan_tier'), properties['plan_tier'], 'free') AS plan_tier, properties['method'] AS method, properties['country'] AS country, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_signups_started (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `role` String, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('signup.started')), renamed AS (SELECT event_id, user_id, occurred_at, date, properties['role'] AS role, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_storage_samples (`event_id` UUID, `service` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `bytes_used` Nullable(Float64), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('storage.sampled')), renamed AS (SELECT event_id, properties['service'] AS service, occurred_at, date, if(isFinite(toFloat64OrNull(properties['bytes_used'])), toFloat64OrNull(properties['bytes_used']), NULL) AS bytes_used, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_subscription_payments (`event_id` UUID, `user_id` String, `payment_id` String, `plan_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('billing.payment_success')), renamed AS (SELECT event_id, user_id, properties['payment_id'] AS payment_id, properties['plan_id'] AS plan_id, occurred_at, date, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_subscriptions_cancelled (`event_id` UUID, `user_id` String, `subscription_id` String, `plan_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('billing.subscription_cancelled')), renamed AS (SELECT event_id, user_id, properties['subscription_id'] AS subscription_id, properties['plan_id'] AS plan_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_subscriptions_created (`event_id` UUID, `user_id` String, `subscription_id` String, `plan_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `billing_interval` String, `currency` String, `amount` Nullable(Decimal(18, 4)), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('billing.subscription_created')), renamed AS (SELECT event_id, user_id, properties['subscription_id'] AS subscription_id, properties['plan_id'] AS plan_id, occurred_at, date, if(mapContains(properties, 'interval'), properties['interval'], 'month') AS billing_interval, if(mapContains(properties, 'currency'), properties['currency'], 'USD') AS currency, toDecimal64OrNull(properties['amount'], 4) AS amount, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_suspensions (`event_id` UUID, `user_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('account.suspended')), renamed AS (SELECT event_id, user_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_uploads_completed (`event_id` UUID, `user_id` String, `upload_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('upload.completed')), renamed AS (SELECT event_id, user_id, properties['upload_id'] AS upload_id, occurred_at, date, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.stg_uploads_initiated (`event_id` UUID, `user_id` String, `upload_id` String, `occurred_at` DateTime64(3, 'UTC'), `date` Date, `output_types` Array(String), `commit_seq` UInt64) AS WITH source AS (SELECT * FROM build.stg_events WHERE event_type IN ('upload.initiated')), renamed AS (SELECT event_id, user_id, properties['upload_id'] AS upload_id, occurred_at, date, arrayDistinct(JSONExtract(properties['output_types'], 'Array(String)')) AS output_types, commit_seq FROM source) SELECT * FROM renamed

CREATE VIEW build.int_financials__converted (`event_id` UUID, `date` Date, `user_id` String, `counterparty_id` String, `transaction_id` String, `job_id` String, `job_type` String, `category` String, `currency` String, `amount` Nullable(Decimal(18, 4)), `amount_usd` Nullable(Decimal(18, 4))) AS WITH records AS (SELECT event_id, date, user_id, counterparty_id, transaction_id, job_id, job_type, category, currency, amount FROM build.stg_financial_records), converted AS (SELECT records.*, CAST(round(toDecimal128(records.amount, 4) * fx.usd_rate, 4), 'Nullable(Decimal(18, 4))') AS amount_usd FROM records ASOF LEFT JOIN build.int_fx__extended AS fx ON (records.currency = fx.rate_currency) AND (records.date >= fx.valid_from)) SELECT * FROM converted

CREATE VIEW build.int_revenue__converted (`event_id` UUID, `date` Date, `user_id` String, `stream` String, `plan_id` String, `is_refund` Bool, `currency` String, `amount` Nullable(Decimal(18, 4)), `amount_usd` Nullable(Decimal(18, 4))) AS WITH subscription_payments AS (SELECT * FROM build.stg_subscription_payments), payments AS (SELECT * FROM build.stg_payments), refunds AS (SELECT * FROM build.stg_refunds), orders AS (SELECT * FROM build.stg_orders), placements AS (SELECT * FROM build.stg_placements WHERE fee IS NOT NULL), financial_records AS (SELECT * FROM build.stg_financial_records WHERE category IN ('Fee', 'Refund')), transactions AS (SELECT event_id, date, user_id, 'subscription' AS stream, plan_id, false AS is_refund, currency, amount FROM subscription_payments UNION ALL SELECT event_id, date, user_id, 'charge' AS stream, '' AS plan_id, false AS is_refund, currency, amount FROM payments UNION ALL SELECT event_id, date, user_id, 'charge' AS stream, '' AS plan_id, true AS is_refund, currency, amount FROM refunds UNION ALL SELECT event_id, date, user_id, 'order' AS stream, '' AS plan_id, false AS is_refund, currency, amount FROM orders UNION ALL SELECT event_id, date, user_id, 'placement' AS stream, '' AS plan_id, false AS is_refund, currency, fee AS amount FROM placements UNION ALL SELECT event_id, date, user_id, 'service_fee' AS stream, '' AS plan_id, category = 'Refund' AS is_refund, currency, amount FROM financial_records), converted AS (SELECT transactions.*, CAST(round(toDecimal128(transactions.amount, 4) * fx.usd_rate, 4), 'Nullable(Decimal(18, 4))') AS amount_usd FROM transactions ASOF LEFT JOIN build.int_fx__extended AS fx ON (transactions.currency = fx.rate_currency) AND (transactions.date >= fx.valid_from)) SELECT * FROM converted

CREATE VIEW build.int_contracts__completed (`contract_id` String, `freelancer_id` String, `client_id` String, `completed_date` Date, `outcome` String, `value_usd` Decimal(18, 4), `feedback_score` Nullable(Decimal(18, 15))) AS WITH contracts AS (SELECT * FROM (SELECT * FROM build.int_contracts__folded FINAL)), completions AS (SELECT contract_id, completion.freelancer_id AS freelancer_id, completion.client_id AS client_id, completion.date AS date, completion.outcome AS outcome, completion.currency AS currency, completion.value AS value, start.date AS start_date, start.currency AS start_currency, start.value AS start_value, if(feedback.id = '', NULL, feedback.score) AS feedback_score FROM contracts WHERE completion.id != ''), starts AS (SELECT contract_id, start_date AS date, start_currency AS currency, start_value AS value FROM completions), valued_completions AS (SELECT completions.*, CAST(round(toDecimal128(completions.value, 4) * fx.usd_rate, 4), 'Nullable(Decimal(18, 4))') AS value_usd FROM completions ASOF LEFT JOIN build.int_fx__extended AS fx ON (completions.currency = fx.rate_currency) AND (completions.date >= fx.valid_from)), valued_starts AS (SELECT starts.*, CAST(round(toDecimal128(starts.value, 4) * fx.usd_rate, 4), 'Nullable(Decimal(18, 4))') AS value_usd FROM starts ASOF LEFT JOIN build.int_fx__extended AS fx ON (starts.currency = fx.rate_currency) AND (starts.date >= fx.valid_from)), joined AS (SELECT valued_completions.contract_id AS contract_id, valued_completions.freelancer_id AS freelancer_id, valued_completions.client_id AS client_id, valued_completions.date AS completed_date, valued_completions.outcome AS outcome, coalesce(if(valued_completions.value IS NULL, valued_starts.value_usd, valued_completions.value_usd), toDecimal64(0, 4)) AS value_usd, valued_completions.feedback_score AS feedback_score FROM valued_completions LEFT JOIN valued_starts ON valued_completions.contract_id = valued_starts.contract_id) SELECT * FROM joined

CREATE VIEW build.int_users__signed_up (`user_id` String, `role` String, `plan_tier` String, `signed_up_at` DateTime64(3, 'UTC'), `signup_date` Date) AS WITH signups AS (SELECT * FROM (SELECT * FROM build.int_signups__folded FINAL)), renamed AS (SELECT user_id, first_signup.role AS role, first_signup.plan_tier AS plan_tier, first_signup.at AS signed_up_at, first_signup.date AS signup_date FROM signups) SELECT * FROM renamed

CREATE VIEW build.int_subscriptions__moved (`date` Date, `currency` String, `new_subscriptions` UInt64, `cancelled_subscriptions` UInt64, `new_mrr` Decimal(38, 4), `expansion_mrr` Decimal(38, 4), `contraction_mrr` Decimal(38, 4), `churned_mrr` Decimal(38, 4)) AS WITH periods AS (SELECT * FROM build.int_subscriptions__priced), moves AS (SELECT valid_from AS date, currency, previous_price_usd IS NULL AS starts, false AS ends, if((previous_price_usd IS NULL) AND (valid_from < valid_until), price_usd, toDecimal64(0, 4)) AS new_usd, coalesce(price_usd - previous_price_usd, toDecimal64(0, 4)) AS change_usd, toDecimal64(0, 4) AS churned_usd FROM periods UNION ALL SELECT valid_until AS date, currency, false AS starts, true AS ends, toDecimal64(0, 4) AS new_usd, toDecimal64(0, 4) AS change_usd, if(valid_from < valid_until, price_usd, toDecimal64(0, 4)) AS churned_usd FROM periods WHERE is_cancelled), moved AS (SELECT date, currency, countIf(starts) AS new_subscriptions, countIf(ends) AS cancelled_subscriptions, sum(new_usd) AS new_mrr, sumIf(change_usd, change_usd > 0) AS expansion_mrr, -sumIf(change_usd, change_usd < 0) AS contraction_mrr, sum(churned_usd) AS churned_mrr FROM moves GROUP BY date, currency) SELECT * FROM moved

CREATE VIEW build.int_user_plans__dated (`user_id` String, `valid_from` Date32, `role` String, `signup_date` Date, `plan_tier` String) AS WITH signups AS (SELECT * FROM build.int_users__signed_up), plan_changes AS (SELECT * FROM (SELECT * FROM build.int_plan_changes__folded FINAL)), changed AS (SELECT plan_changes.user_id AS user_id, plan_changes.date AS valid_from, signups.role AS role, signups.signup_date AS signup_date, plan_changes.last_change.to_plan AS plan_tier FROM plan_changes INNER JOIN signups ON plan_changes.user_id = signups.user_id), versions AS (SELECT user_id, toDate32('1969-12-31') AS valid_from, role, signup_date, plan_tier FROM signups UNION ALL SELECT user_id, toDate32(valid_from) AS valid_from, role, signup_date, plan_tier FROM changed) SELECT * FROM versions

CREATE VIEW build.int_users__moved (`date` Date, `role` String, `plan_tier` String, `users_moved` Int64) AS WITH new_users AS (SELECT * FROM build.int_active_users__by_plan WHERE new_users > 0), plan_changes AS (SELECT * FROM (SELECT * FROM build.int_plan_changes__folded FINAL)), signups AS (SELECT * FROM build.int_users__signed_up WHERE user_id IN (SELECT plan_changes.user_id FROM plan_changes)), changes AS (SELECT plan_changes.date AS date, signups.role AS role, signups.signup_date AS signup_date, signups.plan_tier AS first_plan, lagInFrame(toNullable(plan_changes.last_change.to_plan)) OVER (PARTITION BY plan_changes.user_id ORDER BY plan_changes.date ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS previous_plan, plan_changes.last_change.to_plan AS to_plan FROM plan_changes INNER JOIN signups ON plan_changes.user_id = signups.user_id), later_changes AS (SELECT date, role, coalesce(previous_plan, first_plan) AS from_plan, to_plan FROM changes WHERE date > signup_date), moves AS (SELECT date, role, plan_tier, toInt64(new_users) AS users FROM new_users UNION ALL SELECT date, role, from_plan AS plan_tier, toInt64(-1) AS users FROM later_changes UNION ALL SELECT date, role, to_plan AS plan_tier, toInt64(1) AS users FROM later_changes), moved AS (SELECT date, role, plan_tier, sum(users) AS users_moved FROM moves GROUP BY date, role, plan_tier) SELECT * FROM moved

CREATE VIEW marts.account_balances (`user_id` String, `earnings_usd` Decimal(18, 4), `refunds_usd` Decimal(18, 4), `fees_usd` Decimal(18, 4), `payouts_usd` Decimal(18, 4), `available_usd` Decimal(18, 4), `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.account_balances

CREATE VIEW marts.account_safety (`date` Date, `accounts_suspended` UInt64, `duplicates_blocked` UInt64, `new_users` UInt64, `duplicate_detection_rate` Nullable(Float64), `flags_confirmed` UInt64, `fraud_prevention_rate` Nullable(Float64), `flags_pending` UInt64) AS SELECT * FROM marts_g000001.account_safety

CREATE VIEW marts.activity_feed (`occurred_at` DateTime64(3, 'UTC'), `event_id` UUID, `type` LowCardinality(String), `description` String, `user_id` String) AS SELECT * FROM marts_g000001.activity_feed

CREATE VIEW marts.anomalies (`metric` String, `date` Date, `value` Float64, `expected` Float64, `score` Float64, `severity` String) AS SELECT * FROM marts_g000001.anomalies

CREATE VIEW marts.assignment_backlog (`date` Date, `created` UInt64, `completed` UInt64, `open` UInt64, `overdue` UInt64) AS SELECT * FROM marts_g000001.assignment_backlog

CREATE VIEW marts.chat_sessions (`date` Date, `sessions` UInt64, `avg_session_seconds` Float64, `total_session_seconds` Float64) AS SELECT * FROM marts_g000001.chat_sessions

CREATE VIEW marts.chat_statistics (`date` Date, `provider` String, `model` String, `messages` UInt64, `conversations` UInt64, `users` UInt64, `tokens` UInt64) AS SELECT * FROM marts_g000001.chat_statistics

CREATE VIEW marts.client_placements (`month` Date, `client_id` String, `placements` UInt64, `fee_usd` Decimal(18, 4)) AS SELECT * FROM marts_g000001.client_placements

CREATE VIEW marts.client_spend (`date` Date, `user_id` String, `job_type` String, `spend_usd` Decimal(18, 4), `transactions` UInt64, `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.client_spend

CREATE VIEW marts.compliance_metrics (`date` Date, `audited_actions` UInt64, `complete_actions` UInt64, `audit_completeness` Float64) AS SELECT * FROM marts_g000001.compliance_metrics

CREATE VIEW marts.conversations (`date` Date, `created` UInt64, `deleted` UInt64) AS SELECT * FROM marts_g000001.conversations

CREATE VIEW marts.conversions (`date` Date, `type` String, `conversions` UInt64, `value` Decimal(38, 6)) AS SELECT * FROM marts_g000001.conversions

CREATE VIEW marts.creator_level_snapshots (`snapshot_date` Date, `level` String, `creator_count` UInt64, `avg_rating` Nullable(Float64), `total_completed` UInt64) AS SELECT * FROM marts_g000001.creator_level_snapshots

CREATE VIEW marts.creator_level_transitions (`date` Date, `from_level` String, `to_level` String, `transitions` UInt64, `avg_days_in_from_level` Float64) AS SELECT * FROM marts_g000001.creator_level_transitions

CREATE VIEW marts.creator_levels (`user_id` String, `level` String, `since` Date, `tasks_completed` UInt64, `rating_sum` Decimal(38, 15), `rating_count` UInt64, `avg_rating` Nullable(Float64), `next_level` Nullable(String), `tasks_required` Nullable(UInt32), `rating_required` Nullable(Decimal(4, 2)), `tasks_remaining` Nullable(UInt64), `on_time` UInt64, `with_deadline` UInt64, `on_time_rate` Nullable(Float64), `approved_first` UInt64, `approved` UInt64, `first_approval_rate` Nullable(Float64), `available_balance_usd` Decimal(18, 4)) AS SELECT * FROM marts_g000001.creator_levels

CREATE VIEW marts.creator_performance (`date` Date, `user_id` String, `output_type` String, `completed` UInt64, `earnings_usd` Decimal(18, 4), `rating_sum` Decimal(38, 15), `rating_count` UInt64, `average_rating` Nullable(Float64), `on_time` UInt64, `with_deadline` UInt64, `on_time_rate` Nullable(Float64), `approved_first` UInt64, `approved` UInt64, `first_approval_rate` Nullable(Float64), `hours_worked` Float64, `earnings_per_hour` Nullable(Float64)) AS SELECT * FROM marts_g000001.creator_performance

CREATE VIEW marts.daily_metrics (`date` Date, `total_revenue` Decimal(18, 4), `total_refunds` Decimal(18, 4), `total_payouts` Decimal(18, 4), `platform_margin` Decimal(18, 4), `transaction_count` UInt64, `new_users` UInt64, `new_uploaders` UInt64, `new_creators` UInt64, `active_users` UInt64, `active_uploaders` UInt64, `active_creators` UInt64, `wau` UInt64, `mau` UInt64, `uploads_count` UInt64, `assignments_created` UInt64, `assignments_completed` UInt64, `assignments_rejected` UInt64, `avg_rating` Nullable(Float64), `first_approval_rate` Nullable(Float64), `revision_rate` Nullable(Float64), `flags_created` UInt64, `flags_resolved` UInt64, `accounts_suspended` UInt64, `messages_sent` UInt64, `tokens_used` UInt64, `orders_count` UInt64, `jobs_posted` UInt64, `proposals_sent` UInt64) AS SELECT * FROM marts_g000001.daily_metrics

CREATE VIEW marts.engagement_funnel (`date` Date, `profile_views` UInt64, `job_views` UInt64, `proposals_sent` UInt64, `proposals_viewed` UInt64, `proposals_accepted` UInt64, `view_rate` Nullable(Float64), `accept_rate` Nullable(Float64)) AS SELECT * FROM marts_g000001.engagement_funnel

CREATE VIEW marts.external_services (`date` Date, `service` String, `checks` UInt64, `up_checks` UInt64, `uptime_rate` Float64, `is_up` Bool) AS SELECT * FROM marts_g000001.external_services

CREATE VIEW marts.feature_adoption (`date` Date, `feature` String, `uses` UInt64, `users` UInt64) AS SELECT * FROM marts_g000001.feature_adoption

CREATE VIEW marts.forecasts (`metric` String, `date` Date, `value` Float64, `lower` Float64, `upper` Float64, `model` String, `trained_at` DateTime64(3, 'UTC')) AS SELECT * FROM marts_g000001.forecasts

CREATE VIEW marts.fraud_metrics (`date` Date, `flag_type` String, `flags_created` UInt64, `flags_resolved` UInt64, `confirmed` UInt64, `false_positives` UInt64, `pending` UInt64, `duplicates_blocked` UInt64, `false_positive_rate` Nullable(Float64), `automatic_resolved` UInt64, `automatic_confirmed` UInt64, `flag_accuracy` Nullable(Float64)) AS SELECT * FROM marts_g000001.fraud_metrics

CREATE VIEW marts.freelancer_earnings (`date` Date, `user_id` String, `earnings_usd` Decimal(18, 4), `refunds_usd` Decimal(18, 4), `fees_usd` Decimal(18, 4), `escrow_usd` Decimal(18, 4), `transactions` UInt64, `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.freelancer_earnings

CREATE VIEW marts.freelancer_overview (`user_id` String, `total_earnings_usd` Decimal(18, 4), `average_project_usd` Nullable(Decimal(18, 4)), `jobs_completed` UInt64, `jss` Nullable(Float64), `active_proposals` UInt64, `profile_views` UInt64) AS SELECT * FROM marts_g000001.freelancer_overview

CREATE VIEW marts.job_categories (`category` String, `jobs_posted` UInt64, `jobs_filled` UInt64, `jobs_withdrawn` UInt64, `open_jobs` UInt64, `share` Float64) AS SELECT * FROM marts_g000001.job_categories

CREATE VIEW marts.job_performance (`date` Date, `category` String, `jobs_posted` UInt64, `jobs_filled` UInt64, `fill_rate` Nullable(Float64), `avg_days_to_fill` Nullable(Float64), `jobs_withdrawn` UInt64, `open_jobs` UInt64) AS SELECT * FROM marts_g000001.job_performance

CREATE VIEW marts.job_success_score (`freelancer_id` String, `as_of` Date, `jss` Float64, `contracts_completed` UInt64, `contracts_successful` UInt64, `avg_feedback_score` Nullable(Float64), `contract_value_usd` Decimal(18, 4), `clients` UInt64, `long_term_clients` UInt64) AS SELECT * FROM marts_g000001.job_success_score

CREATE VIEW marts.level_averages (`level` String, `creators` UInt64, `avg_rating` Nullable(Float64), `avg_tasks_completed` Float64, `on_time_rate` Nullable(Float64), `first_approval_rate` Nullable(Float64)) AS SELECT * FROM marts_g000001.level_averages

CREATE VIEW marts.matching_performance (`date` Date, `matches` UInt64, `accepted` UInt64, `success_rate` Nullable(Float64), `avg_score` Nullable(Float64), `placements` UInt64, `placement_fee_usd` Decimal(18, 4), `placements_due_90d` UInt64, `placements_retained_90d` UInt64, `retention_rate_90d` Nullable(Float64), `avg_days_to_hire` Nullable(Float64)) AS SELECT * FROM marts_g000001.matching_performance

CREATE VIEW marts.metrics (`type` String, `value` Decimal(38, 6), `updated_at` DateTime64(3, 'UTC')) AS SELECT * FROM marts_g000001.metrics

CREATE VIEW marts.model_popularity (`provider` String, `model` String, `messages` UInt64, `users` UInt64, `tokens` UInt64, `share` Float64, `rank` UInt64) AS SELECT * FROM marts_g000001.model_popularity

CREATE VIEW marts.output_types (`date` Date, `user_id` String, `output_type` String, `requested` UInt64, `created` UInt64, `completed` UInt64) AS SELECT * FROM marts_g000001.output_types

CREATE VIEW marts.payment_failures (`date` Date, `reason` String, `failures` UInt64, `amount_usd` Decimal(18, 4), `unconverted_count` UInt64, `attempts` UInt64, `failure_rate` Float64) AS SELECT * FROM marts_g000001.payment_failures

CREATE VIEW marts.payouts (`date` Date, `user_id` String, `currency` String, `amount` Decimal(18, 4), `amount_usd` Decimal(18, 4), `payouts` UInt64, `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.payouts

CREATE VIEW marts.pipeline_health (`source` String, `minute` DateTime64(3, 'UTC'), `events` UInt64, `quarantined` UInt64, `duplicates` UInt64, `latency_p50_s` Nullable(Float64), `latency_p95_s` Nullable(Float64)) AS SELECT * FROM marts_g000001.pipeline_health

CREATE VIEW marts.plan_revenue (`month` Date, `plan_id` String, `revenue_usd` Decimal(18, 4), `payments` UInt64, `payers` UInt64, `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.plan_revenue

CREATE VIEW marts.product_popularity (`product_id` String, `views` UInt64, `orders` UInt64, `revenue_usd` Decimal(18, 4), `rank` UInt64) AS SELECT * FROM marts_g000001.product_popularity

CREATE VIEW marts.proposal_pipeline (`date` Date, `proposals` UInt64, `viewed` UInt64, `accepted` UInt64, `view_rate` Nullable(Float64), `accept_rate` Nullable(Float64), `avg_hours_to_view` Nullable(Float64), `avg_hours_to_accept` Nullable(Float64)) AS SELECT * FROM marts_g000001.proposal_pipeline

CREATE VIEW marts.provider_usage (`date` Date, `provider` String, `model` String, `messages` UInt64, `users` UInt64, `tokens` UInt64, `cost_usd` Decimal(18, 4), `unconverted_count` UInt64, `latency_p50_ms` Nullable(Float64), `latency_p95_ms` Nullable(Float64), `latency_p99_ms` Nullable(Float64)) AS SELECT * FROM marts_g000001.provider_usage

CREATE VIEW marts.quality_metrics (`date` Date, `output_type` String, `reviews` UInt64, `rated` UInt64, `avg_rating` Nullable(Float64), `approved` UInt64, `first_approved` UInt64, `revisions` UInt64, `rejections` UInt64, `approval_rate` Nullable(Float64), `first_approval_rate` Nullable(Float64), `revision_rate` Nullable(Float64), `rejection_rate` Nullable(Float64)) AS SELECT * FROM marts_g000001.quality_metrics

CREATE VIEW marts.queue_metrics (`hour` DateTime64(3, 'UTC'), `queue` String, `samples` UInt64, `avg_depth` Nullable(Float64), `max_depth` Nullable(Float64), `processed` Float64) AS SELECT * FROM marts_g000001.queue_metrics

CREATE VIEW marts.rating_distribution (`date` Date, `score` UInt8, `reviews` UInt64) AS SELECT * FROM marts_g000001.rating_distribution

CREATE VIEW marts.revenue (`date` Date, `stream` String, `currency` String, `plan_id` String, `gross_amount` Decimal(18, 4), `refund_amount` Decimal(18, 4), `net_amount` Decimal(18, 4), `gross_usd` Decimal(18, 4), `refund_usd` Decimal(18, 4), `net_usd` Decimal(18, 4), `transaction_count` UInt64, `refund_count` UInt64, `unconverted_count` UInt64) AS SELECT * FROM marts_g000001.revenue

CREATE VIEW marts.satisfaction (`date` Date, `feedbacks` UInt64, `satisfied` UInt64, `avg_score` Nullable(Float64), `satisfied_rate` Nullable(Float64)) AS SELECT * FROM marts_g000001.satisfaction

CREATE VIEW marts.search_activity (`date` Date, `searches` UInt64, `searchers` UInt64) AS SELECT * FROM marts_g000001.search_activity

CREATE VIEW marts.signup_sources (`date` Date, `method` String, `country` String, `signups` UInt64) AS SELECT * FROM marts_g000001.signup_sources

CREATE VIEW marts.storage_metrics (`date` Date, `service` String, `bytes_used` Nullable(Float64), `samples` UInt64) AS SELECT * FROM marts_g000001.storage_metrics

CREATE VIEW marts.subscription_churn (`month` Date, `active_at_start` UInt64, `cancelled` UInt64, `churn_rate` Nullable(Float64), `opening_mrr` Decimal(18, 4), `new_mrr` Decimal(18, 4), `expansion_mrr` Decimal(18, 4), `contraction_mrr` Decimal(18, 4), `churned_mrr` Decimal(18, 4), `closing_mrr` Decimal(18, 4)) AS SELECT * FROM marts_g000001.subscription_churn

CREATE VIEW marts.subscription_metrics (`date` Date, `active_subscriptions` UInt64, `mrr` Decimal(18, 4), `arr` Decimal(18, 4), `new_mrr` Decimal(18, 4), `expansion_mrr` Decimal(18, 4), `contraction_mrr` Decimal(18, 4), `churned_mrr` Decimal(18, 4), `new_subscriptions` UInt64, `cancelled_subscriptions` UInt64) AS SELECT * FROM marts_g000001.subscription_metrics

CREATE VIEW marts.system_health (`hour` DateTime64(3, 'UTC'), `service` String, `endpoint` String, `requests` UInt64, `errors` UInt64, `client_errors` UInt64, `error_rate` Float64, `p50_ms` Nullable(Float64), `p95_ms` Nullable(Float64), `p99_ms` Nullable(Float64)) AS SELECT * FROM marts_g000001.system_health

CREATE VIEW marts.upload_progress (`date` Date, `user_id` String, `initiated` UInt64, `completed` UInt64, `pending` UInt64) AS SELECT * FROM marts_g000001.upload_progress

CREATE VIEW marts.uploader_activity (`date` Date, `user_id` String, `uploads` UInt64, `spent_usd` Decimal(18, 4), `assignments_created` UInt64, `assignments_completed` UInt64, `avg_delivery_hours` Nullable(Float64), `pending` UInt64) AS SELECT * FROM marts_g000001.uploader_activity

CREATE VIEW marts.user_acquisition (`date` Date, `role` String, `signups_started` UInt64, `signups` UInt64, `conversion_rate` Nullable(Float64)) AS SELECT * FROM marts_g000001.user_acquisition

CREATE VIEW marts.user_counts (`date` Date, `role` String, `plan_tier` String, `users` UInt64) AS SELECT * FROM marts_g000001.user_counts

CREATE VIEW marts.user_metrics (`date` Date, `role` String, `plan_tier` String, `new_users` UInt64, `active_users` UInt64, `signins` UInt64) AS SELECT * FROM marts_g000001.user_metrics

CREATE VIEW marts.user_retention (`cohort_week` Date, `week_number` UInt32, `cohort_size` UInt64, `retained_users` UInt64, `retention_rate` Float64) AS SELECT * FROM marts_g000001.user_retention

CREATE VIEW marts.user_sessions (`date` Date, `sessions` UInt64, `avg_session_seconds` Float64) AS SELECT * FROM marts_g000001.user_sessions

CREATE VIEW marts.vendor_metrics (`date` Date, `vendor_id` String, `product_views` UInt64, `orders` UInt64, `new_orders` UInt64, `revenue_usd` Decimal(18, 4), `ratings` UInt64, `avg_rating` Nullable(Float64), `conversion_rate` Nullable(Float64), `last_viewed_at` Nullable(DateTime64(3, 'UTC')), `last_ordered_at` Nullable(DateTime64(3, 'UTC'))) AS SELECT * FROM marts_g000001.vendor_metrics

INSERT INTO `build`.`horizon` (`opened_at`, `commit_seq`, `built_through`) FORMAT JSONCompactEachRow
["2026-11-22 04:55:15.704983", 1, 0]

INSERT INTO `marts`.`publications` (`sequence`, `generation`, `database`, `action`, `published_at`, `complete_through`, `commit_seq`, `code`, `run_id`, `tests_passed`, `tests_failed`, `seeds`) FORMAT JSONCompactEachRow
[1, 1, "marts_g000001", "publish", "2026-11-22 04:55:32.591", "2025-03-03 23:59:59.999", 1, "a4955f29ee4281ca45d82c207aacd1507c532379832bba09f0553bf9d8613960", "1ef8056e-8302-49fb-bbcf-d262becacf12", 95, 0, {"creator_levels":"99fcfbd6f8835ec7991b67ad2a6ee8693e85bb057c9964d196cc06f3ff2a69a0","fx_rates":"fcec6ed900d3e7b3e34c70fbbde7de28acffa9860f303fe5cb39797c704b4b32","plan_prices":"77435320297e2cbadb5d531d19617ef5fc10fa1f4af442aa63f44d2d0fa3eded"}]

INSERT INTO `raw`.`batches` (`commit_seq`, `batch_seq`, `batch_id`, `source`, `origin`, `received`, `stored`, `duplicates`, `quarantined`, `first_occurred_at`, `last_occurred_at`, `started_at`, `landed_at`) FORMAT JSONCompactEachRow
[1, 7530131723988762624, "files:fddef621fd614b84b7ec4ccb05a47f59f1349fb467437da10441f9301f3ea448", "files", "/older/lines.ndjson", 135, 125, 6, 4, "2025-03-01 00:00:00.000", "2025-03-03 23:59:59.999", "2026-11-22 04:55:06.075", "2026-11-22 04:55:06.230"]

INSERT INTO `raw`.`duplicates` (`event_id`, `received_seq`, `batch_seq`) FORMAT JSONCompactEachRow
["72ac46a1-d2d9-4624-837b-547519c92d82", 7530131724399804549, 7530131723988762624]
["38e839a2-634f-4506-84f3-08a700f3909a", 7530131724399804540, 7530131723988762624]
["24779bd2-8ba4-4374-9408-fc8d3cef4c40", 7530131724399804519, 7530131723988762624]
["eb38bd4d-2e83-4b52-9bb8-77bfd055265d", 7530131724399804542, 7530131723988762624]
["a51c1eb4-267c-4071-a49b-db63b14fe77b", 7530131724399804524, 7530131723988762624]
["5373878f-b313-4426-a94c-eeba83f40125", 7530131724399804507, 7530131723988762624]

INSERT INTO `raw`.`events` (`event_id`, `event_type`, `occurred_at`, `user_id`, `session_id`, `source`, `context`, `properties`, `batch_seq`, `received_seq`, `received_at`) FORMAT JSONCompactEachRow
["fbcd3220-60dc-4cbd-8034-6dcaad7c9959", "payment.refunded", "2025-03-02 08:04:57.942", "u0", "", "files", {}, {"payment_id":"101","amount":"3572.9423","currency":"EUR","reason":"reason with \"quotes\", \\ and \n lines"}, 7530131723988762624, 7530131724399804428, "2026-11-22 04:55:06.075"]
["f4fd549a-ee00-4706-8107-d30554faa9b7", "external.checked", "2025-03-01 18:02:04.244", "😀", "", "files", {}, {"up":"false","service":"service-0 'q'"}, 7530131723988762624, 7530131724399804527, "2026-11-22 04:55:06.075"]
["85025c98-fdb0-4055-8176-b1c304f92855", "user.plan_downgrade", "2025-03-03 04:07:42.879", "u2", "", "files", {}, {"extra_note":"1.5","from_plan":"team","to_plan":"pro"}, 7530131723988762624, 7530131724399804485, "2026-11-22 04:55:06.075"]
["cf3eb35e-325a-4b7c-81c1-fcdbc08f8139", "payment.completed", "2025-03-01 00:00:00.000", "u2", "s4", "files", {}, {"amount":"19.99","upload_id":"upload_id-0 'q'","payment_id":"103","currency":"USD"}, 7530131723988762624, 7530131724399804515, "2026-11-22 04:55:06.075"]
["01ff758c-f530-40fa-8229-43d962fddb5e", "financial.recorded", "2025-03-01 23:59:59.999", "😀", "", "collector ☃", {}, {"amount":"1.7183","job_id":"job 0","job_type":"hourly","transaction_id":"transaction 0/0","currency":"GBP","category":"Earnings","counterparty_id":"u2"}, 7530131723988762624, 7530131724399804431, "2026-11-22 04:55:06.075"]
["97cd89e6-c158-4865-82af-7e706e551d11", "assignment.completed", "2025-03-01 23:59:59.000", "😀", "", "files", {}, {"assignment_id":"assignment 0","output_type":"Text 'x'"}, 7530131723988762624, 7530131724399804427, "2026-11-22 04:55:06.075"]
["d6823823-ea2a-41f6-82f1-d7b4728be72e", "account.flag_resolved", "2025-03-01 00:00:00.000", "u1", "", "files", {}, {"outcome":"confirmed","flag_id":"flag 0"}, 7530131723988762624, 7530131724399804430, "2026-11-22 04:55:06.075"]
["09c17983-2b3c-4d2a-8338-f4e37e2cc9f5", "order.created", "2025-03-03 17:54:44.691", "u0", "", "files", {}, {"currency":"BRL","product_id":"product_id-0 'q'","vendor_id":"😀","quantity":"1","amount":"19.99","order_id":"105"}, 7530131723988762624, 7530131724399804537, "2026-11-22 04:55:06.075"]
["72ac46a1-d2d9-4624-837b-547519c92d82", "contract.started", "2025-03-01 10:33:49.437", "u1", "s3", "files", {}, {"currency":"USD","freelancer_id":"u1","value":"1.7183","contract_id":"contract 3","extra_note":"x"}, 7530131723988762624, 7530131724399804549, "2026-11-22 04:55:06.075"]
["72ac46a1-d2d9-4624-837b-547519c92d82", "contract.started", "2025-03-01 10:33:49.437", "u1", "s3", "files", {}, {"value":"1.7183","contract_id":"contract 3","currency":"USD","freelancer_id":"u1"}, 7530131723988762624, 7530131724399804548, "2026-11-22 04:55:06.075"]
["4c0d6596-515a-4a42-840b-1bf301a95fc2", "job.posted", "2025-03-03 05:00:57.965", "😀", "", "files", {}, {"category":"web","job_id":"103","currency":"EUR","budget":"0.01"}, 7530131723988762624, 7530131724399804545, "2026-11-22 04:55:06.075"]
["54a50ec2-0f2a-41e5-849a-82138f3676ae", "placement.made", "2025-03-01 00:00:00.000", "u1", "s3", "collector ☃", {}, {"fee":"2074.2785","client_id":"u1","currency":"USD","placement_id":"placement 0","job_id":"job 0"}, 7530131723988762624, 7530131724399804478, "2026-11-22 04:55:06.075"]
["f71117fe-13fe-4a71-84dd-b59da01626e3", "user.plan_downgrade", "2025-03-03 04:32:56.119", "u1", "", "files", {}, {"from_plan":"free","to_plan":"enterprise"}, 7530131723988762624, 7530131724399804429, "2026-11-22 04:55:06.075"]
["38e839a2-634f-4506-84f3-08a700f3909a", "match.created", "2025-03-02 00:00:00.000", "u1", "", "files", {}, {"job_id":"job 0","match_id":"match 0/0"}, 7530131723988762624, 7530131724399804535, "2026-11-22 04:55:06.075"]
["38e839a2-634f-4506-84f3-08a700f3909a", "match.created", "2025-03-02 00:00:00.000", "u1", "", "files", {}, {"job_id":"job 0","match_id":"match 0/0"}, 7530131723988762624, 7530131724399804540, "2026-11-22 04:55:06.075"]
["8e9d7dcb-dc46-40a2-858b-e1704c81c41f", "profile.viewed", "2025-03-02 16:41:51.625", "u2", "", "chat-service", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"profile_user_id":"u0"}, 7530131723988762624, 7530131724399804455, "2026-11-22 04:55:06.075"]
["f4e43210-c91d-44d0-860d-b799608ea96e", "product.viewed", "2025-03-03 05:33:58.714", "u1", "s3", "collector ☃", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"product_id":"103"}, 7530131723988762624, 7530131724399804449, "2026-11-22 04:55:06.075"]
["72114056-cb92-4b8d-8670-4542d68ca5a6", "feedback.submitted", "2025-03-01 00:00:00.000", "u1", "", "files", {}, {"score":"4.5","freelancer_id":"u2","contract_id":"contract 1"}, 7530131723988762624, 7530131724399804463, "2026-11-22 04:55:06.075"]
["57f5c9af-1c37-4fad-86d3-c03161e83c39", "user.signup", "2025-03-02 10:09:19.512", "u2", "s4", "files", {}, {"method":"method-2 'q'","country":"country-0 'q'","role":"uploader","email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4"}, 7530131723988762624, 7530131724399804499, "2026-11-22 04:55:06.075"]
["36df78d4-4ea7-4000-87f9-139f3676857e", "chat.message_sent", "2025-03-01 01:56:51.653", "u2", "", "billing", {}, {"conversation_id":"chat 0/0","currency":"BRL","cost":"240085.92","tokens":"17","model":"large","provider":"anthropic","latency_ms":"0.1"}, 7530131723988762624, 7530131724399804505, "2026-11-22 04:55:06.075"]
["2bd61cdf-260d-4888-880b-5f2136e31598", "billing.subscription_cancelled", "2025-03-03 23:59:59.999", "u1", "", "files", {}, {"subscription_id":"sub 0"}, 7530131723988762624, 7530131724399804488, "2026-11-22 04:55:06.075"]
["d025068a-b764-4ddf-8815-bf099e32a42e", "user.signin", "2025-03-03 23:59:59.999", "u1", "s0", "files", {}, {}, 7530131723988762624, 7530131724399804510, "2026-11-22 04:55:06.075"]
["43f2f773-4c3c-434f-884d-997386b03d3f", "job.posted", "2025-03-02 11:48:15.977", "u0", "", "billing", {}, {"category":"art","currency":"GBP","job_id":"105"}, 7530131723988762624, 7530131724399804517, "2026-11-22 04:55:06.075"]
["96d0cbff-090a-4e01-8879-657134a3f451", "user.signin", "2025-03-03 06:44:47.748", "😀", "", "billing", {}, {}, 7530131723988762624, 7530131724399804489, "2026-11-22 04:55:06.075"]
["43aa4480-136c-4e06-8978-66f3317d04e7", "search.performed", "2025-03-02 23:59:59.000", "u2", "", "chat-service", {}, {}, 7530131723988762624, 7530131724399804474, "2026-11-22 04:55:06.075"]
["e0c81cc4-47d0-44dc-89a6-4295b43a5028", "account.flagged", "2025-03-02 16:30:09.804", "u0", "", "chat-service", {}, {"flag_id":"105","flag_type":"fraud"}, 7530131723988762624, 7530131724399804425, "2026-11-22 04:55:06.075"]
["2a19a104-0ce5-4e1e-8a8b-e304af796948", "user.signin", "2025-03-02 15:31:46.329", "u0", "s0", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {}, 7530131723988762624, 7530131724399804526, "2026-11-22 04:55:06.075"]
["675c7b62-1abb-4f31-8ae5-b266ca29548b", "order.created", "2025-03-03 11:47:02.947", "u2", "", "files", {}, {"currency":"EUR","order_id":"103","amount":"1.7183","product_id":"105","vendor_id":"😀","quantity":"1"}, 7530131723988762624, 7530131724399804448, "2026-11-22 04:55:06.075"]
["0c27eb40-c54d-4ee4-8b7f-4cff91ddd904", "match.created", "2025-03-01 21:57:42.408", "u1", "", "files", {}, {"match_id":"105","job_id":"101"}, 7530131723988762624, 7530131724399804418, "2026-11-22 04:55:06.075"]
["3ae2a441-0e27-48ff-8b89-7e0b75e5ff3f", "assignment.completed", "2025-03-02 05:50:55.278", "u2", "", "billing", {}, {"assignment_id":"assignment_id-4 'q'"}, 7530131723988762624, 7530131724399804512, "2026-11-22 04:55:06.075"]
["8899230b-2db4-4b47-8c8b-a3e32e99777f", "user.plan_upgrade", "2025-03-02 20:02:20.582", "u0", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"from_plan":"pro","to_plan":"enterprise"}, 7530131723988762624, 7530131724399804511, "2026-11-22 04:55:06.075"]
["c94bb9f2-10db-4c86-8d0a-35532c2f73dc", "placement.made", "2025-03-01 10:06:35.047", "u1", "s0", "files", {}, {"currency":"EUR","fee":"5293.6544","job_id":"job_id-0 'q'","placement_id":"101","client_id":"u2"}, 7530131723988762624, 7530131724399804520, "2026-11-22 04:55:06.075"]
["41674457-e225-4f3f-8dc2-b67cc183e00f", "job.closed", "2025-03-01 03:11:26.889", "u2", "", "files", {}, {"reason":"reason with \"quotes\", \\ and \n lines","job_id":"job_id-2 'q'"}, 7530131723988762624, 7530131724399804419, "2026-11-22 04:55:06.075"]
["2db0b928-b759-43b6-8dea-e170928daef7", "order.created", "2025-03-01 23:59:59.999", "u1", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"amount":"0.01","currency":"JPY","vendor_id":"u2","quantity":"1","product_id":"105","order_id":"order 0/0"}, 7530131723988762624, 7530131724399804423, "2026-11-22 04:55:06.075"]
["ee5461e1-bb75-4161-8df0-e4a81263d5f4", "account.duplicate_blocked", "2025-03-01 21:21:16.175", "u1", "s1", "collector ☃", {}, {"extra_note":"x"}, 7530131723988762624, 7530131724399804458, "2026-11-22 04:55:06.075"]
["81061d3d-5832-4a09-8e7f-fcb399361c35", "assignment.submitted", "2025-03-01 23:59:59.000", "😀", "s2", "collector ☃", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"time_to_complete":"3","assignment_id":"assignment 0","version":"1"}, 7530131723988762624, 7530131724399804483, "2026-11-22 04:55:06.075"]
["ee75fb6f-b2d4-4014-8ec0-a5aadc63f3f2", "user.plan_downgrade", "2025-03-03 23:59:59.999", "u2", "s4", "files", {}, {"to_plan":"free","from_plan":"enterprise"}, 7530131723988762624, 7530131724399804437, "2026-11-22 04:55:06.075"]
["afecb0c5-39c3-462b-8f3f-89d9299e2a64", "page.view", "2025-03-02 07:02:09.097", "", "s1", "files", {}, {"referrer":"referrer with \"quotes\", \\ and \n lines"}, 7530131723988762624, 7530131724399804498, "2026-11-22 04:55:06.075"]
["188d9db2-bfc3-481c-9075-319a21c022f8", "assignment.created", "2025-03-02 16:51:22.259", "😀", "s3", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"output_type":"video","assignment_id":"105","upload_id":"105"}, 7530131723988762624, 7530131724399804479, "2026-11-22 04:55:06.075"]
["26024ae5-0589-4e43-90ac-61213ca0a839", "user.plan_upgrade", "2025-03-03 04:32:56.119", "u1", "", "files", {}, {"from_plan":"enterprise","to_plan":"team"}, 7530131723988762624, 7530131724399804447, "2026-11-22 04:55:06.075"]
["e905dec3-27ca-4a48-90c8-c87db8f2cb8e", "page.view", "2025-03-02 23:28:04.025", "", "", "files", {}, {"url":"url with \"quotes\", \\ and \n lines","referrer":"referrer with \"quotes\", \\ and \n lines","extra_note":"[1,null]"}, 7530131723988762624, 7530131724399804502, "2026-11-22 04:55:06.075"]
["6c35ef01-6824-4da0-90dc-5c8c35e6de02", "placement.ended", "2025-03-03 08:32:28.973", "u0", "s2", "files", {}, {"placement_id":"placement_id-2 'q'"}, 7530131723988762624, 7530131724399804493, "2026-11-22 04:55:06.075"]
["712fb272-c509-4695-90e7-236a470c7ea1", "proposal.sent", "2025-03-02 22:15:54.103", "😀", "s0", "billing", {}, {"proposal_id":"proposal_id-2 'q'","client_id":"😀","job_id":"101"}, 7530131723988762624, 7530131724399804454, "2026-11-22 04:55:06.075"]
["292bd7be-f618-4a8b-91cc-e62adb269f52", "user.signup", "2025-03-03 07:06:49.562", "u0", "", "files", {}, {"email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","method":"method-4 'q'","role":"employer","plan_tier":"enterprise"}, 7530131723988762624, 7530131724399804471, "2026-11-22 04:55:06.075"]
["2d12ff5f-21b6-48f7-91f8-974aa82fbbe4", "billing.payment_failed", "2025-03-01 14:43:22.090", "😀", "", "files", {}, {"amount":"3651.6418","currency":"USD"}, 7530131723988762624, 7530131724399804513, "2026-11-22 04:55:06.075"]
["2e66578c-3c96-43e4-91fe-0a9ce8ae02f2", "user.signup", "2025-03-02 10:09:19.512", "u2", "", "files", {}, {"email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","role":"client","extra_note":"[1,null]","method":"method-2 'q'"}, 7530131723988762624, 7530131724399804459, "2026-11-22 04:55:06.075"]
["a918a1dc-4801-420e-9271-a86ff7f3a683", "user.signout", "2025-03-02 03:03:06.374", "u1", "", "files", {}, {}, 7530131723988762624, 7530131724399804494, "2026-11-22 04:55:06.075"]
["d216fb71-47d4-4701-92a4-74bbf0a9fed6", "user.plan_downgrade", "2025-03-01 07:21:08.863", "u1", "", "chat-service", {}, {"to_plan":"free","from_plan":"free","extra_note":"x"}, 7530131723988762624, 7530131724399804452, "2026-11-22 04:55:06.075"]
["f906600f-4d0d-46ec-932c-20903b972b47", "job.closed", "2025-03-03 03:48:25.763", "u2", "", "files", {}, {"job_id":"job 0"}, 7530131723988762624, 7530131724399804521, "2026-11-22 04:55:06.075"]
["24779bd2-8ba4-4374-9408-fc8d3cef4c40", "signup.started", "2025-03-01 00:00:00.000", "u2", "", "files", {}, {"role":"client"}, 7530131723988762624, 7530131724399804462, "2026-11-22 04:55:06.075"]
["24779bd2-8ba4-4374-9408-fc8d3cef4c40", "signup.started", "2025-03-01 00:00:00.000", "u2", "", "files", {}, {"role":"client"}, 7530131723988762624, 7530131724399804519, "2026-11-22 04:55:06.075"]
["cb9dac33-f644-4d85-94cf-97a8d44ba293", "billing.payment_success", "2025-03-01 08:15:43.728", "😀", "s3", "files", {}, {"amount":"0.01","plan_id":"team"}, 7530131723988762624, 7530131724399804445, "2026-11-22 04:55:06.075"]
["825b576b-29dc-4c37-9562-9447c4b027ef", "user.plan_upgrade", "2025-03-03 23:59:59.999", "u0", "", "files", {}, {"from_plan":"pro plus","to_plan":"free"}, 7530131723988762624, 7530131724399804457, "2026-11-22 04:55:06.075"]
["613db5dd-c25f-4192-95bf-a7a669a4df41", "payment.completed", "2025-03-02 03:34:00.525", "u2", "", "files", {}, {"payment_id":"payment_id-0 'q'","amount":"1.7183"}, 7530131723988762624, 7530131724399804473, "2026-11-22 04:55:06.075"]
["83b4edfc-cfc4-4254-968c-2f5bc04ec3a2", "chat.message_sent", "2025-03-01 10:42:26.004", "😀", "", "files", {}, {"cost":"56552.023","provider":"openai","currency":"GBP","conversation_id":"103","model":"large"}, 7530131723988762624, 7530131724399804417, "2026-11-22 04:55:06.075"]
["592c37e8-fda3-4e56-9833-c08f5102b20c", "order.created", "2025-03-02 11:59:43.604", "u0", "", "files", {}, {"order_id":"order_id-4 'q'","vendor_id":"u1","amount":"7393076.3","quantity":"2"}, 7530131723988762624, 7530131724399804424, "2026-11-22 04:55:06.075"]
["9966df54-bf0d-43d7-9947-4457e6b51220", "assignment.completed", "2025-03-01 15:19:26.434", "u2", "s4", "collector ☃", {}, {"assignment_id":"105"}, 7530131723988762624, 7530131724399804432, "2026-11-22 04:55:06.075"]
["ab836b2f-e7f1-4ce0-99e4-d8832b48995f", "assignment.reviewed", "2025-03-01 21:10:53.253", "u1", "", "collector ☃", {}, {"overall_score":"1","assignment_id":"assignment_id-4 'q'","version":"1","decision":"approved"}, 7530131723988762624, 7530131724399804503, "2026-11-22 04:55:06.075"]
["ab16df9c-bb9c-409b-99eb-11541b1c54c1", "rating.updated", "2025-03-01 23:59:59.999", "u0", "", "files", {}, {"product_id":"105","rating":"1","vendor_id":"😀"}, 7530131723988762624, 7530131724399804443, "2026-11-22 04:55:06.075"]
["56f52895-1da0-4fd3-9a1a-b788567547ca", "user.signup", "2025-03-01 05:59:11.454", "u1", "", "files", {}, {"country":"101","email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","method":"form 0"}, 7530131723988762624, 7530131724399804468, "2026-11-22 04:55:06.075"]
["eb38bd4d-2e83-4b52-9bb8-77bfd055265d", "chat.conversation_deleted", "2025-03-01 01:13:00.292", "u2", "", "chat-service", {}, {"conversation_id":"103"}, 7530131723988762624, 7530131724399804533, "2026-11-22 04:55:06.075"]
["eb38bd4d-2e83-4b52-9bb8-77bfd055265d", "chat.conversation_deleted", "2025-03-01 01:13:00.292", "u2", "", "chat-service", {}, {"conversation_id":"103"}, 7530131723988762624, 7530131724399804542, "2026-11-22 04:55:06.075"]
["11ff188e-2713-4fd2-9d3d-80f1bc77e0a9", "payout.processed", "2025-03-02 00:00:00.000", "u0", "", "files", {}, {"payout_id":"101","amount":"100","method":"101","currency":"EUR"}, 7530131723988762624, 7530131724399804470, "2026-11-22 04:55:06.075"]
["9f1a9717-ede6-4c43-9de2-9cb0834e45ef", "contract.started", "2025-03-03 22:52:21.902", "u1", "", "collector ☃", {}, {"contract_id":"contract 1","freelancer_id":"u2","extra_note":"x"}, 7530131723988762624, 7530131724399804523, "2026-11-22 04:55:06.075"]
["cf7b8ac2-b010-4348-9df4-1d0ce52aa01a", "feature.used", "2025-03-03 00:57:32.696", "u0", "", "files", {}, {"feature":"feature-2 'q'"}, 7530131723988762624, 7530131724399804536, "2026-11-22 04:55:06.075"]
["998a83c9-8e5c-4660-9dff-841794cb2c66", "user.signup", "2025-03-03 07:06:49.562", "u0", "", "collector ☃", {}, {"country":"country-2 'q'","method":"method-4 'q'","plan_tier":"pro plus","email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","role":"uploader"}, 7530131723988762624, 7530131724399804440, "2026-11-22 04:55:06.075"]
["8dc822de-0b9c-47ef-9f11-c6510bc0a1c3", "storage.sampled", "2025-03-03 05:28:18.041", "", "", "collector ☃", {}, {"service":"103","bytes_used":"1234.5678"}, 7530131723988762624, 7530131724399804538, "2026-11-22 04:55:06.075"]
["e08fd2fa-7da1-4f66-9fea-8c33524b293d", "audit.recorded", "2025-03-03 23:59:59.999", "u1", "", "files", {}, {"resource":"resource-4 'q'","complete":"false","action":"action-0 'q'"}, 7530131723988762624, 7530131724399804469, "2026-11-22 04:55:06.075"]
["f9f04e2a-9bc8-4948-a036-df3754402923", "api.request", "2025-03-01 23:59:59.999", "", "s3", "files", {}, {"duration_ms":"0.5","endpoint":"/a","status":"400","service":"103"}, 7530131723988762624, 7530131724399804484, "2026-11-22 04:55:06.075"]
["4648f021-87a4-4d21-a0ab-a2494c5cef5e", "upload.initiated", "2025-03-03 20:58:28.763", "u2", "", "files", {}, {"upload_id":"103"}, 7530131723988762624, 7530131724399804525, "2026-11-22 04:55:06.075"]
["5686298a-5471-4efb-a0d8-8d663fb9b3f2", "job.viewed", "2025-03-03 23:38:40.241", "u2", "", "chat-service", {}, {"job_id":"job 0"}, 7530131723988762624, 7530131724399804438, "2026-11-22 04:55:06.075"]
["c6242e7b-fb63-4fb7-a14f-00355b4a3c7a", "placement.made", "2025-03-02 10:02:17.418", "u0", "", "files", {}, {"job_id":"job_id-4 'q'","placement_id":"placement_id-4 'q'","fee":"12345678.9012","currency":"GBP"}, 7530131723988762624, 7530131724399804477, "2026-11-22 04:55:06.075"]
["78ff63e6-dd7c-4f7b-a27b-5111f2b0746b", "user.plan_downgrade", "2025-03-03 04:07:42.879", "u2", "", "files", {}, {"from_plan":"enterprise","to_plan":"free"}, 7530131723988762624, 7530131724399804516, "2026-11-22 04:55:06.075"]
["13663d2c-e995-44bc-a30a-dd2a6695ae71", "proposal.sent", "2025-03-03 23:59:59.998", "u1", "", "files", {}, {"proposal_id":"proposal 0/0","job_id":"job 0","client_id":"u0"}, 7530131723988762624, 7530131724399804541, "2026-11-22 04:55:06.075"]
["62b3dcf4-5c5a-4d76-a319-6a4e00528858", "user.signin", "2025-03-03 23:59:59.999", "u1", "", "collector ☃", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {}, 7530131723988762624, 7530131724399804456, "2026-11-22 04:55:06.075"]
["5c6f50bf-9a64-4543-a33e-048bff033c17", "job.posted", "2025-03-02 00:00:00.000", "u2", "", "files", {}, {"budget":"6749381.2","job_id":"job 0","category":"web"}, 7530131723988762624, 7530131724399804506, "2026-11-22 04:55:06.075"]
["10032457-b817-4736-a3a3-305f21c1e3d0", "assignment.claimed", "2025-03-02 00:59:59.000", "😀", "s4", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"assignment_id":"assignment 0","level":"mid"}, 7530131723988762624, 7530131724399804495, "2026-11-22 04:55:06.075"]
["a51c1eb4-267c-4071-a49b-db63b14fe77b", "user.plan_downgrade", "2025-03-03 00:00:01.000", "😀", "", "files", {}, {"from_plan":"team","to_plan":"team"}, 7530131723988762624, 7530131724399804481, "2026-11-22 04:55:06.075"]
["a51c1eb4-267c-4071-a49b-db63b14fe77b", "user.plan_downgrade", "2025-03-03 00:00:01.000", "😀", "", "files", {}, {"from_plan":"team","to_plan":"team"}, 7530131723988762624, 7530131724399804524, "2026-11-22 04:55:06.075"]
["6bd36352-94df-4f2d-a4db-482cdc4533c4", "user.signin", "2025-03-03 07:29:11.454", "u1", "", "collector ☃", {}, {"extra_note":"x"}, 7530131723988762624, 7530131724399804442, "2026-11-22 04:55:06.075"]
["da185d2c-3283-4846-a542-7e978815d67b", "billing.subscription_created", "2025-03-01 08:45:05.121", "u0", "", "files", {}, {"subscription_id":"103","plan_id":"enterprise"}, 7530131723988762624, 7530131724399804529, "2026-11-22 04:55:06.075"]
["f0c49d84-9571-4cbd-a55b-b78b5a97c5a0", "financial.recorded", "2025-03-02 00:00:00.001", "😀", "", "files", {}, {"job_type":"hourly","amount":"0.5476","job_id":"job_id-4 'q'","extra_note":"[1,null]","category":"Escrow","transaction_id":"101"}, 7530131723988762624, 7530131724399804543, "2026-11-22 04:55:06.075"]
["036c1f52-1ba1-4340-a62b-d7a1c6a9f408", "billing.subscription_cancelled", "2025-03-03 00:00:00.000", "u2", "s1", "files", {}, {"subscription_id":"sub 0"}, 7530131723988762624, 7530131724399804439, "2026-11-22 04:55:06.075"]
["204c3549-0b36-49df-a6fd-ebb6a3f8a1db", "creator.level_changed", "2025-03-03 13:29:01.360", "u2", "", "files", {}, {"to_level":"probation"}, 7530131723988762624, 7530131724399804486, "2026-11-22 04:55:06.075"]
["02caca70-d0f4-4976-a757-2934ba19f462", "upload.completed", "2025-03-02 20:45:03.143", "u1", "", "files", {}, {"duration":"0.1","upload_id":"upload_id-4 'q'","file_size":"1234.5678"}, 7530131723988762624, 7530131724399804497, "2026-11-22 04:55:06.075"]
["f66abcf8-1ee7-4d21-a814-e39dde693368", "account.suspended", "2025-03-01 15:19:33.382", "😀", "", "chat-service", {}, {"reason":"reason with \"quotes\", \\ and \n lines"}, 7530131723988762624, 7530131724399804501, "2026-11-22 04:55:06.075"]
["5373878f-b313-4426-a94c-eeba83f40125", "api.request", "2025-03-01 00:00:00.000", "😀", "", "files", {}, {"service":"service-4 'q'","status":"204","endpoint":"/a","duration_ms":"0"}, 7530131723988762624, 7530131724399804416, "2026-11-22 04:55:06.075"]
["5373878f-b313-4426-a94c-eeba83f40125", "api.request", "2025-03-01 00:00:00.000", "😀", "", "files", {}, {"service":"service-4 'q'","status":"204","endpoint":"/a","duration_ms":"0"}, 7530131723988762624, 7530131724399804507, "2026-11-22 04:55:06.075"]
["ae65e67f-4aa8-4bb1-a96f-e64f9ae619be", "job.filled", "2025-03-02 04:08:12.777", "u2", "", "files", {}, {"job_id":"103","extra_note":"x"}, 7530131723988762624, 7530131724399804491, "2026-11-22 04:55:06.075"]
["5729bf58-3449-40b0-aa41-c343f219e612", "user.signup", "2025-03-01 23:59:59.999", "😀", "s1", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"plan_tier":"pro","role":"creator","country":"103","email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","method":"101"}, 7530131723988762624, 7530131724399804487, "2026-11-22 04:55:06.075"]
["a91e6cfd-f396-4f90-aa52-cfb33f9402e0", "job.viewed", "2025-03-03 23:57:02.189", "u2", "s4", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"job_id":"job_id-2 'q'"}, 7530131723988762624, 7530131724399804508, "2026-11-22 04:55:06.075"]
["5f8d960c-29ba-473d-aae8-103ceb3bebfc", "assignment.created", "2025-03-01 00:00:00.000", "😀", "s0", "chat-service", {}, {"assignment_id":"assignment 0","upload_id":"upload 0","due_at":"2025-03-01t14:00:00.000608924+14:00"}, 7530131723988762624, 7530131724399804436, "2026-11-22 04:55:06.075"]
["72099284-4bd6-4ed0-abb6-4ea508fa208c", "chat.conversation_created", "2025-03-02 06:53:50.445", "u1", "", "files", {}, {"conversation_id":"101"}, 7530131723988762624, 7530131724399804434, "2026-11-22 04:55:06.075"]
["f91fa3a6-3370-40e2-ad42-d969f1fd1012", "assignment.claimed", "2025-03-02 15:02:45.829", "u1", "s1", "files", {}, {"assignment_id":"101"}, 7530131723988762624, 7530131724399804547, "2026-11-22 04:55:06.075"]
["04e1a5cd-1dc4-4159-ad5b-1a604650c5c4", "assignment.created", "2025-03-03 01:35:31.968", "😀", "", "chat-service", {}, {"output_type":"image","assignment_id":"103","upload_id":"103"}, 7530131723988762624, 7530131724399804500, "2026-11-22 04:55:06.075"]
["ffd47345-209e-4e2b-aed0-9cb2df0df372", "user.plan_downgrade", "2025-03-03 00:00:00.000", "😀", "", "files", {}, {"from_plan":"pro plus","to_plan":"pro"}, 7530131723988762624, 7530131724399804531, "2026-11-22 04:55:06.075"]
["5970aeb6-a904-4fd6-aeff-eefd47280559", "assignment.reviewed", "2025-03-01 23:59:59.999", "😀", "", "files", {}, {"output_type":"video","overall_score":"3.5","version":"1","decision":"rejected","assignment_id":"assignment 0"}, 7530131723988762624, 7530131724399804539, "2026-11-22 04:55:06.075"]
["02e82f9f-a3e0-4355-af33-300d13ff2c8b", "assignment.submitted", "2025-03-01 23:59:59.000", "😀", "", "files", {}, {"assignment_id":"assignment 0","time_to_complete":"1234.5678"}, 7530131723988762624, 7530131724399804514, "2026-11-22 04:55:06.075"]
["45b7fc5c-195d-45bc-af3f-73bddd4889f0", "job.filled", "2025-03-01 00:00:00.000", "u2", "s4", "files", {}, {"job_id":"job 0"}, 7530131723988762624, 7530131724399804460, "2026-11-22 04:55:06.075"]
["1b4f4608-7072-4ed3-af3f-74ea25172da0", "account.flagged", "2025-03-01 00:00:00.000", "u1", "s4", "files", {}, {"automatic":"false","flag_type":"fraud","flag_id":"flag 0"}, 7530131723988762624, 7530131724399804465, "2026-11-22 04:55:06.075"]
["e69e9853-d5d9-46c9-b0e2-b2a280ca0e68", "financial.recorded", "2025-03-02 01:45:05.788", "😀", "", "files", {}, {"job_id":"job 1","amount":"13043.746","job_type":"hourly","transaction_id":"transaction 0/0","category":"Earnings","counterparty_id":"u2"}, 7530131723988762624, 7530131724399804544, "2026-11-22 04:55:06.075"]
["d6042c8e-5f97-46c5-b11e-9313d5ff1875", "contract.completed", "2025-03-02 00:16:54.477", "u1", "", "chat-service", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"outcome":"disputed","contract_id":"contract 1","freelancer_id":"u2","currency":"EUR"}, 7530131723988762624, 7530131724399804522, "2026-11-22 04:55:06.075"]
["8ab0f3b2-1c38-4f11-b1b5-ff796c945cf6", "user.signup", "2025-03-02 23:03:51.292", "😀", "s4", "files", {}, {"email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","method":"method-0 'q'"}, 7530131723988762624, 7530131724399804453, "2026-11-22 04:55:06.075"]
["ca76bfd0-c204-424d-b1e4-f6edae9e8b76", "feedback.submitted", "2025-03-03 13:32:51.809", "u1", "", "files", {}, {"freelancer_id":"u1","score":"1","contract_id":"contract 3"}, 7530131723988762624, 7530131724399804441, "2026-11-22 04:55:06.075"]
["37ecf2ce-15d5-4ccc-b24a-4406b9807c74", "job.filled", "2025-03-01 23:59:59.998", "u2", "", "files", {}, {"job_id":"job 0"}, 7530131723988762624, 7530131724399804496, "2026-11-22 04:55:06.075"]
["9bf82cce-5c08-4a3d-b341-fdf297c08d05", "proposal.sent", "2025-03-03 23:59:59.999", "😀", "", "files", {}, {"job_id":"job 0","client_id":"u2","extra_note":"{\"deepKey\":true}","proposal_id":"proposal 0/0"}, 7530131723988762624, 7530131724399804480, "2026-11-22 04:55:06.075"]
["90b4e92d-5cbc-409e-b34f-01134690c648", "proposal.viewed", "2025-03-01 03:10:56.725", "😀", "s0", "collector ☃", {}, {"proposal_id":"proposal_id-4 'q'"}, 7530131723988762624, 7530131724399804518, "2026-11-22 04:55:06.075"]
["15ebd47b-6a29-44b6-b385-e13683a3af07", "account.duplicate_blocked", "2025-03-01 23:59:59.999", "", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {}, 7530131723988762624, 7530131724399804450, "2026-11-22 04:55:06.075"]
["ba65652b-b612-4959-b416-8d6f3de3510c", "billing.subscription_created", "2025-03-03 03:07:42.879", "u2", "", "billing", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"interval":"month","extra_note":"{\"deepKey\":true}","plan_id":"team","subscription_id":"sub 0"}, 7530131723988762624, 7530131724399804451, "2026-11-22 04:55:06.075"]
["1dbf1538-bf7c-41ed-b461-bc6d66752211", "financial.recorded", "2025-03-02 23:59:59.999", "😀", "", "chat-service", {}, {"counterparty_id":"u0","job_id":"105","category":"Earnings","currency":"JPY","job_type":"fixed","amount":"333.3333","transaction_id":"transaction 0/1"}, 7530131723988762624, 7530131724399804420, "2026-11-22 04:55:06.075"]
["ab1550c7-96f5-46cc-b47a-dbd4eba84931", "financial.recorded", "2025-03-02 01:45:05.788", "😀", "s4", "files", {}, {"transaction_id":"transaction 0/0","job_id":"job 1","counterparty_id":"u2","amount":"31603778","job_type":"hourly","category":"Earnings"}, 7530131723988762624, 7530131724399804492, "2026-11-22 04:55:06.075"]
["065720ce-e6d3-4f0a-b47d-0a2b9ec2d776", "user.signup", "2025-03-01 19:56:14.793", "u0", "s3", "files", {}, {"plan_tier":"pro plus","country":"101","method":"103"}, 7530131723988762624, 7530131724399804464, "2026-11-22 04:55:06.075"]
["0ff25f51-c149-41c9-b55e-159e3e37fd42", "user.signin", "2025-03-03 23:59:59.999", "u1", "s3", "chat-service", {}, {}, 7530131723988762624, 7530131724399804534, "2026-11-22 04:55:06.075"]
["05b0a6d1-bd2e-4930-b67b-e20a5692ea6a", "billing.subscription_cancelled", "2025-03-03 21:54:44.901", "u1", "s4", "files", {}, {"plan_id":"pro plus","subscription_id":"subscription_id-2 'q'"}, 7530131723988762624, 7530131724399804482, "2026-11-22 04:55:06.075"]
["f78ab4f0-34c2-491f-b6d9-ecffdb60abe3", "match.accepted", "2025-03-01 00:00:00.000", "u0", "", "files", {}, {"match_id":"match_id-2 'q'"}, 7530131723988762624, 7530131724399804444, "2026-11-22 04:55:06.075"]
["2b209455-a059-4a51-b718-bbfd8f0986b0", "account.flag_resolved", "2025-03-03 19:19:51.366", "u1", "s1", "files", {}, {"outcome":"confirmed","flag_id":"flag 0"}, 7530131723988762624, 7530131724399804490, "2026-11-22 04:55:06.075"]
["22f1070f-3b1d-4705-b740-747f419f830c", "user.signin", "2025-03-01 00:00:00.000", "u1", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {}, 7530131723988762624, 7530131724399804504, "2026-11-22 04:55:06.075"]
["6e8f22ea-67ec-481f-b855-f998c3348ded", "user.plan_downgrade", "2025-03-03 23:59:59.999", "u2", "", "chat-service", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"from_plan":"enterprise","to_plan":"pro plus"}, 7530131723988762624, 7530131724399804476, "2026-11-22 04:55:06.075"]
["0db0e31c-95b5-4269-b882-4c0056fd6ca4", "feedback.submitted", "2025-03-03 02:37:05.007", "😀", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"freelancer_id":"u2","contract_id":"contract 2","score":"1"}, 7530131723988762624, 7530131724399804461, "2026-11-22 04:55:06.075"]
["6d1a657e-968b-442b-b8a8-7f478b16e3ca", "assignment.submitted", "2025-03-03 06:34:22.496", "u1", "", "chat-service", {}, {"version":"2","assignment_id":"101"}, 7530131723988762624, 7530131724399804421, "2026-11-22 04:55:06.075"]
["9f724d19-a9e5-49cf-b996-ba0aa304d78b", "audit.recorded", "2025-03-01 21:21:18.062", "u1", "", "billing", {}, {"action":"101","complete":"true","resource":"103"}, 7530131723988762624, 7530131724399804467, "2026-11-22 04:55:06.075"]
["e96ce33d-1ec9-4f7f-b9e7-b4880a7ffc28", "proposal.accepted", "2025-03-02 22:34:53.638", "u0", "", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"proposal_id":"105","freelancer_id":"😀"}, 7530131723988762624, 7530131724399804532, "2026-11-22 04:55:06.075"]
["b0af8514-69c1-41a7-ba3c-ede114810794", "contract.completed", "2025-03-02 12:32:16.176", "u0", "", "files", {}, {"currency":"USD","contract_id":"contract 0","outcome":"cancelled","freelancer_id":"u1","value":"333.3333"}, 7530131723988762624, 7530131724399804509, "2026-11-22 04:55:06.075"]
["d4e09f81-08d0-49c3-ba87-22849dbfc549", "account.duplicate_blocked", "2025-03-02 00:00:00.000", "u1", "", "files", {}, {}, 7530131723988762624, 7530131724399804528, "2026-11-22 04:55:06.075"]
["d92c8ea0-2c15-44d2-bb10-dd5285bb4513", "account.flag_resolved", "2025-03-03 12:07:49.288", "u2", "", "files", {}, {"outcome":"confirmed","flag_id":"flag_id-4 'q'"}, 7530131723988762624, 7530131724399804446, "2026-11-22 04:55:06.075"]
["f721feb3-12bc-41f7-bc15-109207c9384e", "user.plan_downgrade", "2025-03-03 04:07:42.880", "u2", "s2", "files", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"to_plan":"free","from_plan":"team"}, 7530131723988762624, 7530131724399804466, "2026-11-22 04:55:06.075"]
["2dd5e9f5-ddfd-46cc-bcb0-3d934ed27997", "user.signup", "2025-03-02 10:09:19.512", "u2", "", "files", {}, {"email_hmac":"f3342f836df59a8367d934614b681fca048dd64a30349006acff291348452ac4","plan_tier":"pro plus"}, 7530131723988762624, 7530131724399804435, "2026-11-22 04:55:06.075"]
["199a543c-40c8-41dc-bd17-6ac0d0167681", "conversion", "2025-03-03 03:29:44.082", "", "", "files", {}, {"value":"0","type":"type-0 'q'"}, 7530131723988762624, 7530131724399804426, "2026-11-22 04:55:06.075"]
["e32a48d0-5d1a-4279-bd91-f4fb9483e179", "creator.level_changed", "2025-03-01 19:46:25.070", "u2", "", "chat-service", {"page_url":"https://example.test/a?b=1","ip":"203.0.113.0"}, {"to_level":"junior"}, 7530131723988762624, 7530131724399804550, "2026-11-22 04:55:06.075"]
["d93310b9-c775-4367-bd9c-119299c7052b", "user.signin", "2025-03-02 19:50:02.380", "u0", "s4", "chat-service", {}, {}, 7530131723988762624, 7530131724399804530, "2026-11-22 04:55:06.075"]
["f1cbb0d3-3f72-44e4-bfc7-6ece15787f8b", "queue.sampled", "2025-03-01 00:00:00.001", "😀", "s0", "files", {}, {"processed":"0.1","depth":"0.5","extra_note":"1.5","queue":"101"}, 7530131723988762624, 7530131724399804472, "2026-11-22 04:55:06.075"]

INSERT INTO `raw`.`quarantine` (`batch_seq`, `received_seq`, `source`, `reason`, `original`, `received_at`) FORMAT JSONCompactEachRow
[7530131723988762624, 7530131724399804422, "files", "invalid_field:automatic", "{\"event_id\":\"a904ba5c-26a9-5545-9c01-fd594a81fc0b\",\"event_type\":\"account.flagged\",\"occurred_at\":\"2024-05-06T07:08:09.123Z\",\"user_id\":\"u1\",\"properties\":{\"flag_id\":\"f\",\"flag_type\":\"t\",\"automatic\":2}}", "2026-11-22 04:55:06.075"]
[7530131723988762624, 7530131724399804433, "files", "not_an_object", "[{\"occurred_at\":\"2025-03-01 05:22:33.142-00:01\",\"event_type\":\"account.duplicate_blocked\",\"event_id\":\"f4f06db8-ff54-4c5c-b856-71628217eec8\",\"properties\":{\"extraNote\":1.50}}]", "2026-11-22 04:55:06.075"]
[7530131723988762624, 7530131724399804475, "files", "invalid_json", "{\"session_id\": \"s3\", \"occurred_at\": \"2025-03-02 15:08:37.279999999+05:30\", \"properties\": {\"to_plan\": \"pro plus\", \"from_plan\": \"pro\"}, \"event_type\": \"user.plan_upgrade\", \"event_id\": \"B72A1384-C840-4533-A323-7DD6A68D67C4\", \"userId\": \"u1\"}}", "2026-11-22 04:55:06.075"]
[7530131723988762624, 7530131724399804546, "files", "invalid_json", "{\"event_id\":\"0542c0b7-996c-537e-8ffb-ef43683fad54\",\"event_type\":\"user.signin\",\"occurred_at\":\"2024-05-06T07:08:09.123Z\",\"user_id\":\"u1\"}}", "2026-11-22 04:55:06.075"]

INSERT INTO `raw`.`receipts` (`event_id`, `received_seq`, `batch_seq`) FORMAT JSONCompactEachRow
["fbcd3220-60dc-4cbd-8034-6dcaad7c9959", 7530131724399804428, 7530131723988762624]
["f4fd549a-ee00-4706-8107-d30554faa9b7", 7530131724399804527, 7530131723988762624]
["85025c98-fdb0-4055-8176-b1c304f92855", 7530131724399804485, 7530131723988762624]
["cf3eb35e-325a-4b7c-81c1-fcdbc08f8139", 7530131724399804515, 7530131723988762624]
["01ff758c-f530-40fa-8229-43d962fddb5e", 7530131724399804431, 7530131723988762624]
["97cd89e6-c158-4865-82af-7e706e551d11", 7530131724399804427, 7530131723988762624]
["d6823823-ea2a-41f6-82f1-d7b4728be72e", 7530131724399804430, 7530131723988762624]
["09c17983-2b3c-4d2a-8338-f4e37e2cc9f5", 7530131724399804537, 7530131723988762624]
["72ac46a1-d2d9-4624-837b-547519c92d82", 7530131724399804548, 7530131723988762624]
["4c0d6596-515a-4a42-840b-1bf301a95fc2", 7530131724399804545, 7530131723988762624]
["54a50ec2-0f2a-41e5-849a-82138f3676ae", 7530131724399804478, 7530131723988762624]
["f71117fe-13fe-4a71-84dd-b59da01626e3", 7530131724399804429, 7530131723988762624]
["38e839a2-634f-4506-84f3-08a700f3909a", 7530131724399804535, 7530131723988762624]
["8e9d7dcb-dc46-40a2-858b-e1704c81c41f", 7530131724399804455, 7530131723988762624]
["f4e43210-c91d-44d0-860d-b799608ea96e", 7530131724399804449, 7530131723988762624]
["72114056-cb92-4b8d-8670-4542d68ca5a6", 7530131724399804463, 7530131723988762624]
["57f5c9af-1c37-4fad-86d3-c03161e83c39", 7530131724399804499, 7530131723988762624]
["36df78d4-4ea7-4000-87f9-139f3676857e", 7530131724399804505, 7530131723988762624]
["2bd61cdf-260d-4888-880b-5f2136e31598", 7530131724399804488, 7530131723988762624]
["d025068a-b764-4ddf-8815-bf099e32a42e", 7530131724399804510, 7530131723988762624]
["43f2f773-4c3c-434f-884d-997386b03d3f", 7530131724399804517, 7530131723988762624]
["96d0cbff-090a-4e01-8879-657134a3f451", 7530131724399804489, 7530131723988762624]
["43aa4480-136c-4e06-8978-66f3317d04e7", 7530131724399804474, 7530131723988762624]
["e0c81cc4-47d0-44dc-89a6-4295b43a5028", 7530131724399804425, 7530131723988762624]
["2a19a104-0ce5-4e1e-8a8b-e304af796948", 7530131724399804526, 7530131723988762624]
["675c7b62-1abb-4f31-8ae5-b266ca29548b", 7530131724399804448, 7530131723988762624]
["0c27eb40-c54d-4ee4-8b7f-4cff91ddd904", 7530131724399804418, 7530131723988762624]
["3ae2a441-0e27-48ff-8b89-7e0b75e5ff3f", 7530131724399804512, 7530131723988762624]
["8899230b-2db4-4b47-8c8b-a3e32e99777f", 7530131724399804511, 7530131723988762624]
["c94bb9f2-10db-4c86-8d0a-35532c2f73dc", 7530131724399804520, 7530131723988762624]
["41674457-e225-4f3f-8dc2-b67cc183e00f", 7530131724399804419, 7530131723988762624]
["2db0b928-b759-43b6-8dea-e170928daef7", 7530131724399804423, 7530131723988762624]
["ee5461e1-bb75-4161-8df0-e4a81263d5f4", 7530131724399804458, 7530131723988762624]
["81061d3d-5832-4a09-8e7f-fcb399361c35", 7530131724399804483, 7530131723988762624]
["ee75fb6f-b2d4-4014-8ec0-a5aadc63f3f2", 7530131724399804437, 7530131723988762624]
["afecb0c5-39c3-462b-8f3f-89d9299e2a64", 7530131724399804498, 7530131723988762624]
["188d9db2-bfc3-481c-9075-319a21c022f8", 7530131724399804479, 7530131723988762624]
["26024ae5-0589-4e43-90ac-61213ca0a839", 7530131724399804447, 7530131723988762624]
["e905dec3-27ca-4a48-90c8-c87db8f2cb8e", 7530131724399804502, 7530131723988762624]
["6c35ef01-6824-4da0-90dc-5c8c35e6de02", 7530131724399804493, 7530131723988762624]
["712fb272-c509-4695-90e7-236a470c7ea1", 7530131724399804454, 7530131723988762624]
["292bd7be-f618-4a8b-91cc-e62adb269f52", 7530131724399804471, 7530131723988762624]
["2d12ff5f-21b6-48f7-91f8-974aa82fbbe4", 7530131724399804513, 7530131723988762624]
["2e66578c-3c96-43e4-91fe-0a9ce8ae02f2", 7530131724399804459, 7530131723988762624]
["a918a1dc-4801-420e-9271-a86ff7f3a683", 7530131724399804494, 7530131723988762624]
["d216fb71-47d4-4701-92a4-74bbf0a9fed6", 7530131724399804452, 7530131723988762624]
["f906600f-4d0d-46ec-932c-20903b972b47", 7530131724399804521, 7530131723988762624]
["24779bd2-8ba4-4374-9408-fc8d3cef4c40", 7530131724399804462, 7530131723988762624]
["cb9dac33-f644-4d85-94cf-97a8d44ba293", 7530131724399804445, 7530131723988762624]
["825b576b-29dc-4c37-9562-9447c4b027ef", 7530131724399804457, 7530131723988762624]
["613db5dd-c25f-4192-95bf-a7a669a4df41", 7530131724399804473, 7530131723988762624]
["83b4edfc-cfc4-4254-968c-2f5bc04ec3a2", 7530131724399804417, 7530131723988762624]
["592c37e8-fda3-4e56-9833-c08f5102b20c", 7530131724399804424, 7530131723988762624]
["9966df54-bf0d-43d7-9947-4457e6b51220", 7530131724399804432, 7530131723988762624]
["ab836b2f-e7f1-4ce0-99e4-d8832b48995f", 7530131724399804503, 7530131723988762624]
["ab16df9c-bb9c-409b-99eb-11541b1c54c1", 7530131724399804443, 7530131723988762624]
["56f52895-1da0-4fd3-9a1a-b788567547ca", 7530131724399804468, 7530131723988762624]
["eb38bd4d-2e83-4b52-9bb8-77bfd055265d", 7530131724399804533, 7530131723988762624]
["11ff188e-2713-4fd2-9d3d-80f1bc77e0a9", 7530131724399804470, 7530131723988762624]
["9f1a9717-ede6-4c43-9de2-9cb0834e45ef", 7530131724399804523, 7530131723988762624]
["cf7b8ac2-b010-4348-9df4-1d0ce52aa01a", 7530131724399804536, 7530131723988762624]
["998a83c9-8e5c-4660-9dff-841794cb2c66", 7530131724399804440, 7530131723988762624]
["8dc822de-0b9c-47ef-9f11-c6510bc0a1c3", 7530131724399804538, 7530131723988762624]
["e08fd2fa-7da1-4f66-9fea-8c33524b293d", 7530131724399804469, 7530131723988762624]
["f9f04e2a-9bc8-4948-a036-df3754402923", 7530131724399804484, 7530131723988762624]
["4648f021-87a4-4d21-a0ab-a2494c5cef5e", 7530131724399804525, 7530131723988762624]
["5686298a-5471-4efb-a0d8-8d663fb9b3f2", 7530131724399804438, 7530131723988762624]
["c6242e7b-fb63-4fb7-a14f-00355b4a3c7a", 7530131724399804477, 7530131723988762624]
["78ff63e6-dd7c-4f7b-a27b-5111f2b0746b", 7530131724399804516, 7530131723988762624]
["13663d2c-e995-44bc-a30a-dd2a6695ae71", 7530131724399804541, 7530131723988762624]
["62b3dcf4-5c5a-4d76-a319-6a4e00528858", 7530131724399804456, 7530131723988762624]
["5c6f50bf-9a64-4543-a33e-048bff033c17", 7530131724399804506, 7530131723988762624]
["10032457-b817-4736-a3a3-305f21c1e3d0", 7530131724399804495, 7530131723988762624]
["a51c1eb4-267c-4071-a49b-db63b14fe77b", 7530131724399804481, 7530131723988762624]
["6bd36352-94df-4f2d-a4db-482cdc4533c4", 7530131724399804442, 7530131723988762624]
["da185d2c-3283-4846-a542-7e978815d67b", 7530131724399804529, 7530131723988762624]
["f0c49d84-9571-4cbd-a55b-b78b5a97c5a0", 7530131724399804543, 7530131723988762624]
["036c1f52-1ba1-4340-a62b-d7a1c6a9f408", 7530131724399804439, 7530131723988762624]
["204c3549-0b36-49df-a6fd-ebb6a3f8a1db", 7530131724399804486, 7530131723988762624]
["02caca70-d0f4-4976-a757-2934ba19f462", 7530131724399804497, 7530131723988762624]
["f66abcf8-1ee7-4d21-a814-e39dde693368", 7530131724399804501, 7530131723988762624]
["5373878f-b313-4426-a94c-eeba83f40125", 7530131724399804416, 7530131723988762624]
["ae65e67f-4aa8-4bb1-a96f-e64f9ae619be", 7530131724399804491, 7530131723988762624]
["5729bf58-3449-40b0-aa41-c343f219e612", 7530131724399804487, 7530131723988762624]
["a91e6cfd-f396-4f90-aa52-cfb33f9402e0", 7530131724399804508, 7530131723988762624]
["5f8d960c-29ba-473d-aae8-103ceb3bebfc", 7530131724399804436, 7530131723988762624]
["72099284-4bd6-4ed0-abb6-4ea508fa208c", 7530131724399804434, 7530131723988762624]
["f91fa3a6-3370-40e2-ad42-d969f1fd1012", 7530131724399804547, 7530131723988762624]
["04e1a5cd-1dc4-4159-ad5b-1a604650c5c4", 7530131724399804500, 7530131723988762624]
["ffd47345-209e-4e2b-aed0-9cb2df0df372", 7530131724399804531, 7530131723988762624]
["5970aeb6-a904-4fd6-aeff-eefd47280559", 7530131724399804539, 7530131723988762624]
["02e82f9f-a3e0-4355-af33-300d13ff2c8b", 7530131724399804514, 7530131723988762624]
["45b7fc5c-195d-45bc-af3f-73bddd4889f0", 7530131724399804460, 7530131723988762624]
["1b4f4608-7072-4ed3-af3f-74ea25172da0", 7530131724399804465, 7530131723988762624]
["e69e9853-d5d9-46c9-b0e2-b2a280ca0e68", 7530131724399804544, 7530131723988762624]
["d6042c8e-5f97-46c5-b11e-9313d5ff1875", 7530131724399804522, 7530131723988762624]
["8ab0f3b2-1c38-4f11-b1b5-ff796c945cf6", 7530131724399804453, 7530131723988762624]
["ca76bfd0-c204-424d-b1e4-f6edae9e8b76", 7530131724399804441, 7530131723988762624]
["37ecf2ce-15d5-4ccc-b24a-4406b9807c74", 7530131724399804496, 7530131723988762624]
["9bf82cce-5c08-4a3d-b341-fdf297c08d05", 7530131724399804480, 7530131723988762624]
["90b4e92d-5cbc-409e-b34f-01134690c648", 7530131724399804518, 7530131723988762624]
["15ebd47b-6a29-44b6-b385-e13683a3af07", 7530131724399804450, 7530131723988762624]
["ba65652b-b612-4959-b416-8d6f3de3510c", 7530131724399804451, 7530131723988762624]
["1dbf1538-bf7c-41ed-b461-bc6d66752211", 7530131724399804420, 7530131723988762624]
["ab1550c7-96f5-46cc-b47a-dbd4eba84931", 7530131724399804492, 7530131723988762624]
["065720ce-e6d3-4f0a-b47d-0a2b9ec2d776", 7530131724399804464, 7530131723988762624]
["0ff25f51-c149-41c9-b55e-159e3e37fd42", 7530131724399804534, 7530131723988762624]
["05b0a6d1-bd2e-4930-b67b-e20a5692ea6a", 7530131724399804482, 7530131723988762624]
["f78ab4f0-34c2-491f-b6d9-ecffdb60abe3", 7530131724399804444, 7530131723988762624]
["2b209455-a059-4a51-b718-bbfd8f0986b0", 7530131724399804490, 7530131723988762624]
["22f1070f-3b1d-4705-b740-747f419f830c", 7530131724399804504, 7530131723988762624]
["6e8f22ea-67ec-481f-b855-f998c3348ded", 7530131724399804476, 7530131723988762624]
["0db0e31c-95b5-4269-b882-4c0056fd6ca4", 7530131724399804461, 7530131723988762624]
["6d1a657e-968b-442b-b8a8-7f478b16e3ca", 7530131724399804421, 7530131723988762624]
["9f724d19-a9e5-49cf-b996-ba0aa304d78b", 7530131724399804467, 7530131723988762624]
["e96ce33d-1ec9-4f7f-b9e7-b4880a7ffc28", 7530131724399804532, 7530131723988762624]
["b0af8514-69c1-41a7-ba3c-ede114810794", 7530131724399804509, 7530131723988762624]
["d4e09f81-08d0-49c3-ba87-22849dbfc549", 7530131724399804528, 7530131723988762624]
["d92c8ea0-2c15-44d2-bb10-dd5285bb4513", 7530131724399804446, 7530131723988762624]
["f721feb3-12bc-41f7-bc15-109207c9384e", 7530131724399804466, 7530131723988762624]
["2dd5e9f5-ddfd-46cc-bcb0-3d934ed27997", 7530131724399804435, 7530131723988762624]
["199a543c-40c8-41dc-bd17-6ac0d0167681", 7530131724399804426, 7530131723988762624]
["e32a48d0-5d1a-4279-bd91-f4fb9483e179", 7530131724399804550, 7530131723988762624]
["d93310b9-c775-4367-bd9c-119299c7052b", 7530131724399804530, 7530131723988762624]
["f1cbb0d3-3f72-44e4-bfc7-6ece15787f8b", 7530131724399804472, 7530131723988762624]

INSERT INTO `warehouse`.`migrations` (`name`, `checksum`, `applied_at`) FORMAT JSONCompactEachRow
["ingestion/0001_raw", "e95804d565dafcb127ad0bffe6bcf485256f2c552f8ce5ec400512b5a1cef37f", "2026-11-22 04:55:05.914"]
["ingestion/0002_replays", "b9dc86449b478f80f24eff02f542c78ded9d8b54315231ccb1697b5dee354f92", "2026-11-22 04:55:05.922"]
["ingestion/0003_held", "b11bc01ba8fa6a45096e127951cbe997f18122fc51cd3218d6a031af871e249d", "2026-11-22 04:55:05.931"]
["warehouse/0001_databases", "88c5e9b2e65c5bd630b0fb76a7322c7576f47d49ba9a06ed27bea48e4a06eae7", "2026-11-22 04:55:05.832"]
["warehouse/0002_publications", "9a43abd942058d274e162c986fda21f19e9e3138410ce252723235ccd8423ae6", "2026-11-22 04:55:05.853"]
["warehouse/0003_evidence", "5ea1920da04d9728a7acb7e22866625238c5b9da3bcee44e2dade7de5d803fd2", "2026-11-22 04:55:05.876"]
["warehouse/0004_revisions", "c97be5a55465ccd495422f72aedb2575e28e43a6f66e7a0dcae259792a2fb32c", "2026-11-22 04:55:05.885"]

INSERT INTO `marts_g000001`.`account_balances` (`user_id`, `earnings_usd`, `refunds_usd`, `fees_usd`, `payouts_usd`, `available_usd`, `unconverted_count`) FORMAT JSONCompactEachRow
["u0", "0", "0", "0", "108.1", "-108.1", 0]
["😀", "31616826.2013", "0", "0", "0", "31616826.2013", 0]

INSERT INTO `marts_g000001`.`account_safety` (`date`, `accounts_suspended`, `duplicates_blocked`, `new_users`, `duplicate_detection_rate`, `flags_confirmed`, `fraud_prevention_rate`, `flags_pending`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 2, 3, 0.4, 1, 0.6666666666666666, 0]
["2025-03-02", 0, 1, 1, 0.5, 0, 1, 1]
["2025-03-03", 0, 0, 0, null, 2, 0, 1]

INSERT INTO `marts_g000001`.`activity_feed` (`occurred_at`, `event_id`, `type`, `description`, `user_id`) FORMAT JSONCompactEachRow
["2025-03-01 00:00:00.000", "cf3eb35e-325a-4b7c-81c1-fcdbc08f8139", "payment.completed", "A payment was made.", "u2"]
["2025-03-01 00:00:00.000", "d6823823-ea2a-41f6-82f1-d7b4728be72e", "account.flag_resolved", "A flag was resolved.", "u1"]
["2025-03-01 00:00:00.000", "54a50ec2-0f2a-41e5-849a-82138f3676ae", "placement.made", "A candidate was placed.", "u1"]
["2025-03-01 00:00:00.000", "72114056-cb92-4b8d-8670-4542d68ca5a6", "feedback.submitted", "A client gave feedback on a contract.", "u1"]
["2025-03-01 00:00:00.000", "24779bd2-8ba4-4374-9408-fc8d3cef4c40", "signup.started", "Somebody began to sign up.", "u2"]
["2025-03-01 00:00:00.000", "5f8d960c-29ba-473d-aae8-103ceb3bebfc", "assignment.created", "An assignment was created.", "😀"]
["2025-03-01 00:00:00.000", "45b7fc5c-195d-45bc-af3f-73bddd4889f0", "job.filled", "A job was filled.", "u2"]
["2025-03-01 00:00:00.000", "1b4f4608-7072-4ed3-af3f-74ea25172da0", "account.flagged", "An account was flagged.", "u1"]
["2025-03-01 00:00:00.000", "f78ab4f0-34c2-491f-b6d9-ecffdb60abe3", "match.accepted", "A match was accepted.", "u0"]
["2025-03-01 00:00:00.000", "22f1070f-3b1d-4705-b740-747f419f830c", "user.signin", "A user signed in.", "u1"]
["2025-03-01 01:13:00.292", "eb38bd4d-2e83-4b52-9bb8-77bfd055265d", "chat.conversation_deleted", "A user deleted a conversation.", "u2"]
["2025-03-01 01:56:51.653", "36df78d4-4ea7-4000-87f9-139f3676857e", "chat.message_sent", "A user sent a chat message.", "u2"]
["2025-03-01 03:10:56.725", "90b4e92d-5cbc-409e-b34f-01134690c648", "proposal.viewed", "A client read a proposal.", "😀"]
["2025-03-01 03:11:26.889", "41674457-e225-4f3f-8dc2-b67cc183e00f", "job.closed", "A job was closed.", "u2"]
["2025-03-01 05:59:11.454", "56f52895-1da0-4fd3-9a1a-b788567547ca", "user.signup", "A user signed up.", "u1"]
["2025-03-01 07:21:08.863", "d216fb71-47d4-4701-92a4-74bbf0a9fed6", "user.plan_downgrade", "A user downgraded the plan.", "u1"]
["2025-03-01 08:15:43.728", "cb9dac33-f644-4d85-94cf-97a8d44ba293", "billing.payment_success", "A subscription was paid.", "😀"]
["2025-03-01 08:45:05.121", "da185d2c-3283-4846-a542-7e978815d67b", "billing.subscription_created", "A user subscribed.", "u0"]
["2025-03-01 10:06:35.047", "c94bb9f2-10db-4c86-8d0a-35532c2f73dc", "placement.made", "A candidate was placed.", "u1"]
["2025-03-01 10:33:49.437", "72ac46a1-d2d9-4624-837b-547519c92d82", "contract.started", "A contract started.", "u1"]
["2025-03-01 10:42:26.004", "83b4edfc-cfc4-4254-968c-2f5bc04ec3a2", "chat.message_sent", "A user sent a chat message.", "😀"]
["2025-03-01 14:43:22.090", "2d12ff5f-21b6-48f7-91f8-974aa82fbbe4", "billing.payment_failed", "A subscription payment failed.", "😀"]
["2025-03-01 15:19:26.434", "9966df54-bf0d-43d7-9947-4457e6b51220", "assignment.completed", "An assignment was completed.", "u2"]
["2025-03-01 15:19:33.382", "f66abcf8-1ee7-4d21-a814-e39dde693368", "account.suspended", "An account was suspended.", "😀"]
["2025-03-01 19:46:25.070", "e32a48d0-5d1a-4279-bd91-f4fb9483e179", "creator.level_changed", "A creator changed level.", "u2"]
["2025-03-01 19:56:14.793", "065720ce-e6d3-4f0a-b47d-0a2b9ec2d776", "user.signup", "A user signed up.", "u0"]
["2025-03-01 21:10:53.253", "ab836b2f-e7f1-4ce0-99e4-d8832b48995f", "assignment.reviewed", "Submitted work was reviewed.", "u1"]
["2025-03-01 21:21:16.175", "ee5461e1-bb75-4161-8df0-e4a81263d5f4", "account.duplicate_blocked", "A duplicate account was blocked.", "u1"]
["2025-03-01 21:57:42.408", "0c27eb40-c54d-4ee4-8b7f-4cff91ddd904", "match.created", "A candidate was matched with a job.", "u1"]
["2025-03-01 23:59:59.000", "97cd89e6-c158-4865-82af-7e706e551d11", "assignment.completed", "An assignment was completed.", "😀"]
["2025-03-01 23:59:59.000", "81061d3d-5832-4a09-8e7f-fcb399361c35", "assignment.submitted", "A creator submitted work.", "😀"]
["2025-03-01 23:59:59.000", "02e82f9f-a3e0-4355-af33-300d13ff2c8b", "assignment.submitted", "A creator submitted work.", "😀"]
["2025-03-01 23:59:59.998", "37ecf2ce-15d5-4ccc-b24a-4406b9807c74", "job.filled", "A job was filled.", "u2"]
["2025-03-01 23:59:59.999", "01ff758c-f530-40fa-8229-43d962fddb5e", "financial.recorded", "A movement of money was recorded.", "😀"]
["2025-03-01 23:59:59.999", "2db0b928-b759-43b6-8dea-e170928daef7", "order.created", "A customer placed an order.", "u1"]
["2025-03-01 23:59:59.999", "ab16df9c-bb9c-409b-99eb-11541b1c54c1", "rating.updated", "A customer gave a rating.", "u0"]
["2025-03-01 23:59:59.999", "5729bf58-3449-40b0-aa41-c343f219e612", "user.signup", "A user signed up.", "😀"]
["2025-03-01 23:59:59.999", "5970aeb6-a904-4fd6-aeff-eefd47280559", "assignment.reviewed", "Submitted work was reviewed.", "😀"]
["2025-03-01 23:59:59.999", "15ebd47b-6a29-44b6-b385-e13683a3af07", "account.duplicate_blocked", "A duplicate account was blocked.", ""]
["2025-03-02 00:00:00.000", "38e839a2-634f-4506-84f3-08a700f3909a", "match.created", "A candidate was matched with a job.", "u1"]
["2025-03-02 00:00:00.000", "11ff188e-2713-4fd2-9d3d-80f1bc77e0a9", "payout.processed", "A payout was made.", "u0"]
["2025-03-02 00:00:00.000", "5c6f50bf-9a64-4543-a33e-048bff033c17", "job.posted", "A client posted a job.", "u2"]
["2025-03-02 00:00:00.000", "d4e09f81-08d0-49c3-ba87-22849dbfc549", "account.duplicate_blocked", "A duplicate account was blocked.", "u1"]
["2025-03-02 00:00:00.001", "f0c49d84-9571-4cbd-a55b-b78b5a97c5a0", "financial.recorded", "A movement of money was recorded.", "😀"]
["2025-03-02 00:16:54.477", "d6042c8e-5f97-46c5-b11e-9313d5ff1875", "contract.completed", "A contract ended.", "u1"]
["2025-03-02 00:59:59.000", "10032457-b817-4736-a3a3-305f21c1e3d0", "assignment.claimed", "A creator claimed an assignment.", "😀"]
["2025-03-02 01:45:05.788", "e69e9853-d5d9-46c9-b0e2-b2a280ca0e68", "financial.recorded", "A movement of money was recorded.", "😀"]
["2025-03-02 01:45:05.788", "ab1550c7-96f5-46cc-b47a-dbd4eba84931", "financial.recorded", "A movement of money was recorded.", "😀"]
["2025-03-02 03:03:06.374", "a918a1dc-4801-420e-9271-a86ff7f3a683", "user.signout", "A user signed out.", "u1"]
["2025-03-02 03:34:00.525", "613db5dd-c25f-4192-95bf-a7a669a4df41", "payment.completed", "A payment was made.", "u2"]
["2025-03-02 04:08:12.777", "ae65e67f-4aa8-4bb1-a96f-e64f9ae619be", "job.filled", "A job was filled.", "u2"]
["2025-03-02 05:50:55.278", "3ae2a441-0e27-48ff-8b89-7e0b75e5ff3f", "assignment.completed", "An assignment was completed.", "u2"]
["2025-03-02 06:53:50.445", "72099284-4bd6-4ed0-abb6-4ea508fa208c", "chat.conversation_created", "A user started a conversation.", "u1"]
["2025-03-02 07:02:09.097", "afecb0c5-39c3-462b-8f3f-89d9299e2a64", "page.view", "A page was viewed.", ""]
["2025-03-02 08:04:57.942", "fbcd3220-60dc-4cbd-8034-6dcaad7c9959", "payment.refunded", "A payment was refunded.", "u0"]
["2025-03-02 10:02:17.418", "c6242e7b-fb63-4fb7-a14f-00355b4a3c7a", "placement.made", "A candidate was placed.", "u0"]
["2025-03-02 10:09:19.512", "57f5c9af-1c37-4fad-86d3-c03161e83c39", "user.signup", "A user signed up.", "u2"]
["2025-03-02 10:09:19.512", "2e66578c-3c96-43e4-91fe-0a9ce8ae02f2", "user.signup", "A user signed up.", "u2"]
["2025-03-02 10:09:19.512", "2dd5e9f5-ddfd-46cc-bcb0-3d934ed27997", "user.signup", "A user signed up.", "u2"]
["2025-03-02 11:48:15.977", "43f2f773-4c3c-434f-884d-997386b03d3f", "job.posted", "A client posted a job.", "u0"]
["2025-03-02 11:59:43.604", "592c37e8-fda3-4e56-9833-c08f5102b20c", "order.created", "A customer placed an order.", "u0"]
["2025-03-02 12:32:16.176", "b0af8514-69c1-41a7-ba3c-ede114810794", "contract.completed", "A contract ended.", "u0"]
["2025-03-02 15:02:45.829", "f91fa3a6-3370-40e2-ad42-d969f1fd1012", "assignment.claimed", "A creator claimed an assignment.", "u1"]
["2025-03-02 15:31:46.329", "2a19a104-0ce5-4e1e-8a8b-e304af796948", "user.signin", "A user signed in.", "u0"]
["2025-03-02 16:30:09.804", "e0c81cc4-47d0-44dc-89a6-4295b43a5028", "account.flagged", "An account was flagged.", "u0"]
["2025-03-02 16:41:51.625", "8e9d7dcb-dc46-40a2-858b-e1704c81c41f", "profile.viewed", "A profile was viewed.", "u2"]
["2025-03-02 16:51:22.259", "188d9db2-bfc3-481c-9075-319a21c022f8", "assignment.created", "An assignment was created.", "😀"]
["2025-03-02 19:50:02.380", "d93310b9-c775-4367-bd9c-119299c7052b", "user.signin", "A user signed in.", "u0"]
["2025-03-02 20:02:20.582", "8899230b-2db4-4b47-8c8b-a3e32e99777f", "user.plan_upgrade", "A user upgraded the plan.", "u0"]
["2025-03-02 20:45:03.143", "02caca70-d0f4-4976-a757-2934ba19f462", "upload.completed", "An upload finished.", "u1"]
["2025-03-02 22:15:54.103", "712fb272-c509-4695-90e7-236a470c7ea1", "proposal.sent", "A freelancer sent a proposal.", "😀"]
["2025-03-02 22:34:53.638", "e96ce33d-1ec9-4f7f-b9e7-b4880a7ffc28", "proposal.accepted", "A client accepted a proposal.", "u0"]
["2025-03-02 23:03:51.292", "8ab0f3b2-1c38-4f11-b1b5-ff796c945cf6", "user.signup", "A user signed up.", "😀"]
["2025-03-02 23:28:04.025", "e905dec3-27ca-4a48-90c8-c87db8f2cb8e", "page.view", "A page was viewed.", ""]
["2025-03-02 23:59:59.000", "43aa4480-136c-4e06-8978-66f3317d04e7", "search.performed", "Somebody searched.", "u2"]
["2025-03-02 23:59:59.999", "1dbf1538-bf7c-41ed-b461-bc6d66752211", "financial.recorded", "A movement of money was recorded.", "😀"]
["2025-03-03 00:00:00.000", "036c1f52-1ba1-4340-a62b-d7a1c6a9f408", "billing.subscription_cancelled", "A user cancelled a subscription.", "u2"]
["2025-03-03 00:00:00.000", "ffd47345-209e-4e2b-aed0-9cb2df0df372", "user.plan_downgrade", "A user downgraded the plan.", "😀"]
["2025-03-03 00:00:01.000", "a51c1eb4-267c-4071-a49b-db63b14fe77b", "user.plan_downgrade", "A user downgraded the plan.", "😀"]
["2025-03-03 00:57:32.696", "cf7b8ac2-b010-4348-9df4-1d0ce52aa01a", "feature.used", "A user used a feature.", "u0"]
["2025-03-03 01:35:31.968", "04e1a5cd-1dc4-4159-ad5b-1a604650c5c4", "assignment.created", "An assignment was created.", "😀"]
["2025-03-03 02:37:05.007", "0db0e31c-95b5-4269-b882-4c0056fd6ca4", "feedback.submitted", "A client gave feedback on a contract.", "😀"]
["2025-03-03 03:07:42.879", "ba65652b-b612-4959-b416-8d6f3de3510c", "billing.subscription_created", "A user subscribed.", "u2"]
["2025-03-03 03:29:44.082", "199a543c-40c8-41dc-bd17-6ac0d0167681", "conversion", "A goal was reached.", ""]
["2025-03-03 03:48:25.763", "f906600f-4d0d-46ec-932c-20903b972b47", "job.closed", "A job was closed.", "u2"]
["2025-03-03 04:07:42.879", "85025c98-fdb0-4055-8176-b1c304f92855", "user.plan_downgrade", "A user downgraded the plan.", "u2"]
["2025-03-03 04:07:42.879", "78ff63e6-dd7c-4f7b-a27b-5111f2b0746b", "user.plan_downgrade", "A user downgraded the plan.", "u2"]
["2025-03-03 04:07:42.880", "f721feb3-12bc-41f7-bc15-109207c9384e", "user.plan_downgrade", "A user downgraded the plan.", "u2"]
["2025-03-03 04:32:56.119", "f71117fe-13fe-4a71-84dd-b59da01626e3", "user.plan_downgrade", "A user downgraded the plan.", "u1"]
["2025-03-03 04:32:56.119", "26024ae5-0589-4e43-90ac-61213ca0a839", "user.plan_upgrade", "A user upgraded the plan.", "u1"]
["2025-03-03 05:00:57.965", "4c0d6596-515a-4a42-840b-1bf301a95fc2", "job.posted", "A client posted a job.", "😀"]
["2025-03-03 05:33:58.714", "f4e43210-c91d-44d0-860d-b799608ea96e", "product.viewed", "A product was viewed.", "u1"]
["2025-03-03 06:34:22.496", "6d1a657e-968b-442b-b8a8-7f478b16e3ca", "assignment.submitted", "A creator submitted work.", "u1"]
["2025-03-03 06:44:47.748", "96d0cbff-090a-4e01-8879-657134a3f451", "user.signin", "A user signed in.", "😀"]
["2025-03-03 07:06:49.562", "292bd7be-f618-4a8b-91cc-e62adb269f52", "user.signup", "A user signed up.", "u0"]
["2025-03-03 07:06:49.562", "998a83c9-8e5c-4660-9dff-841794cb2c66", "user.signup", "A user signed up.", "u0"]
["2025-03-03 07:29:11.454", "6bd36352-94df-4f2d-a4db-482cdc4533c4", "user.signin", "A user signed in.", "u1"]
["2025-03-03 08:32:28.973", "6c35ef01-6824-4da0-90dc-5c8c35e6de02", "placement.ended", "A placement ended.", "u0"]
["2025-03-03 11:47:02.947", "675c7b62-1abb-4f31-8ae5-b266ca29548b", "order.created", "A customer placed an order.", "u2"]
["2025-03-03 12:07:49.288", "d92c8ea0-2c15-44d2-bb10-dd5285bb4513", "account.flag_resolved", "A flag was resolved.", "u2"]
["2025-03-03 13:29:01.360", "204c3549-0b36-49df-a6fd-ebb6a3f8a1db", "creator.level_changed", "A creator changed level.", "u2"]
["2025-03-03 13:32:51.809", "ca76bfd0-c204-424d-b1e4-f6edae9e8b76", "feedback.submitted", "A client gave feedback on a contract.", "u1"]
["2025-03-03 17:54:44.691", "09c17983-2b3c-4d2a-8338-f4e37e2cc9f5", "order.created", "A customer placed an order.", "u0"]
["2025-03-03 19:19:51.366", "2b209455-a059-4a51-b718-bbfd8f0986b0", "account.flag_resolved", "A flag was resolved.", "u1"]
["2025-03-03 20:58:28.763", "4648f021-87a4-4d21-a0ab-a2494c5cef5e", "upload.initiated", "An upload started.", "u2"]
["2025-03-03 21:54:44.901", "05b0a6d1-bd2e-4930-b67b-e20a5692ea6a", "billing.subscription_cancelled", "A user cancelled a subscription.", "u1"]
["2025-03-03 22:52:21.902", "9f1a9717-ede6-4c43-9de2-9cb0834e45ef", "contract.started", "A contract started.", "u1"]
["2025-03-03 23:38:40.241", "5686298a-5471-4efb-a0d8-8d663fb9b3f2", "job.viewed", "A job was viewed.", "u2"]
["2025-03-03 23:57:02.189", "a91e6cfd-f396-4f90-aa52-cfb33f9402e0", "job.viewed", "A job was viewed.", "u2"]
["2025-03-03 23:59:59.998", "13663d2c-e995-44bc-a30a-dd2a6695ae71", "proposal.sent", "A freelancer sent a proposal.", "u1"]
["2025-03-03 23:59:59.999", "2bd61cdf-260d-4888-880b-5f2136e31598", "billing.subscription_cancelled", "A user cancelled a subscription.", "u1"]
["2025-03-03 23:59:59.999", "d025068a-b764-4ddf-8815-bf099e32a42e", "user.signin", "A user signed in.", "u1"]
["2025-03-03 23:59:59.999", "ee75fb6f-b2d4-4014-8ec0-a5aadc63f3f2", "user.plan_downgrade", "A user downgraded the plan.", "u2"]
["2025-03-03 23:59:59.999", "825b576b-29dc-4c37-9562-9447c4b027ef", "user.plan_upgrade", "A user upgraded the plan.", "u0"]
["2025-03-03 23:59:59.999", "62b3dcf4-5c5a-4d76-a319-6a4e00528858", "user.signin", "A user signed in.", "u1"]
["2025-03-03 23:59:59.999", "9bf82cce-5c08-4a3d-b341-fdf297c08d05", "proposal.sent", "A freelancer sent a proposal.", "😀"]
["2025-03-03 23:59:59.999", "0ff25f51-c149-41c9-b55e-159e3e37fd42", "user.signin", "A user signed in.", "u1"]
["2025-03-03 23:59:59.999", "6e8f22ea-67ec-481f-b855-f998c3348ded", "user.plan_downgrade", "A user downgraded the plan.", "u2"]

INSERT INTO `marts_g000001`.`assignment_backlog` (`date`, `created`, `completed`, `open`, `overdue`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 2, 0, 0]
["2025-03-02", 1, 1, 0, 0]
["2025-03-03", 1, 0, 1, 0]

INSERT INTO `marts_g000001`.`chat_sessions` (`date`, `sessions`, `avg_session_seconds`, `total_session_seconds`) FORMAT JSONCompactEachRow
["2025-03-01", 2, 0, 0]

INSERT INTO `marts_g000001`.`chat_statistics` (`date`, `provider`, `model`, `messages`, `conversations`, `users`, `tokens`) FORMAT JSONCompactEachRow
["2025-03-01", "anthropic", "large", 1, 1, 1, 17]
["2025-03-01", "openai", "large", 1, 1, 1, 0]

INSERT INTO `marts_g000001`.`client_placements` (`month`, `client_id`, `placements`, `fee_usd`) FORMAT JSONCompactEachRow
["2025-03-01", "", 1, "15938271.4614"]
["2025-03-01", "u1", 1, "2074.2785"]
["2025-03-01", "u2", 1, "5722.4404"]

INSERT INTO `marts_g000001`.`client_spend` (`date`, `user_id`, `job_type`, `spend_usd`, `transactions`, `unconverted_count`) FORMAT JSONCompactEachRow
["2025-03-01", "u2", "hourly", "2.2183", 1, 0]
["2025-03-02", "u0", "fixed", "2.237", 1, 0]
["2025-03-02", "u2", "hourly", "31616821.746", 2, 0]

INSERT INTO `marts_g000001`.`compliance_metrics` (`date`, `audited_actions`, `complete_actions`, `audit_completeness`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 1, 1]
["2025-03-03", 1, 0, 0]

INSERT INTO `marts_g000001`.`conversations` (`date`, `created`, `deleted`) FORMAT JSONCompactEachRow
["2025-03-01", 0, 1]
["2025-03-02", 1, 0]

INSERT INTO `marts_g000001`.`conversions` (`date`, `type`, `conversions`, `value`) FORMAT JSONCompactEachRow
["2025-03-03", "type-0 'q'", 1, "0"]

INSERT INTO `marts_g000001`.`creator_level_snapshots` (`snapshot_date`, `level`, `creator_count`, `avg_rating`, `total_completed`) FORMAT JSONCompactEachRow
["2025-03-01", "junior", 1, null, 1]
["2025-03-01", "probation", 2, 2.25, 1]
["2025-03-02", "junior", 1, null, 2]
["2025-03-02", "probation", 2, 2.25, 1]
["2025-03-03", "probation", 3, 2.25, 3]

INSERT INTO `marts_g000001`.`creator_level_transitions` (`date`, `from_level`, `to_level`, `transitions`, `avg_days_in_from_level`) FORMAT JSONCompactEachRow
["2025-03-01", "probation", "junior", 1, 0.18540087962962962]
["2025-03-03", "junior", "probation", 1, 1.7379200231481482]

INSERT INTO `marts_g000001`.`creator_levels` (`user_id`, `level`, `since`, `tasks_completed`, `rating_sum`, `rating_count`, `avg_rating`, `next_level`, `tasks_required`, `rating_required`, `tasks_remaining`, `on_time`, `with_deadline`, `on_time_rate`, `approved_first`, `approved`, `first_approval_rate`, `available_balance_usd`) FORMAT JSONCompactEachRow
["u1", "probation", "2025-03-01", 0, "1", 1, 1, "junior", 10, "3.5", 10, 0, 0, null, 1, 1, 1, "0"]
["u2", "probation", "2025-03-03", 2, "0", 0, null, "junior", 10, "3.5", 8, 0, 0, null, 0, 0, null, "0"]
["😀", "probation", "2025-03-01", 1, "3.5", 1, 3.5, "junior", 10, "3.5", 9, 0, 1, 0, 0, 0, null, "31616826.2013"]

INSERT INTO `marts_g000001`.`creator_performance` (`date`, `user_id`, `output_type`, `completed`, `earnings_usd`, `rating_sum`, `rating_count`, `average_rating`, `on_time`, `with_deadline`, `on_time_rate`, `approved_first`, `approved`, `first_approval_rate`, `hours_worked`, `earnings_per_hour`) FORMAT JSONCompactEachRow
["2025-03-01", "u1", "", 0, "0", "1", 1, 1, 0, 0, null, 1, 1, 1, 0, null]
["2025-03-01", "u2", "video", 1, "0", "0", 0, null, 0, 0, null, 0, 0, null, 0, null]
["2025-03-01", "😀", "Text 'x'", 1, "0", "0", 0, null, 0, 1, 0, 0, 0, null, 1237.5678, 0]
["2025-03-01", "😀", "video", 0, "0", "3.5", 1, 3.5, 0, 0, null, 0, 0, null, 0, null]
["2025-03-02", "u2", "", 1, "0", "0", 0, null, 0, 0, null, 0, 0, null, 0, null]
["2025-03-02", "😀", "video", 0, "2.237", "0", 0, null, 0, 0, null, 0, 0, null, 0, null]
["2025-03-03", "u1", "", 0, "0", "0", 0, null, 0, 0, null, 0, 0, null, 0, null]

INSERT INTO `marts_g000001`.`daily_metrics` (`date`, `total_revenue`, `total_refunds`, `total_payouts`, `platform_margin`, `transaction_count`, `new_users`, `new_uploaders`, `new_creators`, `active_users`, `active_uploaders`, `active_creators`, `wau`, `mau`, `uploads_count`, `assignments_created`, `assignments_completed`, `assignments_rejected`, `avg_rating`, `first_approval_rate`, `revision_rate`, `flags_created`, `flags_resolved`, `accounts_suspended`, `messages_sent`, `tokens_used`, `orders_count`, `jobs_posted`, `proposals_sent`) FORMAT JSONCompactEachRow
["2025-03-01", "7816.719", "0", "0", "7816.719", 5, 3, 0, 1, 4, 0, 1, 4, 4, 0, 1, 2, 1, 2.25, 1, 0, 1, 1, 1, 2, 17, 1, 0, 0]
["2025-03-02", "23331349.4797", "3862.3506", "108.1", "23327379.0291", 4, 1, 0, 0, 4, 0, 1, 4, 4, 1, 1, 1, 0, null, null, null, 1, 0, 0, 0, 0, 1, 2, 1]
["2025-03-03", "5.334", "0", "0", "5.334", 2, 0, 0, 0, 4, 0, 1, 4, 4, 0, 1, 0, 0, null, null, null, 0, 2, 0, 0, 0, 2, 1, 1]

INSERT INTO `marts_g000001`.`engagement_funnel` (`date`, `profile_views`, `job_views`, `proposals_sent`, `proposals_viewed`, `proposals_accepted`, `view_rate`, `accept_rate`) FORMAT JSONCompactEachRow
["2025-03-01", 0, 0, 0, 1, 0, null, null]
["2025-03-02", 1, 0, 1, 0, 1, 0, 1]
["2025-03-03", 0, 2, 1, 0, 0, 0, 0]

INSERT INTO `marts_g000001`.`external_services` (`date`, `service`, `checks`, `up_checks`, `uptime_rate`, `is_up`) FORMAT JSONCompactEachRow
["2025-03-01", "service-0 'q'", 1, 0, 0, false]

INSERT INTO `marts_g000001`.`feature_adoption` (`date`, `feature`, `uses`, `users`) FORMAT JSONCompactEachRow
["2025-03-03", "feature-2 'q'", 1, 1]

INSERT INTO `marts_g000001`.`forecasts` (`metric`, `date`, `value`, `lower`, `upper`, `model`, `trained_at`) FORMAT JSONCompactEachRow
["active_users", "2025-03-04", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-05", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-06", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-07", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-08", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-09", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-10", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-11", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-12", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-13", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-14", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-15", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-16", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["active_users", "2025-03-17", 4, 4, 4, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-04", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-05", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-06", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-07", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-08", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-09", 0, 0, 0, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-10", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-11", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-12", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-13", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-14", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-15", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-16", 0, 0, 0, "weekday_median", "2025-03-03 23:59:59.999"]
["messages_sent", "2025-03-17", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-04", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-05", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-06", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-07", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-08", 3, 3, 3, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-09", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-10", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-11", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-12", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-13", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-14", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-15", 3, 3, 3, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-16", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["new_users", "2025-03-17", 2, 2, 2, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-04", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-05", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-06", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-07", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-08", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-09", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-10", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-11", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-12", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-13", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-14", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-15", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-16", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["orders_count", "2025-03-17", 1, 1, 1, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-04", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-05", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-06", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-07", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-08", 7816.719, 7816.719, 7816.719, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-09", 23331349.4797, 23331349.4797, 23331349.4797, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-10", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-11", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-12", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-13", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-14", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-15", 7816.719, 7816.719, 7816.719, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-16", 23331349.4797, 23331349.4797, 23331349.4797, "weekday_median", "2025-03-03 23:59:59.999"]
["total_revenue", "2025-03-17", 11669583.09935, 11669583.09935, 11669583.09935, "weekday_median", "2025-03-03 23:59:59.999"]

INSERT INTO `marts_g000001`.`fraud_metrics` (`date`, `flag_type`, `flags_created`, `flags_resolved`, `confirmed`, `false_positives`, `pending`, `duplicates_blocked`, `false_positive_rate`, `automatic_resolved`, `automatic_confirmed`, `flag_accuracy`) FORMAT JSONCompactEachRow
["2025-03-01", "", 0, 0, 0, 0, 0, 2, null, 0, 0, null]
["2025-03-01", "fraud", 1, 1, 1, 0, 0, 0, 0, 0, 0, null]
["2025-03-02", "", 0, 0, 0, 0, 0, 1, null, 0, 0, null]
["2025-03-02", "fraud", 1, 0, 0, 0, 1, 0, null, 0, 0, null]
["2025-03-03", "", 0, 1, 1, 0, 0, 0, 0, 1, 1, 1]
["2025-03-03", "fraud", 0, 1, 1, 0, 0, 0, 0, 0, 0, null]

INSERT INTO `marts_g000001`.`freelancer_earnings` (`date`, `user_id`, `earnings_usd`, `refunds_usd`, `fees_usd`, `escrow_usd`, `transactions`, `unconverted_count`) FORMAT JSONCompactEachRow
["2025-03-01", "😀", "2.2183", "0", "0", "0", 1, 0]
["2025-03-02", "😀", "31616823.983", "0", "0", "0.5476", 4, 0]

INSERT INTO `marts_g000001`.`freelancer_overview` (`user_id`, `total_earnings_usd`, `average_project_usd`, `jobs_completed`, `jss`, `active_proposals`, `profile_views`) FORMAT JSONCompactEachRow
["u1", "0", null, 0, 33.75, 0, 0]
["u2", "0", null, 0, 0, 0, 0]
["😀", "31616826.2013", "10538942.0671", 0, null, 1, 0]

INSERT INTO `marts_g000001`.`job_categories` (`category`, `jobs_posted`, `jobs_filled`, `jobs_withdrawn`, `open_jobs`, `share`) FORMAT JSONCompactEachRow
["art", 1, 0, 0, 1, 0.3333333333333333]
["web", 2, 2, 0, 0, 0.6666666666666666]

INSERT INTO `marts_g000001`.`job_performance` (`date`, `category`, `jobs_posted`, `jobs_filled`, `fill_rate`, `avg_days_to_fill`, `jobs_withdrawn`, `open_jobs`) FORMAT JSONCompactEachRow
["2025-03-02", "art", 1, 0, 0, null, 0, 1]
["2025-03-02", "web", 1, 1, 1, 0, 0, 0]
["2025-03-03", "web", 1, 1, 1, 0, 0, 0]

INSERT INTO `marts_g000001`.`job_success_score` (`freelancer_id`, `as_of`, `jss`, `contracts_completed`, `contracts_successful`, `avg_feedback_score`, `contract_value_usd`, `clients`, `long_term_clients`) FORMAT JSONCompactEachRow
["u1", "2025-03-03", 33.75, 1, 0, null, "333.3333", 1, 0]
["u2", "2025-03-03", 0, 1, 0, 4.5, "0", 1, 0]

INSERT INTO `marts_g000001`.`level_averages` (`level`, `creators`, `avg_rating`, `avg_tasks_completed`, `on_time_rate`, `first_approval_rate`) FORMAT JSONCompactEachRow
["probation", 3, 2.25, 1, 0, 1]

INSERT INTO `marts_g000001`.`matching_performance` (`date`, `matches`, `accepted`, `success_rate`, `avg_score`, `placements`, `placement_fee_usd`, `placements_due_90d`, `placements_retained_90d`, `retention_rate_90d`, `avg_days_to_hire`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 1, 1, null, 2, "7796.7189", 0, 0, null, 0]
["2025-03-02", 1, 0, 0, null, 1, "15938271.4614", 0, 0, null, null]

INSERT INTO `marts_g000001`.`metrics` (`type`, `value`, `updated_at`) FORMAT JSONCompactEachRow
["daily_signups", "0", "2025-03-03 07:06:49.562"]
["product_views:103", "1", "2025-03-03 05:33:58.714"]
["seller_revenue:u1", "7393076.3", "2025-03-02 11:59:43.604"]
["seller_revenue:u2", "0.0001", "2025-03-01 23:59:59.999"]
["seller_revenue:😀", "5.334", "2025-03-03 17:54:44.691"]

INSERT INTO `marts_g000001`.`model_popularity` (`provider`, `model`, `messages`, `users`, `tokens`, `share`, `rank`) FORMAT JSONCompactEachRow
["anthropic", "large", 1, 1, 17, 0.5, 1]
["openai", "large", 1, 1, 0, 0.5, 2]

INSERT INTO `marts_g000001`.`output_types` (`date`, `user_id`, `output_type`, `requested`, `created`, `completed`) FORMAT JSONCompactEachRow
["2025-03-01", "😀", "Text 'x'", 0, 1, 1]
["2025-03-01", "😀", "video", 0, 0, 1]
["2025-03-02", "", "", 0, 0, 1]
["2025-03-02", "😀", "video", 0, 1, 0]
["2025-03-03", "😀", "image", 0, 1, 0]

INSERT INTO `marts_g000001`.`payment_failures` (`date`, `reason`, `failures`, `amount_usd`, `unconverted_count`, `attempts`, `failure_rate`) FORMAT JSONCompactEachRow
["2025-03-01", "", 1, "3651.6418", 0, 2, 0.5]

INSERT INTO `marts_g000001`.`payouts` (`date`, `user_id`, `currency`, `amount`, `amount_usd`, `payouts`, `unconverted_count`) FORMAT JSONCompactEachRow
["2025-03-02", "u0", "EUR", "100", "108.1", 1, 0]

INSERT INTO `marts_g000001`.`pipeline_health` (`source`, `minute`, `events`, `quarantined`, `duplicates`, `latency_p50_s`, `latency_p95_s`) FORMAT JSONCompactEachRow
["files", "2026-11-22 04:55:00.000", 125, 4, 6, 54413156.192, 54536115.704]

INSERT INTO `marts_g000001`.`plan_revenue` (`month`, `plan_id`, `revenue_usd`, `payments`, `payers`, `unconverted_count`) FORMAT JSONCompactEachRow
["2025-03-01", "team", "0.01", 1, 1, 0]

INSERT INTO `marts_g000001`.`product_popularity` (`product_id`, `views`, `orders`, `revenue_usd`, `rank`) FORMAT JSONCompactEachRow
["103", 1, 0, "0", 1]
["105", 0, 2, "1.8576", 2]
["product_id-0 'q'", 0, 1, "3.4765", 3]

INSERT INTO `marts_g000001`.`proposal_pipeline` (`date`, `proposals`, `viewed`, `accepted`, `view_rate`, `accept_rate`, `avg_hours_to_view`, `avg_hours_to_accept`) FORMAT JSONCompactEachRow
["2025-03-02", 1, 0, 0, 0, 0, null, null]
["2025-03-03", 1, 0, 0, 0, 0, null, null]

INSERT INTO `marts_g000001`.`provider_usage` (`date`, `provider`, `model`, `messages`, `users`, `tokens`, `cost_usd`, `unconverted_count`, `latency_p50_ms`, `latency_p95_ms`, `latency_p99_ms`) FORMAT JSONCompactEachRow
["2025-03-01", "anthropic", "large", 1, 1, 17, "41754.0626", 0, 0.1, 0.1, 0.1]
["2025-03-01", "openai", "large", 1, 1, 0, "73008.6617", 0, null, null, null]

INSERT INTO `marts_g000001`.`quality_metrics` (`date`, `output_type`, `reviews`, `rated`, `avg_rating`, `approved`, `first_approved`, `revisions`, `rejections`, `approval_rate`, `first_approval_rate`, `revision_rate`, `rejection_rate`) FORMAT JSONCompactEachRow
["2025-03-01", "", 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0]
["2025-03-01", "video", 1, 1, 3.5, 0, 0, 0, 1, 0, null, 0, 1]

INSERT INTO `marts_g000001`.`queue_metrics` (`hour`, `queue`, `samples`, `avg_depth`, `max_depth`, `processed`) FORMAT JSONCompactEachRow
["2025-03-01 00:00:00.000", "101", 1, 0.5, 0.5, 0.1]

INSERT INTO `marts_g000001`.`rating_distribution` (`date`, `score`, `reviews`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 1]
["2025-03-01", 4, 1]

INSERT INTO `marts_g000001`.`revenue` (`date`, `stream`, `currency`, `plan_id`, `gross_amount`, `refund_amount`, `net_amount`, `gross_usd`, `refund_usd`, `net_usd`, `transaction_count`, `refund_count`, `unconverted_count`) FORMAT JSONCompactEachRow
["2025-03-01", "charge", "USD", "", "19.99", "0", "19.99", "19.99", "0", "19.99", 1, 0, 0]
["2025-03-01", "order", "JPY", "", "0.01", "0", "0.01", "0.0001", "0", "0.0001", 1, 0, 0]
["2025-03-01", "placement", "EUR", "", "5293.6544", "0", "5293.6544", "5722.4404", "0", "5722.4404", 1, 0, 0]
["2025-03-01", "placement", "USD", "", "2074.2785", "0", "2074.2785", "2074.2785", "0", "2074.2785", 1, 0, 0]
["2025-03-01", "subscription", "USD", "team", "0.01", "0", "0.01", "0.01", "0", "0.01", 1, 0, 0]
["2025-03-02", "charge", "EUR", "", "0", "3572.9423", "-3572.9423", "0", "3862.3506", "-3862.3506", 0, 1, 0]
["2025-03-02", "charge", "USD", "", "1.7183", "0", "1.7183", "1.7183", "0", "1.7183", 1, 0, 0]
["2025-03-02", "order", "USD", "", "7393076.3", "0", "7393076.3", "7393076.3", "0", "7393076.3", 1, 0, 0]
["2025-03-02", "placement", "GBP", "", "12345678.9012", "0", "12345678.9012", "15938271.4614", "0", "15938271.4614", 1, 0, 0]
["2025-03-03", "order", "BRL", "", "19.99", "0", "19.99", "3.4765", "0", "3.4765", 1, 0, 0]
["2025-03-03", "order", "EUR", "", "1.7183", "0", "1.7183", "1.8575", "0", "1.8575", 1, 0, 0]

INSERT INTO `marts_g000001`.`satisfaction` (`date`, `feedbacks`, `satisfied`, `avg_score`, `satisfied_rate`) FORMAT JSONCompactEachRow
["2025-03-01", 1, 1, 4.5, 1]
["2025-03-03", 2, 0, 1, 0]

INSERT INTO `marts_g000001`.`search_activity` (`date`, `searches`, `searchers`) FORMAT JSONCompactEachRow
["2025-03-02", 1, 1]

INSERT INTO `marts_g000001`.`signup_sources` (`date`, `method`, `country`, `signups`) FORMAT JSONCompactEachRow
["2025-03-01", "101", "103", 1]
["2025-03-01", "103", "101", 1]
["2025-03-01", "form 0", "101", 1]
["2025-03-02", "", "", 1]

INSERT INTO `marts_g000001`.`storage_metrics` (`date`, `service`, `bytes_used`, `samples`) FORMAT JSONCompactEachRow
["2025-03-03", "103", 1234.5678, 1]

INSERT INTO `marts_g000001`.`subscription_churn` (`month`, `active_at_start`, `cancelled`, `churn_rate`, `opening_mrr`, `new_mrr`, `expansion_mrr`, `contraction_mrr`, `churned_mrr`, `closing_mrr`) FORMAT JSONCompactEachRow
["2025-03-01", 0, 1, null, "0", "299", "0", "299", "0", "0"]

INSERT INTO `marts_g000001`.`subscription_metrics` (`date`, `active_subscriptions`, `mrr`, `arr`, `new_mrr`, `expansion_mrr`, `contraction_mrr`, `churned_mrr`, `new_subscriptions`, `cancelled_subscriptions`) FORMAT JSONCompactEachRow
["2025-03-01", 1, "299", "3588", "299", "0", "0", "0", 1, 0]
["2025-03-02", 1, "299", "3588", "0", "0", "0", "0", 0, 0]
["2025-03-03", 1, "0", "0", "0", "0", "299", "0", 1, 1]

INSERT INTO `marts_g000001`.`system_health` (`hour`, `service`, `endpoint`, `requests`, `errors`, `client_errors`, `error_rate`, `p50_ms`, `p95_ms`, `p99_ms`) FORMAT JSONCompactEachRow
["2025-03-01 00:00:00.000", "service-4 'q'", "/a", 1, 0, 0, 0, 0, 0, 0]
["2025-03-01 23:00:00.000", "103", "/a", 1, 0, 1, 0, 0.5, 0.5, 0.5]

INSERT INTO `marts_g000001`.`upload_progress` (`date`, `user_id`, `initiated`, `completed`, `pending`) FORMAT JSONCompactEachRow
["2025-03-03", "u2", 1, 0, 1]

INSERT INTO `marts_g000001`.`uploader_activity` (`date`, `user_id`, `uploads`, `spent_usd`, `assignments_created`, `assignments_completed`, `avg_delivery_hours`, `pending`) FORMAT JSONCompactEachRow
["2025-03-01", "u2", 0, "19.99", 0, 0, null, 0]
["2025-03-01", "😀", 0, "0", 1, 2, 11.99986111111111, 0]
["2025-03-02", "u1", 1, "0", 0, 0, null, 0]
["2025-03-02", "u2", 0, "1.7183", 0, 0, null, 0]
["2025-03-02", "😀", 0, "0", 1, 0, null, 0]
["2025-03-03", "😀", 0, "0", 1, 0, null, 1]

INSERT INTO `marts_g000001`.`user_acquisition` (`date`, `role`, `signups_started`, `signups`, `conversion_rate`) FORMAT JSONCompactEachRow
["2025-03-01", "client", 1, 0, 0]
["2025-03-01", "creator", 0, 1, null]
["2025-03-01", "customer", 0, 2, null]
["2025-03-02", "customer", 0, 1, null]

INSERT INTO `marts_g000001`.`user_counts` (`date`, `role`, `plan_tier`, `users`) FORMAT JSONCompactEachRow
["2025-03-01", "creator", "pro", 1]
["2025-03-01", "customer", "free", 1]
["2025-03-01", "customer", "pro plus", 1]
["2025-03-02", "creator", "pro", 1]
["2025-03-02", "customer", "enterprise", 1]
["2025-03-02", "customer", "free", 1]
["2025-03-02", "customer", "pro plus", 1]
["2025-03-03", "creator", "pro", 0]
["2025-03-03", "creator", "team", 1]
["2025-03-03", "customer", "enterprise", 1]
["2025-03-03", "customer", "free", 2]
["2025-03-03", "customer", "pro plus", 0]

INSERT INTO `marts_g000001`.`user_metrics` (`date`, `role`, `plan_tier`, `new_users`, `active_users`, `signins`) FORMAT JSONCompactEachRow
["2025-03-01", "creator", "pro", 1, 1, 0]
["2025-03-01", "customer", "free", 1, 1, 1]
["2025-03-01", "customer", "pro plus", 1, 2, 0]
["2025-03-02", "creator", "pro", 0, 1, 0]
["2025-03-02", "customer", "enterprise", 0, 1, 2]
["2025-03-02", "customer", "free", 0, 1, 0]
["2025-03-02", "customer", "pro plus", 1, 1, 0]
["2025-03-03", "creator", "pro", 0, 0, 0]
["2025-03-03", "creator", "team", 0, 1, 1]
["2025-03-03", "customer", "enterprise", 0, 1, 4]
["2025-03-03", "customer", "free", 0, 2, 0]
["2025-03-03", "customer", "pro plus", 0, 0, 0]

INSERT INTO `marts_g000001`.`user_retention` (`cohort_week`, `week_number`, `cohort_size`, `retained_users`, `retention_rate`) FORMAT JSONCompactEachRow
["2025-02-24", 0, 4, 4, 1]
["2025-02-24", 1, 4, 4, 1]

INSERT INTO `marts_g000001`.`user_sessions` (`date`, `sessions`, `avg_session_seconds`) FORMAT JSONCompactEachRow
["2025-03-01", 5, 212053.0322]

INSERT INTO `marts_g000001`.`vendor_metrics` (`date`, `vendor_id`, `product_views`, `orders`, `new_orders`, `revenue_usd`, `ratings`, `avg_rating`, `conversion_rate`, `last_viewed_at`, `last_ordered_at`) FORMAT JSONCompactEachRow
["2025-03-01", "u2", 0, 1, 1, "0.0001", 0, null, null, null, "2025-03-01 23:59:59.999"]
["2025-03-01", "😀", 0, 0, 0, "0", 1, 1, null, null, null]
["2025-03-02", "u1", 0, 1, 1, "7393076.3", 0, null, null, null, "2025-03-02 11:59:43.604"]
["2025-03-03", "😀", 0, 2, 2, "5.334", 0, null, null, null, "2025-03-03 17:54:44.691"]

INSERT INTO build.`account_balances` SELECT * FROM marts_g000001.`account_balances`

INSERT INTO build.`account_safety` SELECT * FROM marts_g000001.`account_safety`

INSERT INTO build.`activity_feed` SELECT * FROM marts_g000001.`activity_feed`

INSERT INTO build.`anomalies` SELECT * FROM marts_g000001.`anomalies`

INSERT INTO build.`assignment_backlog` SELECT * FROM marts_g000001.`assignment_backlog`

INSERT INTO build.`chat_sessions` SELECT * FROM marts_g000001.`chat_sessions`

INSERT INTO build.`chat_statistics` SELECT * FROM marts_g000001.`chat_statistics`

INSERT INTO build.`client_placements` SELECT * FROM marts_g000001.`client_placements`

INSERT INTO build.`client_spend` SELECT * FROM marts_g000001.`client_spend`

INSERT INTO build.`compliance_metrics` SELECT * FROM marts_g000001.`compliance_metrics`

INSERT INTO build.`conversations` SELECT * FROM marts_g000001.`conversations`

INSERT INTO build.`conversions` SELECT * FROM marts_g000001.`conversions`

INSERT INTO build.`creator_level_snapshots` SELECT * FROM marts_g000001.`creator_level_snapshots`

INSERT INTO build.`creator_level_transitions` SELECT * FROM marts_g000001.`creator_level_transitions`

INSERT INTO build.`creator_levels` SELECT * FROM marts_g000001.`creator_levels`

INSERT INTO build.`creator_performance` SELECT * FROM marts_g000001.`creator_performance`

INSERT INTO build.`daily_metrics` SELECT * FROM marts_g000001.`daily_metrics`

INSERT INTO build.`engagement_funnel` SELECT * FROM marts_g000001.`engagement_funnel`

INSERT INTO build.`external_services` SELECT * FROM marts_g000001.`external_services`

INSERT INTO build.`feature_adoption` SELECT * FROM marts_g000001.`feature_adoption`

INSERT INTO build.`forecasts` SELECT * FROM marts_g000001.`forecasts`

INSERT INTO build.`fraud_metrics` SELECT * FROM marts_g000001.`fraud_metrics`

INSERT INTO build.`freelancer_earnings` SELECT * FROM marts_g000001.`freelancer_earnings`

INSERT INTO build.`freelancer_overview` SELECT * FROM marts_g000001.`freelancer_overview`

INSERT INTO build.`job_categories` SELECT * FROM marts_g000001.`job_categories`

INSERT INTO build.`job_performance` SELECT * FROM marts_g000001.`job_performance`

INSERT INTO build.`job_success_score` SELECT * FROM marts_g000001.`job_success_score`

INSERT INTO build.`level_averages` SELECT * FROM marts_g000001.`level_averages`

INSERT INTO build.`matching_performance` SELECT * FROM marts_g000001.`matching_performance`

INSERT INTO build.`metrics` SELECT * FROM marts_g000001.`metrics`

INSERT INTO build.`model_popularity` SELECT * FROM marts_g000001.`model_popularity`

INSERT INTO build.`output_types` SELECT * FROM marts_g000001.`output_types`

INSERT INTO build.`payment_failures` SELECT * FROM marts_g000001.`payment_failures`

INSERT INTO build.`payouts` SELECT * FROM marts_g000001.`payouts`

INSERT INTO build.`pipeline_health` SELECT * FROM marts_g000001.`pipeline_health`

INSERT INTO build.`plan_revenue` SELECT * FROM marts_g000001.`plan_revenue`

INSERT INTO build.`product_popularity` SELECT * FROM marts_g000001.`product_popularity`

INSERT INTO build.`proposal_pipeline` SELECT * FROM marts_g000001.`proposal_pipeline`

INSERT INTO build.`provider_usage` SELECT * FROM marts_g000001.`provider_usage`

INSERT INTO build.`quality_metrics` SELECT * FROM marts_g000001.`quality_metrics`

INSERT INTO build.`queue_metrics` SELECT * FROM marts_g000001.`queue_metrics`

INSERT INTO build.`rating_distribution` SELECT * FROM marts_g000001.`rating_distribution`

INSERT INTO build.`revenue` SELECT * FROM marts_g000001.`revenue`

INSERT INTO build.`satisfaction` SELECT * FROM marts_g000001.`satisfaction`

INSERT INTO build.`search_activity` SELECT * FROM marts_g000001.`search_activity`

INSERT INTO build.`signup_sources` SELECT * FROM marts_g000001.`signup_sources`

INSERT INTO build.`storage_metrics` SELECT * FROM marts_g000001.`storage_metrics`

INSERT INTO build.`subscription_churn` SELECT * FROM marts_g000001.`subscription_churn`

INSERT INTO build.`subscription_metrics` SELECT * FROM marts_g000001.`subscription_metrics`

INSERT INTO build.`system_health` SELECT * FROM marts_g000001.`system_health`

INSERT INTO build.`upload_progress` SELECT * FROM marts_g000001.`upload_progress`

INSERT INTO build.`uploader_activity` SELECT * FROM marts_g000001.`uploader_activity`

INSERT INTO build.`user_acquisition` SELECT * FROM marts_g000001.`user_acquisition`

INSERT INTO build.`user_counts` SELECT * FROM marts_g000001.`user_counts`

INSERT INTO build.`user_metrics` SELECT * FROM marts_g000001.`user_metrics`

INSERT INTO build.`user_retention` SELECT * FROM marts_g000001.`user_retention`

INSERT INTO build.`user_sessions` SELECT * FROM marts_g000001.`user_sessions`

INSERT INTO build.`vendor_metrics` SELECT * FROM marts_g000001.`vendor_metrics`
