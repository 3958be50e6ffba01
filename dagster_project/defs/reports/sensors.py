"""The clock of saved reports, and what their owners are told when a run has failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import dagster as dg

from dagster_project.context import Warehouse
from dagster_project.defs.reports import jobs
from dagster_project.failures import cause

#: Runs of schedules say which tick they are of.
TICK_TAG = "warehouse/tick"


@dg.sensor(
    name="scheduled_reports",
    job=jobs.reports,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run for every saved report whose schedule has come round; one however many ticks were missed.",
)
def scheduled_reports(
    context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask the store what is due since the last look, which is all the cursor holds."""
    from serving_api.reports.bodies import tick_before
    from serving_api.reports.store import ReportStore

    now = datetime.now(UTC)
    looked = datetime.fromisoformat(context.cursor) if context.cursor else None
    scheduled, due = ReportStore(warehouse.settings).scheduled(), 0
    for saved in scheduled:
        try:
            tick, order = tick_before(saved.schedule_cron or "", now), saved.order(saved.created_by)
        except ValueError as error:
            # Sound when it was saved; one such must not stop the others.
            context.log.error("%s (%s) cannot run any more: %s", saved.name, saved.id, error)
            continue
        since = max(at for at in (looked, saved.scheduled_since, saved.created_at) if at is not None)
        if tick <= since:
            continue
        due += 1
        yield dg.RunRequest(
            run_key=f"{saved.id}:{tick:%Y-%m-%dT%H:%MZ}",
            run_config=order.run_config,
            tags={**order.run_tags, TICK_TAG: f"{tick:%Y-%m-%dT%H:%MZ}"},
        )
    # Kept by Dagster once the runs are there; if it dies before, the key of each keeps it from running twice.
    context.update_cursor(now.isoformat())
    if not due:
        yield dg.SkipReason(f"none of {len(scheduled)} schedules has come round")


@dg.run_failure_sensor(
    name="report_failures",
    monitored_jobs=[jobs.reports],
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="An e-mail to the owner of a scheduled report whose run has failed.",
)
def report_failures(context: dg.RunFailureSensorContext, warehouse: dg.ResourceParam[Warehouse]) -> None:
    """Dagster hands over every failed run once."""
    from dagster_project.report_mail import tell_owner

    run, config = context.dagster_run, cast(dict[str, Any], context.dagster_run.run_config)
    delivery = config.get("ops", {}).get("delivery", {}).get("config", {})
    if not delivery.get("owner_email"):
        return
    steps = [cause(event) for event in context.get_step_failure_events()]
    tell_owner(
        warehouse.settings,
        owner=str(delivery["owner_email"]),
        name=str(delivery.get("name", "")),
        run_id=UUID(run.run_id),
        error="; ".join(steps) or context.failure_event.message or "the run failed",
    )
