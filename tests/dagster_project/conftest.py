"""Fixtures: the code location on a test's own warehouse, and Dagster instances that leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import build_defs
from ingestion.simulator import DEFAULT_END, write
from tests.conftest import running_home
from tests.lending import lend_made
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
    """The landing folder of `line`, or of `refreshed`."""
    return tmp_path / "landing"


@pytest.fixture
def refreshed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An engine of the test's own after one run of `refresh`: for modules that name it `line`.

    `landed/good.ndjson` of its landing folder is generation 1, and the Dagster instance in `dagster` knows the run.
    """
    lend_made("refreshed", _refresh_once, tmp_path)
    monkeypatch.setenv("WAREHOUSE_LANDING_DIR", str(tmp_path / "landing"))
    with running_home(tmp_path / "home") as settings:
        yield settings


def _refresh_once(place: Path) -> None:
    (place / "landing").mkdir()
    deliver_into(place / "landing", "good.ndjson")
    with (
        pytest.MonkeyPatch.context() as patch,
        running_home(place / "home") as settings,
        instance_in(place / "dagster") as instance,
    ):
        patch.setenv("WAREHOUSE_LANDING_DIR", str(place / "landing"))
        assert build_defs(settings).resolve_job_def("refresh").execute_in_process(instance=instance).success


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance for one test, with storage of its own."""
    with instance_in(tmp_path / "dagster") as temporary:
        yield temporary


@contextmanager
def instance_in(storage: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster instance on what is in a folder."""
    storage.mkdir(exist_ok=True)
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

    return partial(deliver_into, folder)


def deliver_into(folder: Path, name: str, seed: int = 1, events: int = EVENTS) -> Path:
    """A new file of generated events, old enough to be quiet."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, events=events, days=5, seed=seed, end=DEFAULT_END)
    settle(path)
    return path


def settle(path: Path) -> None:
    """Wait until a file counts as quiet: the inode's change time cannot be set."""
    import time

    from dagster_project.landing_folder import QUIET_SECONDS

    time.sleep(max(0.0, path.stat().st_ctime + QUIET_SECONDS + 0.05 - time.time()))
