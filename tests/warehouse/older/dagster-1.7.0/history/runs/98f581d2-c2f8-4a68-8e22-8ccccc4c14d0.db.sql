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
INSERT INTO "event_logs" VALUES(3,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": null, "marker_start": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "27976"}, "label": "pid"}, {"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "[''landed'']"}, "label": "step_keys"}]}, "event_type_value": "ENGINE_EVENT", "logging_tags": {}, "message": "Executing steps using multiprocess executor: parent process (pid: 27976)", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336036.2079895, "user_message": "Executing steps using multiprocess executor: parent process (pid: 27976)"}','ENGINE_EVENT','2026-11-22 08:27:16.207989',NULL,NULL,NULL);
INSERT INTO "event_logs" VALUES(4,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": null, "marker_start": "step_process_start", "metadata_entries": []}, "event_type_value": "STEP_WORKER_STARTING", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Launching subprocess for \"landed\".", "pid": 27976, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336036.2355335, "user_message": "Launching subprocess for \"landed\"."}','STEP_WORKER_STARTING','2026-11-22 08:27:16.235533','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(5,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": "step_process_start", "marker_start": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "28043"}, "label": "pid"}]}, "event_type_value": "STEP_WORKER_STARTED", "logging_tags": {}, "message": "Executing step \"landed\" in subprocess.", "pid": 28043, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336049.4743998, "user_message": "Executing step \"landed\" in subprocess."}','STEP_WORKER_STARTED','2026-11-22 08:27:29.474400','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(6,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": null, "marker_start": "resources", "metadata_entries": []}, "event_type_value": "RESOURCE_INIT_STARTED", "logging_tags": {}, "message": "Starting initialization of resources [io_manager].", "pid": 28043, "pipeline_name": "refresh", "solid_handle": null, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.0295615, "user_message": "Starting initialization of resources [io_manager]."}','RESOURCE_INIT_STARTED','2026-11-22 08:27:30.029562','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(7,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": "resources", "marker_start": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "PythonArtifactMetadataEntryData", "module": "dagster._core.storage.fs_io_manager", "name": "PickledObjectFilesystemIOManager"}, "label": "io_manager"}, {"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "171ms"}, "label": "io_manager:init_time"}]}, "event_type_value": "RESOURCE_INIT_SUCCESS", "logging_tags": {}, "message": "Finished initialization of resources [io_manager].", "pid": 28043, "pipeline_name": "refresh", "solid_handle": null, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.2989452, "user_message": "Finished initialization of resources [io_manager]."}','RESOURCE_INIT_SUCCESS','2026-11-22 08:27:30.298945','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(8,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "ComputeLogsCaptureData", "external_stderr_url": null, "external_stdout_url": null, "external_url": null, "log_key": "lohvphmv", "step_keys": ["landed"]}, "event_type_value": "LOGS_CAPTURED", "logging_tags": {}, "message": "Started capturing logs in process (pid: 28043).", "pid": 28043, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336050.440756, "user_message": "Started capturing logs in process (pid: 28043)."}','LOGS_CAPTURED','2026-11-22 08:27:30.440756',NULL,NULL,NULL);
INSERT INTO "event_logs" VALUES(9,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "STEP_START", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Started execution of step \"landed\".", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.643544, "user_message": "Started execution of step \"landed\"."}','STEP_START','2026-11-22 08:27:30.643544','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(10,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": null, "error_info": null, "level": 20, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.806815, "user_message": "landed by an older version"}',NULL,'2026-11-22 08:27:30.806815','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(11,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepOutputData", "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "IntMetadataEntryData", "value": 7}, "label": "events"}], "step_output_handle": {"__class__": "StepOutputHandle", "mapping_key": null, "output_name": "result", "step_key": "landed"}, "type_check_data": {"__class__": "TypeCheckData", "description": null, "label": "result", "metadata_entries": [], "success": true}, "version": null}, "event_type_value": "STEP_OUTPUT", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Yielded output \"result\" of type \"Nothing\". (Type check passed).", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.8771896, "user_message": "Yielded output \"result\" of type \"Nothing\". (Type check passed)."}','STEP_OUTPUT','2026-11-22 08:27:30.877190','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(12,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepMaterializationData", "asset_lineage": [], "materialization": {"__class__": "AssetMaterialization", "asset_key": {"__class__": "AssetKey", "path": ["landed"]}, "description": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "IntMetadataEntryData", "value": 7}, "label": "events"}], "partition": null, "tags": {"dagster/code_version": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "dagster/data_version": "1b02d4bf2b961d21ce491e43fb6918848ba9a0594b239c3624028d717e031c8c"}}}, "event_type_value": "ASSET_MATERIALIZATION", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Materialized value landed.", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336050.919677, "user_message": "Materialized value landed."}','ASSET_MATERIALIZATION','2026-11-22 08:27:30.919677','landed','["landed"]',NULL);
INSERT INTO "event_logs" VALUES(13,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepSuccessData", "duration_ms": 791.54069199285}, "event_type_value": "STEP_SUCCESS", "logging_tags": {"job_name": "refresh", "op_name": "landed", "resource_fn_name": "None", "resource_name": "None", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed"}, "message": "Finished execution of step \"landed\" in 791ms.", "pid": 28043, "pipeline_name": "refresh", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": "COMPUTE"}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336051.5983176, "user_message": "Finished execution of step \"landed\" in 791ms."}','STEP_SUCCESS','2026-11-22 08:27:31.598318','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(14,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": null, "marker_start": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "27976"}, "label": "pid"}]}, "event_type_value": "ENGINE_EVENT", "logging_tags": {}, "message": "Multiprocess executor: parent process exiting after 20.82s (pid: 27976)", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336057.0430107, "user_message": "Multiprocess executor: parent process exiting after 20.82s (pid: 27976)"}','ENGINE_EVENT','2026-11-22 08:27:37.043011',NULL,NULL,NULL);
INSERT INTO "event_logs" VALUES(15,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "PIPELINE_SUCCESS", "logging_tags": {}, "message": "Finished execution of run for \"refresh\".", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": null, "timestamp": 1795336057.1148286, "user_message": "Finished execution of run for \"refresh\"."}','PIPELINE_SUCCESS','2026-11-22 08:27:37.114829',NULL,NULL,NULL);
INSERT INTO "event_logs" VALUES(16,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": null, "marker_start": "resources", "metadata_entries": []}, "event_type_value": "RESOURCE_INIT_STARTED", "logging_tags": {}, "message": "Starting initialization of resources [io_manager].", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336057.5891047, "user_message": "Starting initialization of resources [io_manager]."}','RESOURCE_INIT_STARTED','2026-11-22 08:27:37.589105','landed',NULL,NULL);
INSERT INTO "event_logs" VALUES(17,'98f581d2-c2f8-4a68-8e22-8ccccc4c14d0','{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "EngineEventData", "error": null, "marker_end": "resources", "marker_start": null, "metadata_entries": [{"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "PythonArtifactMetadataEntryData", "module": "dagster._core.storage.fs_io_manager", "name": "PickledObjectFilesystemIOManager"}, "label": "io_manager"}, {"__class__": "EventMetadataEntry", "description": null, "entry_data": {"__class__": "TextMetadataEntryData", "text": "175ms"}, "label": "io_manager:init_time"}]}, "event_type_value": "RESOURCE_INIT_SUCCESS", "logging_tags": {}, "message": "Finished initialization of resources [io_manager].", "pid": 27976, "pipeline_name": "refresh", "solid_handle": null, "step_handle": {"__class__": "StepHandle", "key": "landed", "solid_handle": {"__class__": "SolidHandle", "name": "landed", "parent": null}}, "step_key": "landed", "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "refresh", "run_id": "98f581d2-c2f8-4a68-8e22-8ccccc4c14d0", "step_key": "landed", "timestamp": 1795336057.8587532, "user_message": "Finished initialization of resources [io_manager]."}','RESOURCE_INIT_SUCCESS','2026-11-22 08:27:37.858753','landed',NULL,NULL);
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
