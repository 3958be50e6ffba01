BEGIN TRANSACTION;
CREATE TABLE saved_reports (
    id varchar(36) primary key,
    created_by varchar(200) not null,
    owner_email varchar(254),
    name varchar(100) not null,
    description text not null,
    report_type varchar(50) not null,
    config text not null,
    is_scheduled boolean not null,
    schedule_cron varchar(50),
    recipients text not null,
    is_shared boolean not null,
    scheduled_since varchar(32),
    last_run_at varchar(32),
    created_at varchar(32) not null,
    updated_at varchar(32) not null
);
INSERT INTO "saved_reports" VALUES('43ee9c92-cf3f-4ebe-8b45-c7456747fd1b','an-admin',NULL,'Revenue of the month','','financial','{"report_type": "revenue", "period": "last_month"}',0,NULL,'[]',0,NULL,NULL,'2026-11-20T09:30:00.000+00:00','2026-11-20T09:30:00.000+00:00');
INSERT INTO "saved_reports" VALUES('736a27f9-e218-456c-abb5-b6d8effb6b36','an-admin',NULL,'Every Monday','','financial','{"report_type": "revenue", "period": "last_month"}',1,'0 6 * * 1','["finance@example.com"]',0,'2026-11-20T09:30:00.000+00:00',NULL,'2026-11-20T09:30:00.000+00:00','2026-11-20T09:30:00.000+00:00');
CREATE TABLE saved_reports_migrations (
	name VARCHAR(100) NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "saved_reports_migrations" VALUES('0001_saved_reports');
COMMIT;
