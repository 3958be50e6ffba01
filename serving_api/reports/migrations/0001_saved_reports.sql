create table saved_reports (
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
)
