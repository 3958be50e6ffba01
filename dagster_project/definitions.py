"""The code location: the assets and checks found below `defs/`, its jobs and clocks, and what they share.

Loading it reads the dbt manifest and nothing else: no network, no database, no secret.
"""

from __future__ import annotations

import dagster as dg

from dagster_project import defs as topics
from dagster_project import executors
from dagster_project.context import warehouse_resource
from dagster_project.defs.ingestion.assets import folder
from dagster_project.defs.operations import jobs, schedules, sensors
from dagster_project.defs.privacy import jobs as privacy
from dagster_project.defs.reports import jobs as report_jobs
from dagster_project.defs.reports import sensors as report_sensors
from dagster_project.defs.serving.assets import serving_api
from dagster_project.defs.transformation import rebuilding
from warehouse.settings import Settings, get_settings


def build_defs(settings: Settings | None = None) -> dg.Definitions:
    """All definitions, on another warehouse if one is given."""
    return dg.Definitions(
        assets=[folder, *dg.load_assets_from_package_module(topics), serving_api],
        asset_checks=dg.load_asset_checks_from_package_module(topics),
        jobs=[
            *(jobs.refresh, jobs.nightly, rebuilding.rebuild_job, jobs.doors, jobs.canaries, report_jobs.reports),
            *(privacy.erase_user, privacy.export_user),
        ],
        schedules=[schedules.nightly, schedules.canaries],
        sensors=[
            *(sensors.refresh, rebuilding.spans_of_months, sensors.doors, sensors.failures, sensors.alerts),
            *(report_sensors.scheduled_reports, report_sensors.report_failures),
        ],
        resources={
            "warehouse": warehouse_resource(settings),
            # What a step hands to the next one of its run: never to be taken for another run's.
            "run_memory": dg.mem_io_manager,
        },
        executor=executors.chosen(settings or get_settings()),
    )


defs = build_defs()
