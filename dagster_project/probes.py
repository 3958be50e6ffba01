"""What the rules of alerts look at in Dagster and behind the doors; the names are those of the rules' `probe`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from dagster_project import landing_folder
from dagster_project.asset_keys import LANE
from dagster_project.doors import DOORS
from dagster_project.failures import cause as cause_of
from dagster_project.instance import dagster_home, kept
from warehouse.alerts.looking import Finding, Look, Probe, reach
from warehouse.settings import Settings
from warehouse.vitals.measure import measure, record

#: Gives the checks there are; loading the definitions takes seconds, so only who needs them asks.
Checks = Callable[[], Iterable[dg.AssetCheckKey]]
_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]


def probes(instance: dg.DagsterInstance | None, checks: Checks, doors: Doors) -> dict[str, Probe]:
    """The probes by name; without an instance those about Dagster find nothing.

    Args:
        instance: Dagster's history; None where Dagster is not used.
        checks: the asset checks of the definitions.
        doors: asked by whichever probe comes first.
    """
    asked: dict[str, Probe] = {
        "backlog": doors.backlog,
        "unreachable_doors": doors.unreachable,
        "landing_folder": _landing_folder,
    }
    about_dagster: dict[str, Callable[..., Iterable[Finding]]] = {
        "dagster_daemon": _daemon,
        "failed_lane": _lane,
        "failed_runs": _runs,
        "failed_checks": partial(_checks, checks),
    }
    for name, probe in about_dagster.items():
        asked[name] = (lambda _look: ()) if instance is None else partial(probe, instance)
    return asked


def kept_instance(settings: Settings) -> dg.DagsterInstance | None:
    """The instance of the home, if Dagster has ever been started there."""
    return kept(settings) if (dagster_home(settings) / "dagster.yaml").is_file() else None


def defined_checks() -> Iterable[dg.AssetCheckKey]:
    """The asset checks of the project."""
    from dagster_project.definitions import defs

    return defs.get_repository_def().asset_graph.asset_check_keys


def _daemon(instance: dg.DagsterInstance, look: Look) -> Iterator[Finding]:
    """Minutes since the daemon that evaluates clocks has last been seen."""
    beat = instance.get_daemon_heartbeats().get("SENSOR")
    if beat is not None:
        yield Finding("daemon", (look.now.timestamp() - beat.timestamp) / 60)


def _lane(instance: dg.DagsterInstance, _look: Look) -> Iterator[Finding]:
    """1 when the last run that landed or built has failed."""
    yield from _failed(instance, "build", dg.RunsFilter(statuses=_FINISHED, tags=LANE))


def _runs(instance: dg.DagsterInstance, look: Look) -> Iterator[Finding]:
    """1 for every job whose last run has failed."""
    for job in look.parameters["jobs"]:
        yield from _failed(instance, job, dg.RunsFilter(statuses=_FINISHED, job_name=job))


def _failed(instance: dg.DagsterInstance, name: str, chosen: dg.RunsFilter) -> Iterator[Finding]:
    latest = instance.get_runs(chosen, limit=1)
    if not latest or latest[0].status is not dg.DagsterRunStatus.FAILURE:
        return
    run = latest[0]
    events = instance.all_logs(run.run_id, of_type={dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE})
    steps = [cause_of(entry.dagster_event) for entry in events if entry.dagster_event and entry.dagster_event.step_key]
    others = [entry.dagster_event.message or "" for entry in events if entry.dagster_event]
    said = "; ".join(steps or others) or "the run failed"
    yield Finding(name, 1, f"{said} (run {run.run_id} of {run.job_name})")


def _checks(checks: Checks, instance: dg.DagsterInstance, look: Look) -> Iterator[Finding]:
    """1 for every asset check whose last evaluation has failed with the wanted severity."""
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(checks()))
    for key, latest in sorted(records.items(), key=lambda item: item[0].to_user_string()):
        if latest.status is not AssetCheckExecutionRecordStatus.FAILED or latest.evaluation is None:
            continue
        if latest.evaluation.severity.value == look.parameters["severity"]:
            said = latest.evaluation.description or ""
            figures = ", ".join(f"{name} {value.value}" for name, value in latest.evaluation.metadata.items())
            yield Finding(key.to_user_string(), 1, f"{said} {figures} (run {latest.run_id})".strip())


class Doors:
    """What waits behind the open doors; each is asked once, as one that does not answer takes its time."""

    def __init__(self) -> None:
        self._known: dict[str, int | str] | None = None

    def backlog(self, look: Look) -> Iterator[Finding]:
        """What waits behind each door that can tell: messages, events or segments."""
        for name, waiting in self._asked(look.settings).items():
            if isinstance(waiting, int):
                yield Finding(f"the door {name}", waiting)

    def unreachable(self, look: Look) -> Iterator[Finding]:
        """1 for every open door that cannot be asked what waits."""
        for name, waiting in self._asked(look.settings).items():
            if isinstance(waiting, str):
                yield Finding(name, 1, waiting)

    def _asked(self, settings: Settings) -> dict[str, int | str]:
        if self._known is None:
            self._known = {}
            for door in DOORS:
                if not door.is_open(settings):
                    continue
                try:
                    waiting = door.waiting(settings)
                except Exception as error:  # noqa: BLE001 - whatever a broker's client raises, it cannot be asked
                    self._known[door.name] = str(error)
                else:
                    if waiting is not None:
                        self._known[door.name] = waiting
        return self._known


def measure_vitals(settings: Settings, doors: Doors) -> None:
    """Measure the running stack and show it to readers; while ClickHouse is away there is nobody to show it to.

    Args:
        settings: which warehouse.
        doors: those of an evaluation a moment ago, or fresh ones.
    """
    client, _ = reach(settings)
    if client is not None:
        now = datetime.now(UTC)
        look = Look(settings, now, client, "", {}, {})
        record(client, measure(client, settings, now, [*doors.backlog(look), *_files(look)]), now)


def _files(look: Look) -> Iterator[Finding]:
    """Files that wait in the landing folder."""
    quiet, busy = landing_folder.quiet_files(landing_folder.folder(look.settings))
    yield Finding("landing folder", len(quiet) + busy)


def _landing_folder(look: Look) -> Iterator[Finding]:
    """Minutes for which the file has waited that has waited longest."""
    files, _ = landing_folder.quiet_files(landing_folder.folder(look.settings))
    changed = {file: file.stat().st_ctime for file in files if file.exists()}
    if changed:
        oldest = min(changed, key=lambda file: changed[file])
        minutes = (time.time() - changed[oldest]) / 60
        yield Finding("landing folder", minutes, f"{oldest.name}, one of {len(files)}")
