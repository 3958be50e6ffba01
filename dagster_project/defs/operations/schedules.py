"""The clocks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import dagster as dg

from dagster_project import landing_folder, liveness
from dagster_project.asset_keys import LANE, STATE_TAG
from dagster_project.context import Warehouse
from dagster_project.defs.operations import jobs
from warehouse import builds
from warehouse.client import Identity

#: A failed attempt is repeated after this long if nothing has changed meanwhile.
RETRY_AFTER = timedelta(minutes=10)
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.schedule(
    name="refresh",
    job=jobs.refresh,
    cron_schedule="* * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A run every minute in which files wait, batches have landed or the models have changed.",
)
def refresh(
    context: dg.ScheduleEvaluationContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.RunRequest | dg.SkipReason:
    """Decide from the folder and two small queries, without starting a process."""
    for run_id in liveness.bury_dead(context.instance, warehouse.settings):
        context.log.warning("run %s had died and is marked as failed", run_id)
    under_way = context.instance.get_runs(dg.RunsFilter(statuses=_UNDER_WAY, tags=LANE), limit=1)
    if under_way:
        return dg.SkipReason(f"{under_way[0].job_name} is under way: run {under_way[0].run_id[:8]}")
    files, busy = landing_folder.quiet_files(landing_folder.folder(warehouse.settings))
    state = builds.state(warehouse.connect(Identity.TRANSFORMER))
    if not files and not state.reason:
        waiting = f"; still being written: {busy}" if busy else ""
        return dg.SkipReason(f"nothing new: generation {state.generation} is up to date{waiting}")
    stamps = [f"{path}:{path.stat().st_size}" for path in files if path.exists()]
    key = hashlib.sha256("\n".join([str(state.commit_seq), state.code, *stamps]).encode()).hexdigest()[:16]
    if (failed_at := _last_failure(context.instance, key)) and failed_at + RETRY_AFTER > datetime.now(UTC):
        return dg.SkipReason(f"the same has failed at {failed_at:%H:%M:%S}; tried again after {RETRY_AFTER}")
    reasons = [f"{len(files)} {'file' if len(files) == 1 else 'files'} to land"] if files else []
    reasons += [state.reason] if state.reason else []
    return dg.RunRequest(tags={**LANE, STATE_TAG: key, "warehouse/reason": "; ".join(reasons)})


nightly = dg.ScheduleDefinition(
    name="nightly",
    job=jobs.nightly,
    cron_schedule="20 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Rebuilds everything from all events, which also proves the increments of the day.",
)


def _last_failure(instance: dg.DagsterInstance, key: str) -> datetime | None:
    latest = instance.get_run_records(dg.RunsFilter(tags={STATE_TAG: key}), limit=1)
    if not latest or latest[0].dagster_run.status is not dg.DagsterRunStatus.FAILURE:
        return None
    return latest[0].update_timestamp.astimezone(UTC)
