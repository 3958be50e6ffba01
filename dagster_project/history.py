"""What Dagster's own record may hold: what is old is deleted, so that years of minutely runs take the space of days."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable as Checks
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

#: A run writes some 300 KiB, and there may be thousands a day: successful ones are kept for a day, others for weeks.
KEPT_RUNS = timedelta(days=1)
KEPT_FAILED_RUNS = timedelta(days=30)
_RUNS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted, and the bytes that Dagster's home has afterwards (without a PostgreSQL)."""

    runs: int
    checks: int
    log_files: int
    bytes_left: int


def forget(instance: dg.DagsterInstance, *, kept_job: str, now: datetime | None = None) -> Forgotten:
    """Delete what is older than the limits above.

    Args:
        instance: whose record.
        kept_job: runs of this job stay; somebody else deletes them.
        now: the present, UTC, unless a test says otherwise.
    """
    now = now or datetime.now(UTC)
    return Forgotten(
        runs=_forget_runs(instance, kept_job, now),
        checks=_forget_checks(instance, now),
        log_files=_forget_log_files(instance, now),
        bytes_left=sum(path.stat().st_size for path in Path(instance.root_directory).rglob("*") if path.is_file()),
    )


def _forget_runs(instance: dg.DagsterInstance, kept_job: str, now: datetime) -> int:
    kept, deleted = set(instance.get_run_ids(dg.RunsFilter(job_name=kept_job))), 0
    for statuses, limit in (
        ([dg.DagsterRunStatus.SUCCESS], KEPT_RUNS),
        ([dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED], KEPT_FAILED_RUNS),
    ):
        old = dg.RunsFilter(statuses=statuses, created_before=now - limit)
        while run_ids := set(instance.get_run_ids(old, limit=_RUNS_AT_ONCE + len(kept))) - kept:
            for run_id in run_ids:
                instance.delete_run(run_id)
                shutil.rmtree(Path(instance.storage_directory()) / run_id, ignore_errors=True)
            deleted += len(run_ids)
    return deleted


def _forget_checks(instance: dg.DagsterInstance, now: datetime) -> int:
    """Outcomes of asset checks, which outlive their runs; the last of each check and status is what the UI shows."""
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return 0
    last = sa.select(sa.func.max(Checks.c.id)).group_by(
        Checks.c.asset_key, Checks.c.check_name, Checks.c.partition, Checks.c.execution_status
    )
    # Instants without a zone are UTC in Dagster's tables.
    old = Checks.c.create_timestamp < (now - KEPT_RUNS).replace(tzinfo=None)
    with storage.index_connection() as connection:
        return int(connection.execute(sa.delete(Checks).where(old, Checks.c.id.not_in(last))).rowcount)


def _forget_log_files(instance: dg.DagsterInstance, now: datetime) -> int:
    """What clocks have logged: a file for each tick that said something, which outlives the tick."""
    storage, oldest, deleted = Path(instance.storage_directory()), (now - KEPT_FAILED_RUNS).timestamp(), 0
    runs = set(instance.get_run_ids())
    for entry in storage.iterdir() if storage.is_dir() else ():
        if entry.name in runs or not entry.is_dir():
            continue
        for file in entry.rglob("*"):
            if file.is_file() and file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)
                deleted += 1
        for folder in sorted((path for path in entry.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
    return deleted
