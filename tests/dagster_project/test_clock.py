"""The nightly job, the alerts, and Dagster's home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import instance as dagster_instance
from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.operations import sensors
from dagster_project.runs import run_refresh
from tests.lending import lend
from warehouse import builds
from warehouse.client import Identity, connect
from warehouse.settings import Settings, get_settings, project_root

Deliver = Callable[..., Path]


def test_nightly_rebuilds_all_and_keeps_house(
    line: Settings, instance: dg.DagsterInstance, deliver: Deliver, folder: Path
) -> None:
    path = deliver("day.ndjson", events=500)
    with path.open("ab") as file:
        file.write(b'{"not": "an event"}\n')
    time.sleep(2.1)
    job = build_defs(line).resolve_job_def("nightly")
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    assert result.success
    found = {
        event.asset_key.to_user_string(): {name: value.value for name, value in event.materialization.metadata.items()}
        for event in result.get_asset_materialization_events()
    }
    assert found["quarantine_summary"]["held"] == 1
    assert found["kept_generations"]["databases"] == ["marts_g000001"]
    assert found["run_history"]["dagster/row_count"] == 1
    assert found["training"]["trained_on"] == 1
    # Five days teach nothing, which is said; the sensor sees that there is something to show.
    assert builds.state(connect(Identity.TRANSFORMER, line)).reason == "trained since generation 1"
    ages = [check for check in result.get_asset_check_evaluations() if check.check_name == "source_freshness"]
    assert {check.asset_key.to_user_string() for check in ages} == {"raw/batches", "raw/events"}
    assert all(check.passed for check in ages)


def test_old_runs_are_deleted_with_their_logs(
    line: Settings, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from dagster_project import history
    from dagster_project.defs.operations import assets

    monkeypatch.setattr(history, "KEPT_RUNS", timedelta(0))
    first = dg.materialize([assets.run_history], instance=instance)
    logs = Path(instance.storage_directory()) / first.run_id
    logs.mkdir(parents=True, exist_ok=True)
    time.sleep(1.1)
    second = dg.materialize([assets.run_history], instance=instance)
    assert [run.run_id for run in instance.get_runs()] == [second.run_id]
    assert not logs.exists()


def test_a_failed_run_is_written_down_with_its_cause(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    @dg.op
    def breaks() -> None:
        raise ValueError("the disk is full")

    @dg.job(name="refresh")
    def refresh() -> None:
        breaks()

    failed = refresh.execute_in_process(
        instance=instance, raise_on_error=False, tags={"warehouse/reason": "1 file to land"}
    )
    settings = get_settings().model_copy(update={"home": tmp_path / "home"})
    context = dg.build_run_status_sensor_context(
        sensor_name="failures",
        dagster_event=failed.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=failed.dagster_run,
        resources={"warehouse": Warehouse(settings)},
    ).for_run_failure()
    sensors.failures(context)
    [alert] = [json.loads(text) for text in (tmp_path / "home/alerts.jsonl").read_text("utf-8").splitlines()]
    assert (alert["job"], alert["run_id"]) == ("refresh", failed.run_id)
    assert alert["reason"] == "1 file to land"
    assert alert["error"] == "breaks: ValueError: the disk is full"


def test_home_is_prepared_once_and_keeps_a_configuration_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    settings = get_settings().model_copy(update={"home": tmp_path / "home"})
    lend(settings)
    environment = dagster_instance.prepare(settings)
    home = Path(environment["DAGSTER_HOME"])
    assert home == tmp_path / "home" / "dagster"
    assert (home / "dagster.yaml").read_text("utf-8") == dagster_instance.configuration(home)
    assert not dagster_instance.code_server_answers(settings)
    with dagster_instance.kept(settings) as instance:
        # Else the queue would let go of all runs at once that want a pool which no run has wanted before.
        limits = {pool.name: pool.limit for pool in instance.event_log_storage.get_pool_limits()}
    assert limits == {"build": 1, "doors": 1}
    own = tmp_path / "own"
    own.mkdir()
    (own / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    monkeypatch.setenv("DAGSTER_HOME", str(own))
    dagster_instance.prepare(settings)
    assert (own / "dagster.yaml").read_text("utf-8") == "telemetry: {enabled: false}\n"


def test_the_job_run_from_python_is_in_the_history(
    line: Settings, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    deliver("day.ndjson", events=300)
    done = run_refresh(line)
    assert done.publication["generation"] == 1
    with dg.DagsterInstance.from_config(str(dagster_instance.dagster_home(line))) as history:
        run = history.get_run_by_id(done.run_id)
        assert run is not None
        assert run.is_success


def test_workspace_file_is_valid(tmp_path: Path) -> None:
    lend(get_settings().model_copy(update={"home": tmp_path}))
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dagster"), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=project_root(),
        env={**os.environ, "WAREHOUSE_HOME": str(tmp_path), "DAGSTER_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
