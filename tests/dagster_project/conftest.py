"""Fixtures: the code location on a test's own warehouse, and Dagster instances that leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import build_defs
from ingestion.simulator import DEFAULT_END, write
from warehouse.settings import Settings

EVENTS = 2_000


@pytest.fixture
def line(empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The shared engine, empty, with a landing folder of the test's own."""
    monkeypatch.setenv("WAREHOUSE_LANDING_DIR", str(tmp_path / "landing"))
    (tmp_path / "landing").mkdir()
    return empty


@pytest.fixture
def folder(line: Settings, tmp_path: Path) -> Path:
    """The landing folder of `line`."""
    return tmp_path / "landing"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance for one test, with storage of its own."""
    storage = tmp_path / "dagster"
    storage.mkdir()
    with dg.DagsterInstance.local_temp(str(storage), overrides={"telemetry": {"enabled": False}}) as temporary:
        yield temporary


@pytest.fixture
def refresh(line: Settings, instance: dg.DagsterInstance) -> Callable[[], dg.ExecuteInProcessResult]:
    """Runs the job `refresh` once."""
    job = build_defs(line).resolve_job_def("refresh")
    return lambda: job.execute_in_process(instance=instance, raise_on_error=False)


@pytest.fixture
def deliver(folder: Path) -> Callable[..., Path]:
    """Puts a file of generated events into the landing folder, old enough to be quiet."""

    def put(name: str, seed: int = 1, events: int = EVENTS) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, events=events, days=5, seed=seed, end=DEFAULT_END)
        settle(path)
        return path

    return put


def settle(path: Path) -> None:
    """Wait until a file counts as quiet: the inode's change time cannot be set."""
    import time

    from dagster_project.landing_folder import QUIET_SECONDS

    time.sleep(max(0.0, path.stat().st_ctime + QUIET_SECONDS + 0.05 - time.time()))
