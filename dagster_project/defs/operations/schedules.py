"""The clocks of the night and of the minute; by day the sensor `refresh` decides what is built."""

from __future__ import annotations

import dagster as dg

from dagster_project.defs.operations import jobs

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=jobs.nightly,
    cron_schedule="20 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Rebuilds everything, or some months of many in turn; this also proves the increments of the day.",
)

canaries = dg.ScheduleDefinition(
    name="canaries",
    job=jobs.canaries,
    cron_schedule="* * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Tries every open door once a minute, all the way to the API.",
)
