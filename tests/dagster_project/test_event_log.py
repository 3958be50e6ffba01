"""The event log with open connections: what is stored is seen at once, by others, and after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterEvent, DagsterEventType, DagsterInstance, DagsterRun
from dagster._core.events import StepMaterializationData
from dagster._core.events.log import EventLogEntry

from dagster_project import instance as dagster_instance
from dagster_project.event_log import OpenEventLog

_RUNS = 7

_KILLED = """
import os, signal, sys
from dagster import AssetMaterialization, DagsterInstance
instance = DagsterInstance.from_config(sys.argv[1])
for number in range(50):
    instance.report_runless_asset_event(AssetMaterialization(f"asset_{number}"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "dagster"
    folder.mkdir()
    (folder / "dagster.yaml").write_text(dagster_instance.configuration(folder), "utf-8")
    return folder


@pytest.fixture
def instance(home: Path) -> Iterator[DagsterInstance]:
    with DagsterInstance.from_config(str(home)) as made:
        yield made


def store(instance: DagsterInstance, run: DagsterRun, number: int) -> None:
    event = DagsterEvent(
        event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name=run.job_name,
        event_specific_data=StepMaterializationData(AssetMaterialization(f"asset_{number}")),
    )
    entry = EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None,
        level=20,
        user_message="",
        run_id=run.run_id,
        timestamp=float(number),
        job_name=run.job_name,
        dagster_event=event,
    )
    instance.event_log_storage.store_event(entry)


def test_the_project_uses_it(instance: DagsterInstance, home: Path) -> None:
    assert isinstance(instance.event_log_storage, OpenEventLog)
    assert (home / "history" / "runs" / "index.db").exists()


def test_another_instance_sees_every_event_at_once(instance: DagsterInstance, home: Path) -> None:
    run = DagsterRun(job_name="job")
    with DagsterInstance.from_config(str(home)) as other:
        for number in range(5):
            store(instance, run, number)
            seen = other.all_logs(run.run_id)
            assert len(seen) == number + 1
            assert other.get_latest_materialization_event(AssetKey(f"asset_{number}")) is not None


def test_a_killed_process_loses_none(home: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(home)], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with DagsterInstance.from_config(str(home)) as instance:
        assert len(instance.all_asset_keys()) == 50


def test_who_follows_a_run_is_told_of_new_events(instance: DagsterInstance, home: Path) -> None:
    run, told = DagsterRun(job_name="job"), threading.Event()
    store(instance, run, 0)
    with DagsterInstance.from_config(str(home)) as other:
        log = other.event_log_storage

        def follow(entry: EventLogEntry, _: str) -> None:
            if entry.timestamp == 1.0:
                told.set()

        log.watch(run.run_id, None, follow)
        store(instance, run, 1)
        assert told.wait(30)
        log.end_watch(run.run_id, follow)


def test_few_databases_stay_open(instance: DagsterInstance, home: Path) -> None:
    runs = [DagsterRun(job_name="job") for _ in range(_RUNS)]
    for number, run in enumerate(runs):
        store(instance, run, number)
    # SQLite keeps the write-ahead log of a database for as long as it is open.
    assert len(list((home / "history" / "runs").glob("*.db-wal"))) <= 4
    assert [len(instance.all_logs(run.run_id)) for run in runs] == [1] * _RUNS


def test_wiped_and_used_again(instance: DagsterInstance) -> None:
    run = DagsterRun(job_name="job")
    store(instance, run, 0)
    instance.event_log_storage.wipe()
    assert list(instance.all_logs(run.run_id)) == []
    store(instance, run, 1)
    assert len(instance.all_logs(run.run_id)) == 1
