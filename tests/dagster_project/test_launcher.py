"""Runs are forked from a warm process, and can be interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableRepository
from dagster._core.launcher import LaunchRunContext

from dagster_project import instance as dagster_instance
from dagster_project import liveness
from dagster_project.definitions import defs
from dagster_project.launcher import WarmRunLauncher
from tests.waiting import until
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.locks import exclusive
from warehouse.settings import Settings

Deliver = Callable[..., Path]


@pytest.fixture
def stack(line: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """Dagster's home as `warehouse up` prepares it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster-home"))
    monkeypatch.setenv("WAREHOUSE_HOME", str(line.home))
    dagster_instance.prepare(line)
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster-home")) as found:
        assert isinstance(found.run_launcher, WarmRunLauncher)
        yield found


def start(instance: dg.DagsterInstance, job: str = "refresh") -> str:
    """Launch a run of a job as the daemon does; returns its id."""
    origin = ReconstructableRepository.for_module("dagster_project.definitions", "defs").get_reconstructable_job(job)
    run = instance.create_run_for_job(
        defs.resolve_job_def(job),
        job_code_origin=origin.get_python_origin(),
        status=dg.DagsterRunStatus.STARTING,
    )
    instance.run_launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=None))
    return run.run_id


def run_of(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRun:
    """The run as it is now."""
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run


def test_a_forked_run_publishes(line: Settings, stack: dg.DagsterInstance, deliver: Deliver) -> None:
    deliver("day.ndjson", events=300)
    run_id = start(stack)
    until(lambda: run_of(stack, run_id).is_finished)
    assert run_of(stack, run_id).is_success
    assert [row.generation for row in publications.history(connect(Identity.TRANSFORMER, line))] == [1]


def test_a_forked_run_can_be_interrupted(line: Settings, stack: dg.DagsterInstance) -> None:
    with exclusive("build", line):  # it will wait for this
        run_id = start(stack)
        until(lambda: run_of(stack, run_id).status is dg.DagsterRunStatus.STARTED and liveness.is_alive(line, run_id))
        time.sleep(2)
        assert stack.run_launcher.terminate(run_id)
        until(lambda: run_of(stack, run_id).is_finished)
    assert run_of(stack, run_id).status is dg.DagsterRunStatus.CANCELED
    until(lambda: not liveness.is_alive(line, run_id))
