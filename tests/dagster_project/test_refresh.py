"""The job `refresh`, on a real engine with real dbt: what readers see after each run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import landing_folder, liveness
from dagster_project.asset_keys import PUBLICATION, RAW_BATCHES
from dagster_project.definitions import build_defs
from dagster_project.defs.operations import sensors
from dagster_project.project import loaded_manifest
from ingestion.landing import Lander
from ingestion.simulator import DEFAULT_END, write
from ingestion.sources import open_source
from tests.dagster_project.conftest import EVENTS, settle
from tests.dagster_project.refreshing import generations, held, metadata, tick
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.settings import Settings, project_root

Refresh = Callable[[], dg.ExecuteInProcessResult]
Deliver = Callable[..., Path]


def test_a_file_becomes_a_generation_and_the_next_tick_is_skipped(
    line: Settings, folder: Path, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver
) -> None:
    deliver("shop/today.ndjson")
    asked = tick(line, instance)
    assert isinstance(asked, dg.RunRequest)
    assert "1 file" in asked.tags["warehouse/reason"]

    result = refresh()
    assert result.success
    assert generations(line) == [1]
    assert (folder / "landed/shop/today.ndjson").is_file()
    assert not (folder / "shop/today.ndjson").exists()
    landed = metadata(result, RAW_BATCHES)
    assert (landed["received"], landed["stored"]) == (EVENTS, EVENTS)
    published = metadata(result, PUBLICATION)
    assert published["generation"] == 1
    built = {node["alias"] for node in loaded_manifest()["nodes"].values() if node["fqn"][1:2] == ["marts"]
             and node["resource_type"] == "model"}  # fmt: skip
    assert set(published["rows"]) == built  # type: ignore[call-overload]
    assert all(check.passed for check in result.get_asset_check_evaluations())
    planned = set(build_defs().get_repository_def().asset_graph.asset_check_keys)
    evaluated = {check.asset_check_key for check in result.get_asset_check_evaluations()}
    # The others belong to what has a clock of its own.
    elsewhere = {"source_freshness", "ledger_balances", "every_canary_has_arrived"}
    assert {key.name for key in planned - evaluated} == elsewhere

    skipped = tick(line, instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "generation 1 is up to date" in str(skipped.skip_message)


KILLED = """
import os, signal, sys
import dagster as dg
from dagster_project import landing_folder
from dagster_project.asset_keys import LANE
from dagster_project.definitions import build_defs
landing_folder._move = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
with dg.DagsterInstance.local_temp(sys.argv[1], overrides={"telemetry": {"enabled": False}}) as instance:
    build_defs().resolve_job_def("refresh").execute_in_process(instance=instance, tags=LANE)
"""


def test_killed_between_landing_and_move_lands_once_and_blocks_nothing(
    line: Settings,
    folder: Path,
    instance: dg.DagsterInstance,
    refresh: Refresh,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver("cut.ndjson")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, instance.root_directory],
        env={**os.environ, "WAREHOUSE_HOME": str(line.home)},
        cwd=project_root(),
        check=False,
    )
    assert done.returncode == -9
    assert (folder / "cut.ndjson").exists()
    assert held(line) == EVENTS

    [dead] = instance.get_runs()
    assert dead.status is dg.DagsterRunStatus.STARTED
    assert isinstance(tick(line, instance), dg.SkipReason)  # it may just have started
    monkeypatch.setattr(liveness, "GRACE", timedelta(0))
    monkeypatch.setattr(sensors, "RETRY_CHANGED_AFTER", timedelta(0))
    with liveness.alive(line, dead.run_id):
        assert isinstance(tick(line, instance), dg.SkipReason)
    assert isinstance(tick(line, instance), dg.RunRequest)
    [dead] = instance.get_runs()
    assert dead.status is dg.DagsterRunStatus.FAILURE

    result = refresh()
    assert result.success
    assert held(line) == EVENTS
    assert metadata(result, RAW_BATCHES)["batches_landed_before"] == 1
    assert (folder / "landed/cut.ndjson").exists()


def test_files_being_written_wait_and_unreadable_ones_do_not_hold_up_others(
    line: Settings, folder: Path, refresh: Refresh, deliver: Deliver
) -> None:
    (folder / "cut.ndjson.gz").write_bytes(b"\x1f\x8b\x08\x00not the rest of it")
    (folder / "notes.txt").write_text("not events", encoding="utf-8")
    deliver("good.ndjson")
    settle(folder / "cut.ndjson.gz")
    hot = folder / "hot.ndjson"
    hot.touch()
    quiet, waiting = landing_folder.quiet_files(folder)
    assert (hot not in quiet, waiting) == (True, 1)
    hot.unlink()
    result = refresh()
    assert result.success
    assert held(line) == EVENTS
    assert (folder / "refused/cut.ndjson.gz").exists()
    assert "cut.ndjson.gz" in (folder / "refused/cut.ndjson.gz.reason.txt").read_text("utf-8")
    assert (folder / "notes.txt").exists()


def test_a_failed_attempt_is_not_repeated_at_once(
    line: Settings, instance: dg.DagsterInstance, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver("good.ndjson")
    asked = tick(line, instance)
    assert isinstance(asked, dg.RunRequest)
    job = build_defs(line).resolve_job_def("refresh")
    run = instance.create_run_for_job(job, tags=asked.tags)
    assert isinstance(tick(line, instance), dg.SkipReason)  # one is under way
    instance.report_run_failed(run)
    skipped = tick(line, instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "the same has failed" in str(skipped.skip_message)
    deliver("new.ndjson", seed=3, events=10)
    skipped = tick(line, instance)
    assert isinstance(skipped, dg.SkipReason)
    assert "the last run has failed" in str(skipped.skip_message)
    monkeypatch.setattr(sensors, "RETRY_CHANGED_AFTER", timedelta(0))
    assert isinstance(tick(line, instance), dg.RunRequest)


def land(settings: Settings, folder: Path, seed: int, events: int = 100) -> None:
    """Some events, by another door than the folder."""
    other = folder / f"other-{seed}.ndjson"
    write(other, events=events, days=1, seed=seed, end=DEFAULT_END)
    list(Lander(settings).land_all(open_source("files", [other]).batches))


def test_while_a_run_is_under_way_one_more_is_asked_for_when_something_lands(
    line: Settings, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    land(line, tmp_path, seed=5)
    asked = tick(line, instance)
    assert isinstance(asked, dg.RunRequest)
    job = build_defs(line).resolve_job_def("refresh")
    run = instance.create_run_for_job(job, tags=asked.tags)
    with liveness.alive(line, run.run_id):
        assert isinstance(tick(line, instance), dg.SkipReason)  # it has not started
        instance.report_dagster_event(dg.DagsterEvent("PIPELINE_START", "refresh"), run.run_id)
        land(line, tmp_path, seed=6)
        assert isinstance(tick(line, instance), dg.SkipReason)  # it will see what has landed
        publications.open_horizon(connect(Identity.TRANSFORMER, line), 0)
        assert isinstance(tick(line, instance), dg.SkipReason)  # it has seen that, too
        land(line, tmp_path, seed=7)
        following = tick(line, instance)
        assert isinstance(following, dg.RunRequest)
        instance.create_run_for_job(job, tags=following.tags)
        land(line, tmp_path, seed=8)
        assert isinstance(tick(line, instance), dg.SkipReason)  # one that waits is enough
