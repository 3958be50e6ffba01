"""The clock of the day, and alerts: what people must look at, and a file of all runs that have failed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import dagster as dg

from dagster_project import landing_folder, liveness
from dagster_project.asset_keys import LANE, STATE_TAG
from dagster_project.context import Warehouse
from dagster_project.defs.operations import jobs
from dagster_project.doors import DOORS
from dagster_project.failures import cause
from dagster_project.probes import Doors, defined_checks, measure_vitals, probes
from warehouse import builds
from warehouse.alerts.evaluate import evaluate
from warehouse.client import Identity

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: A failed attempt is repeated after this long, and sooner if something has changed meanwhile.
RETRY_AFTER = timedelta(minutes=10)
RETRY_CHANGED_AFTER = timedelta(minutes=1)
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]


@dg.sensor(
    name="refresh",
    job=jobs.refresh,
    minimum_interval_seconds=1,  # the daemon looks every five seconds
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run as soon as files wait, batches have landed or the models have changed.",
)
def refresh(
    context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.RunRequest | dg.SkipReason:
    """Decide from the folder and a few small queries, without starting a process.

    While a run is under way the next one is asked for as soon as something lands that it will not see: it
    waits in the queue and starts the moment the other ends.
    """
    for run_id in liveness.bury_dead(context.instance, warehouse.settings):
        context.log.warning("run %s had died and is marked as failed", run_id)
    client = warehouse.connect(Identity.TRANSFORMER)
    state = builds.state(client)
    files, busy = landing_folder.quiet_files(landing_folder.folder(warehouse.settings))
    under_way = context.instance.get_run_records(dg.RunsFilter(statuses=_UNDER_WAY, tags=LANE))
    if under_way:
        run = under_way[0].dagster_run
        seen = _seen_by(client, under_way[0])
        if len(under_way) > 1 or seen is None or state.commit_seq <= seen:
            return dg.SkipReason(f"{run.job_name} is under way: run {run.run_id[:8]}")
        files = []  # it may be landing them now
    if not files and not state.reason:
        waiting = f"; still being written: {busy}" if busy else ""
        return dg.SkipReason(f"nothing new: generation {state.generation} is up to date{waiting}")
    stamps = [f"{path}:{path.stat().st_size}" for path in files if path.exists()]
    content = [str(state.commit_seq), state.code, *state.seeds.values(), *stamps]
    key = hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]
    if (wait := _wait_after_failure(context.instance, key)) is not None:
        return dg.SkipReason(wait)
    reasons = [f"{len(files)} {'file' if len(files) == 1 else 'files'} to land"] if files else []
    reasons += [state.reason] if state.reason else []
    return dg.RunRequest(tags={**LANE, STATE_TAG: key, "warehouse/reason": "; ".join(reasons)})


def _seen_by(client: Client, record: dg.RunRecord) -> int | None:
    """The last commit a run builds from; None when it has not fixed that, and so will see all there is."""
    if not record.start_time:
        return None
    opened: list[int] = [
        commit_seq
        for (commit_seq,) in client.query(
            "SELECT max(commit_seq) FROM build.horizon"
            " WHERE opened_at > toDateTime64({started:Float64}, 6) HAVING count() > 0",
            parameters={"started": record.start_time},
        ).result_rows
    ]
    return opened[0] if opened else None


def _wait_after_failure(instance: dg.DagsterInstance, key: str) -> str | None:
    latest = instance.get_run_records(dg.RunsFilter(statuses=_FINISHED, tags=LANE), limit=1)
    if not latest or latest[0].dagster_run.status is not dg.DagsterRunStatus.FAILURE:
        return None
    failed_at = latest[0].update_timestamp.astimezone(UTC)
    same = latest[0].dagster_run.tags.get(STATE_TAG) == key
    wait = RETRY_AFTER if same else RETRY_CHANGED_AFTER
    if failed_at + wait <= datetime.now(UTC):
        return None
    return f"{'the same' if same else 'the last run'} has failed at {failed_at:%H:%M:%S}; tried again after {wait}"


@dg.sensor(
    name="doors",
    job=jobs.doors,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A run for the doors behind which something waits that no service has taken.",
)
def doors(context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.RunRequest | dg.SkipReason:
    """Ask every open door; one that cannot be asked is named and holds up no other."""
    under_way = context.instance.get_run_records(dg.RunsFilter(job_name=jobs.doors.name, statuses=_UNDER_WAY))
    if under_way:
        return dg.SkipReason(f"run {under_way[0].dagster_run.run_id[:8]} is under way")
    settings, chosen, said = warehouse.settings, [], []
    for door in DOORS:
        if not door.is_open(settings):
            continue
        try:
            waiting = door.waiting(settings)
        except Exception as error:  # noqa: BLE001 - a broker that is down must not close the other doors
            said.append(f"{door.name} cannot be asked: {error}")
            context.log.warning("%s", said[-1])
            continue
        if waiting is None or waiting > 0:
            chosen.append(door.name)
            said.append(door.name if waiting is None else f"{door.name}: {waiting} waiting")
    if not chosen:
        return dg.SkipReason("; ".join(said) or "nothing waits")
    return dg.RunRequest(
        asset_selection=[dg.AssetKey(name) for name in chosen], tags={"warehouse/reason": "; ".join(said)}
    )


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


@dg.sensor(
    name="alerts",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Looks at the rules of alerts, tells people what has changed, and measures the running stack.",
)
def alerts(context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.SkipReason:
    """Evaluate; no run is started, for this must work when runs do not."""
    behind = Doors()
    outcome = evaluate(warehouse.settings, probes(context.instance, defined_checks, behind))
    measure_vitals(warehouse.settings, behind)
    for notice in outcome.notices:
        causes = ", ".join(alert.cause for alert in notice.alerts)
        context.log.warning("%s %s: %s", notice.rule, notice.kind, causes)
    for waiting in outcome.undelivered:
        context.log.error("not delivered by %s: %s (%s)", waiting.channel, waiting.message.subject, waiting.error)
    fires = sorted({alert.rule for alert in outcome.firing})
    undelivered = f"; {len(outcome.undelivered)} messages are not delivered" if outcome.undelivered else ""
    return dg.SkipReason((f"fires: {', '.join(fires)}" if fires else "nothing fires") + undelivered)
