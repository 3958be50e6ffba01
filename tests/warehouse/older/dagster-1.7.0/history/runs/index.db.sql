BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE asset_check_executions (
	id INTEGER NOT NULL, 
	asset_key TEXT, 
	check_name TEXT, 
	partition TEXT, 
	run_id VARCHAR(255), 
	execution_status VARCHAR(255), 
	evaluation_event TEXT, 
	evaluation_event_timestamp DATETIME, 
	evaluation_event_storage_id INTEGER, 
	materialization_event_storage_id INTEGER, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id)
);
CREATE TABLE asset_event_tags (
	id INTEGER NOT NULL, 
	event_id INTEGER, 
	asset_key TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value TEXT, 
	event_timestamp TIMESTAMP, 
	PRIMARY KEY (id)
);
INSERT INTO "asset_event_tags" VALUES(1,3,'["landed"]','dagster/code_version','98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','2026-11-22 08:27:30.919677');
INSERT INTO "asset_event_tags" VALUES(2,3,'["landed"]','dagster/data_version','1b02d4bf2b961d21ce491e43fb6918848ba9a0594b239c3624028d717e031c8c','2026-11-22 08:27:30.919677');
CREATE TABLE asset_keys (
	id INTEGER NOT NULL, 
	asset_key VARCHAR(512), 
	last_materialization TEXT, 
	last_run_id VARCHAR(255), 
	asset_details TEXT, 
	wipe_timestamp TIMESTAMP, 
	last_materialization_timestamp TIMESTAMP, 
	tags TEXT, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	cached_status_data TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (asset_key)
);
INSERT INTO "asset_keys" VALUES(1,'["landed"]','{"__class__": "EventLogRecord", "event_log_entry": {"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepMaterializationData", "asset_lineage": [], "materialization": {"__class__": "AssetMaterialization", "asset_key": {"__class__": "AssetKey", "path": ["landed"]}, "description": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "IntMetadataEntryData", "value": 7}, "label": "events"}], "partition": null, "tags": {"dagster/code_version": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "dagster/data_version": "1b02d4bf2b961d21ce491e43fb6918848ba9a0594b239c3624028d717e031c8c"}}}, "event_type_value": "ASSET_MATERIALIZATION", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Materialized value landed.", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.919677, "user_message": "Materialized value landed."}, "storage_id": 3}','98f581d2-c2f8-4a68-8e22-8ccccc4c14d0',NULL,NULL,'2026-11-22 08:27:30.919677',NULL,'2026-11-22 08:27:15',NULL);
CREATE TABLE concurrency_limits (
	id INTEGER NOT NULL, 
	concurrency_key VARCHAR(512) NOT NULL, 
	"limit" INTEGER NOT NULL, 
	update_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id), 
	UNIQUE (concurrency_key)
);
CREATE TABLE concurrency_slots (
	id INTEGER NOT NULL, 
	concurrency_key TEXT NOT NULL, 
	run_id TEXT, 
	step_key TEXT, 
	deleted BOOLEAN NOT NULL, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id)
);
CREATE TABLE dynamic_partitions (
	id INTEGER NOT NULL, 
	partitions_def_name TEXT NOT NULL, 
	partition TEXT NOT NULL, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id)
);
CREATE TABLE event_logs (
	id INTEGER NOT NULL, 
	run_id VARCHAR(255), 
	event TEXT NOT NULL, 
	dagster_event_type TEXT, 
	timestamp TIMESTAMP, 
	step_key TEXT, 
	asset_key TEXT, 
	partition TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "event_logs" VALUES(1,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "AssetMaterializationPlannedData", "asset_key": {"__class__": "AssetKey", "path": ["landed"]}, "partition": null, "partitions_subset": null}, "event_type_value": "ASSET_MATERIALIZATION_PLANNED", "logging_tags": {}, "message": "refresh intends to materialize asset [\"landed\"]", "pid": null, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336035.070303, "user_message": ""}','ASSET_MATERIALIZATION_PLANNED','2026-11-22 08:27:15.070303','landed','["landed"]',NULL);
INSERT INTO "event_logs" VALUES(2,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "PIPELINE_START", "logging_tags": {}, "message": "Started execution of run for \"refresh\".", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336035.9950645, "user_message": "Started execution of run for \"refresh\"."}','PIPELINE_START','2026-11-22 08:27:15.995064',NULL,NULL,NULL);
INSERT INTO "event_logs" VALUES(3,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepMaterializationData", "asset_lineage": [], "materialization": {"__class__": "AssetMaterialization", "asset_key": {"__class__": "AssetKey", "path": ["landed"]}, "description": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "IntMetadataEntryData", "value": 7}, "label": "events"}], "partition": null, "tags": {"dagster/code_version": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "dagster/data_version": "1b02d4bf2b961d21ce491e43fb6918848ba9a0594b239c3624028d717e031c8c"}}}, "event_type_value": "ASSET_MATERIALIZATION", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Materialized value landed.", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.919677, "user_message": "Materialized value landed."}','ASSET_MATERIALIZATION','2026-11-22 08:27:30.919677','landed','["landed"]',NULL);
INSERT INTO "event_logs" VALUES(4,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "PIPELINE_SUCCESS", "logging_tags": {}, "message": "Finished execution of run for \"refresh\".", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336057.1148286, "user_message": "Finished execution of run for \"refresh\"."}','PIPELINE_SUCCESS','2026-11-22 08:27:37.114829',NULL,NULL,NULL);
CREATE TABLE pending_steps (
	id INTEGER NOT NULL, 
	concurrency_key TEXT NOT NULL, 
	run_id TEXT, 
	step_key TEXT, 
	priority INTEGER, 
	assigned_timestamp DATETIME, 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	PRIMARY KEY (id)
);
CREATE TABLE secondary_indexes (
	id INTEGER NOT NULL, 
	name VARCHAR(512), 
	create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, 
	migration_completed DATETIME, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "secondary_indexes" VALUES(1,'asset_key_table','2026-11-22 08:27:13','2026-11-22 08:27:13.538270');
INSERT INTO "secondary_indexes" VALUES(2,'asset_key_index_columns','2026-11-22 08:27:13','2026-11-22 08:27:13.630347');
CREATE INDEX idx_events_by_asset_partition ON event_logs (asset_key, dagster_event_type, partition, id);
CREATE INDEX idx_events_by_asset ON event_logs (asset_key, dagster_event_type, id);
CREATE INDEX idx_events_by_run_id ON event_logs (run_id, id);
CREATE INDEX idx_event_type ON event_logs (dagster_event_type, id);
CREATE INDEX idx_step_key ON event_logs (step_key);
CREATE INDEX idx_asset_event_tags ON asset_event_tags (asset_key, "key", value);
CREATE INDEX idx_asset_event_tags_event_id ON asset_event_tags (event_id);
CREATE UNIQUE INDEX idx_dynamic_partitions ON dynamic_partitions (partitions_def_name, partition);
CREATE UNIQUE INDEX idx_pending_steps ON pending_steps (concurrency_key, run_id, step_key);
CREATE INDEX idx_asset_check_executions ON asset_check_executions (asset_key, check_name, materialization_event_storage_id, partition);
CREATE UNIQUE INDEX idx_asset_check_executions_unique ON asset_check_executions (asset_key, check_name, run_id, partition);
COMMIT;
