"""Alerts: what has failed, for people. Delivery by mail or chat reads the same file."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import dagster as dg

from dagster_project.context import Warehouse
from dagster_project.failures import cause


@dg.run_failure_sensor(
    name="failures",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description="A line in the log and in alerts.jsonl of the home for every failed run.",
)
def failures(context: dg.RunFailureSensorContext, warehouse: dg.ResourceParam[Warehouse]) -> None:
    """Record a failed run with the first cause of its failure, checks included."""
    run = context.dagster_run
    steps = [cause(event) for event in context.get_step_failure_events()]
    alert = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "job": run.job_name,
        "run_id": run.run_id,
        "reason": run.tags.get("warehouse/reason", ""),
        "error": "; ".join(steps) or context.failure_event.message or "the run failed",
    }
    context.log.error("%s failed: %s (run %s)", alert["job"], alert["error"], alert["run_id"])
    path = warehouse.settings.home / "alerts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(alert, ensure_ascii=False) + "\n")
