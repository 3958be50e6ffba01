CREATE OR REPLACE VIEW marts.`users` ON CLUSTER `two-shards` AS SELECT * FROM `marts_g000001`.`users`;

CREATE OR REPLACE VIEW marts.`users` ON CLUSTER `two-shards` AS SELECT * FROM `marts_g000002`.`users`;

CREATE TABLE `marts_g000001`.`users` ON CLUSTER `two-shards` AS build.`users`;

CREATE TABLE `marts_g000002`.`users` ON CLUSTER `two-shards` AS build.`users`;

create or replace table `build`.`stg_events__slots__shard` ON CLUSTER "two-shards" (slot UInt32, slots UInt32) engine = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') order by slot;

create or replace table `build`.`stg_events__slots` ON CLUSTER "two-shards" as `build`.`stg_events__slots__shard` engine = Distributed( "two-shards", `build`, `stg_events__slots__shard`, slot );

create or replace table `build`.`stg_events` ON CLUSTER "two-shards" as `build`.`stg_events__shard` engine = Distributed( "two-shards", `build`, `stg_events__shard`, toUInt32(date) );

create or replace table `build`.`stg_signups` ON CLUSTER "two-shards" as `build`.`stg_signups__shard` engine = Distributed( "two-shards", `build`, `stg_signups__shard` );

create or replace view `build`.`stg_signups__shard` ON CLUSTER "two-shards" as ( … );

create table `build`.`int_signups__folded__side` ON CLUSTER "two-shards" ( user_id String, first_signup SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), id String, role String, plan_tier String, date Date, country String)) ) engine = ReplicatedAggregatingMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}') order by (user_id) settings allow_nullable_key = 1, replicated_deduplication_window = 0;

create table `build`.`stg_events__shard__side` ON CLUSTER "two-shards" ( event_id UUID, user_id String, session_id String, event_type LowCardinality(String), source LowCardinality(String), occurred_at DateTime64(3, 'UTC'), date Date, closed_date Nullable(Date), is_activity UInt8, context Map(String, String), properties Map(String, String), commit_seq UInt64, batch_seq UInt64, received_seq UInt64, index arrival commit_seq TYPE minmax GRANULARITY 1 ) engine = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') order by (event_type,date,occurred_at,event_id) partition by (toYYYYMM(date)) SETTINGS index_granularity=1024, replicated_deduplication_window='0';

create table `build`.`users__side` ON CLUSTER "two-shards" ( `user_id` String, `role` String, `plan_tier` String, `country` String, `date` Date, `signed_up_at` DateTime64(3, 'UTC') ) engine = ReplicatedMergeTree('/clickhouse/tables/{uuid}/whole', '{shard}-{replica}') order by (user_id) SETTINGS replicated_deduplication_window='0';

create table `build`.`users__side` ON CLUSTER "two-shards" as `build`.`users`;

drop table `build`.`users__side` ON CLUSTER "two-shards" sync;

exchange tables `build`.`users__side` and `build`.`users` ON CLUSTER "two-shards" FORMAT Native;

rename table `build`.`int_signups__folded__side` to `build`.`int_signups__folded` ON CLUSTER "two-shards";

rename table `build`.`stg_events__shard__side` to `build`.`stg_events__shard` ON CLUSTER "two-shards";

rename table `build`.`users__side` to `build`.`users` ON CLUSTER "two-shards";

system sync replica on cluster "two-shards" `build`.`int_signups__folded__side` lightweight;

system sync replica on cluster "two-shards" `build`.`int_signups__folded` lightweight;

system sync replica on cluster "two-shards" `build`.`stg_events__shard__side` lightweight;

system sync replica on cluster "two-shards" `build`.`stg_events__shard` lightweight;

system sync replica on cluster "two-shards" `build`.`stg_events__slots__shard` lightweight;
