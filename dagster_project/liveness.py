"""Which runs are alive: their processes hold a lock of the run, which the kernel releases when they die.

Dagster's launcher for local processes cannot tell; a run whose machine went down would stay "started" and
block all others until its longest runtime is over. The launcher for Kubernetes asks Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import dagster as dg

from warehouse.errors import LockHeld
from warehouse.locks import exclusive, shared
from warehouse.settings import Settings

#: A run takes its lock a moment after it has started.
GRACE = timedelta(seconds=30)


@contextmanager
def alive(settings: Settings, run_id: str) -> Iterator[None]:
    """Show for the length of the block that a process of the run lives; each of its steps may be another one."""
    try:
        with shared(_name(run_id), settings):
            yield
    finally:
        is_alive(settings, run_id)


def is_alive(settings: Settings, run_id: str) -> bool:
    """Whether a process of this machine holds the run's lock; a lock that nobody holds is removed."""
    try:
        with exclusive(_name(run_id), settings):
            pass
    except LockHeld:
        return True
    (settings.home / "locks" / f"{_name(run_id)}.lock").unlink(missing_ok=True)
    return False


def bury_dead(instance: dg.DagsterInstance, settings: Settings) -> list[str]:
    """Mark started runs without a living process as failed; returns their ids.

    Not where the launcher can tell: there Dagster itself looks after them.
    """
    if instance.run_launcher.supports_check_run_worker_health:
        return []
    records = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    latest_start = (datetime.now(UTC) - GRACE).timestamp()
    dead = [
        record.dagster_run
        for record in records
        if (record.start_time or 0) <= latest_start and not is_alive(settings, record.dagster_run.run_id)
    ]
    for run in dead:
        instance.report_run_failed(run, "its process has died; what it did not finish is done again")
    return [run.run_id for run in dead]


def _name(run_id: str) -> str:
    return f"run-{run_id}"
