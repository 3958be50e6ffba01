CREATE SETTINGS PROFILE IF NOT EXISTS `warehouse_loader` ON CLUSTER `analytics`;

ALTER SETTINGS PROFILE `warehouse_loader` ON CLUSTER `analytics` SETTINGS async_insert = 0, http_response_buffer_size = 16777216, max_execution_time = 900, distributed_foreground_insert = 1, parallel_distributed_insert_select = 0, allow_push_predicate_ast_for_distributed_subqueries = 0;

CREATE USER IF NOT EXISTS `loader` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY 'd47712cceb4c780603026e6325221c1bcff90679ebc076baa51c71ebe796717c';

ALTER USER `loader` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY 'd47712cceb4c780603026e6325221c1bcff90679ebc076baa51c71ebe796717c' SETTINGS PROFILE `warehouse_loader`;

GRANT ON CLUSTER `analytics` SELECT, INSERT, ALTER DELETE, SHOW ON raw.*, CREATE TEMPORARY TABLE ON *.*, CLUSTER ON *.* TO `loader` WITH REPLACE OPTION;

CREATE SETTINGS PROFILE IF NOT EXISTS `warehouse_transformer` ON CLUSTER `analytics`;

ALTER SETTINGS PROFILE `warehouse_transformer` ON CLUSTER `analytics` SETTINGS async_insert = 0, http_response_buffer_size = 16777216, max_execution_time = 3600, distributed_foreground_insert = 1, parallel_distributed_insert_select = 0, allow_push_predicate_ast_for_distributed_subqueries = 0;

CREATE USER IF NOT EXISTS `transformer` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY '361b904b27614818f00b146a39f6841899d55468345f5e8c842b8cfa58f3bdd1';

ALTER USER `transformer` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY '361b904b27614818f00b146a39f6841899d55468345f5e8c842b8cfa58f3bdd1' SETTINGS PROFILE `warehouse_transformer`;

GRANT ON CLUSTER `analytics` SELECT, SHOW ON raw.*, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, DROP DATABASE, DROP TABLE, DROP VIEW, DROP DICTIONARY, dictGet, TRUNCATE, OPTIMIZE, SHOW ON build.*, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, DROP DATABASE, DROP TABLE, DROP VIEW, DROP DICTIONARY, dictGet, TRUNCATE, OPTIMIZE, SHOW ON closed.*, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, DROP DATABASE, DROP TABLE, DROP VIEW, DROP DICTIONARY, dictGet, TRUNCATE, OPTIMIZE, SHOW ON marts.*, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, DROP DATABASE, DROP TABLE, DROP VIEW, DROP DICTIONARY, dictGet, TRUNCATE, OPTIMIZE, SHOW ON marts_g*.*, CREATE TEMPORARY TABLE ON *.*, SELECT ON system.tables, SELECT ON system.columns, SELECT ON system.databases, SELECT ON system.parts, SELECT ON system.parts_columns, SELECT ON system.mutations, SELECT ON system.clusters, SELECT ON system.processes, SELECT ON system.settings, SELECT ON system.metrics, SELECT ON system.disks, CLUSTER, REMOTE ON *.*, SYSTEM SYNC REPLICA ON raw.*, SYSTEM SYNC REPLICA ON build.*, SYSTEM SYNC REPLICA ON closed.* TO `transformer` WITH REPLACE OPTION;

CREATE SETTINGS PROFILE IF NOT EXISTS `warehouse_reader` ON CLUSTER `analytics`;

ALTER SETTINGS PROFILE `warehouse_reader` ON CLUSTER `analytics` SETTINGS http_response_buffer_size = 16777216, max_execution_time = 30 MIN 1 MAX 3600, max_result_rows = 1000000 MIN 1 MAX 1000000000, max_rows_to_read = 2000000000 MIN 1 MAX 2000000000, max_memory_usage = 4294967296 MIN 1 MAX 4294967296, max_threads = 2, readonly = 2 CONST, timeout_overflow_mode = 'throw' CONST, result_overflow_mode = 'throw' CONST, read_overflow_mode = 'throw' CONST;

CREATE USER IF NOT EXISTS `reader` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY '3d0941964aa3ebdcb00ccef58b1bb399f9f898465e9886d5aec7f31090a0fb30';

ALTER USER `reader` ON CLUSTER `analytics` IDENTIFIED WITH sha256_hash BY '3d0941964aa3ebdcb00ccef58b1bb399f9f898465e9886d5aec7f31090a0fb30' SETTINGS PROFILE `warehouse_reader`;

GRANT ON CLUSTER `analytics` SELECT, SHOW ON marts.*, SELECT, SHOW ON marts_g*.* TO `reader` WITH REPLACE OPTION;
