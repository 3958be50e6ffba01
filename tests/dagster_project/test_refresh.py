"""The job `refresh`, on a real engine with real dbt: what readers see after each run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project import landing_folder, liveness
from dagster_project.asset_keys import LANE, PUBLICATION, RAW_BATCHES, STATE_TAG
from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.operations import sensors
from dagster_project.project import loaded_manifest
from ingestion.landing import Lander
from ingestion.simulator import DEFAULT_END, write
from ingestion.sources import open_source
from tests.dagster_project.conftest import EVENTS, settle
from warehouse import publications, transform
from warehouse.client import Identity, connect
from warehouse.settings import Settings, project_root

Refresh = Callable[[], dg.ExecuteInProcessResult]
Deliver = Callable[..., Path]


def metadata(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> dict[str, object]:
    [event] = [event for event in result.get_asset_materialization_events() if event.asset_key == key]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def generations(settings: Settings) -> list[int]:
    rows = publications.history(connect(Identity.TRANSFORMER, settings))
    return [row.generation for row in rows]


def held(settings: Settings) -> int:
    """Events that count."""
    client = connect(Identity.TRANSFORMER, settings)
    return int(client.query("SELECT sum(stored) FROM raw.batches").first_row[0])


def tick(settings: Settings, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    defs = build_defs(settings)
    context = dg.build_sensor_context(
        instance=instance,
        repository_def=defs.get_repository_def(),
        resources={"warehouse": Warehouse(settings)},
    )
    answer = sensors.refresh(context)
    assert isinstance(answer, (dg.RunRequest, dg.SkipReason))
    return answer


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


def test_landing_by_another_door_wakes_the_clock(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver, tmp_path: Path
) -> None:
    deliver("one.ndjson")
    assert refresh().success
    other = tmp_path / "other.ndjson"
    write(other, events=100, days=1, seed=5, end=DEFAULT_END)
    list(Lander(line).land_all(open_source("files", [other]).batches))
    asked = tick(line, instance)
    assert isinstance(asked, dg.RunRequest)
    assert "1 batch" in asked.tags["warehouse/reason"]


def test_the_same_file_twice_is_stored_once(line: Settings, folder: Path, refresh: Refresh, deliver: Deliver) -> None:
    first = deliver("same.ndjson")
    copy = first.read_bytes()
    assert refresh().success
    for again in (folder / "same.ndjson", folder / "other name.jsonl"):
        again.write_bytes(copy)
        settle(again)
    result = refresh()
    assert result.success
    assert held(line) == EVENTS
    landed = metadata(result, RAW_BATCHES)
    assert (landed["received"], landed["stored"], landed["duplicates"]) == (2 * EVENTS, 0, 2 * EVENTS)
    assert sorted(path.name for path in (folder / "landed").iterdir()) == [
        "other name.jsonl",
        "same-2.ndjson",
        "same.ndjson",
    ]


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


@pytest.fixture
def with_failing_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt runs a copy of the project with a model changed so that a reviewed test fails."""
    copy = tmp_path / "dbt_project"
    shutil.copytree(transform.project_dir(), copy, ignore=shutil.ignore_patterns("target", "logs"))
    test = copy / "tests" / "assert_no_day_is_missing.sql"
    test.write_text("select * from {{ ref('daily_metrics') }}\n", encoding="utf-8")
    monkeypatch.setattr(transform, "project_dir", lambda: copy)


def test_failing_test_leaves_readers_where_they_are(
    line: Settings,
    instance: dg.DagsterInstance,
    refresh: Refresh,
    deliver: Deliver,
    request: pytest.FixtureRequest,
) -> None:
    deliver("good.ndjson")
    assert refresh().success
    reader = connect(Identity.READER, line)
    before = reader.query("SELECT count() FROM marts.user_metrics").first_row

    deliver("more.ndjson", seed=2)
    request.getfixturevalue("with_failing_test")
    result = refresh()
    assert not result.success
    assert generations(line) == [1]
    assert before == reader.query("SELECT count() FROM marts.user_metrics").first_row
    assert publications.existing(connect(Identity.TRANSFORMER, line)) == {"marts_g000001"}
    failed = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert [check.check_name for check in failed] == ["assert_no_day_is_missing"]
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "assert_no_day_is_missing" in str(failure.step_failure_data.user_failure_data)


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


def test_a_run_of_the_clock_that_finds_nothing_new_publishes_nothing(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver
) -> None:
    deliver("one.ndjson")
    assert refresh().success
    job = build_defs(line).resolve_job_def("refresh")
    tags = {**LANE, STATE_TAG: "asked for"}
    result = job.execute_in_process(instance=instance, tags=tags)
    assert result.success
    assert generations(line) == [1]
    keys = {event.asset_key for event in result.get_asset_materialization_events()}
    assert RAW_BATCHES in keys
    assert PUBLICATION not in keys


def test_only_what_is_reached_is_recorded_and_says_which_days(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver, tmp_path: Path
) -> None:
    deliver("history.ndjson")
    first = refresh()
    assert metadata(first, PUBLICATION)["full"] is True
    day = DEFAULT_END.isoformat()
    event = {
        "event_id": "5b5e3c0e-7c3e-4f0e-9a55-0d2f6f2f0001",
        "event_type": "user.signin",
        "occurred_at": f"{day}T12:00:00.000Z",
        "user_id": "nobody-known",
    }
    late = tmp_path / "late.ndjson"
    late.write_text(json.dumps(event) + "\n", encoding="utf-8")
    list(Lander(line).land_all(open_source("files", [late]).batches))
    second = refresh()
    assert second.success
    before, after = (
        {event.asset_key for event in result.get_asset_materialization_events()} for result in (first, second)
    )
    assert after < before
    published = metadata(second, PUBLICATION)
    assert published["full"] is False
    assert published["reason"] == "1 batch landed since generation 1"
    assert published["days_rebuilt"] >= 1  # type: ignore[operator]
    activity = metadata(second, dg.AssetKey("int_activity__daily"))
    assert (activity["days_rebuilt"], activity["first_day"], activity["last_day"]) == (1, day, day)
    revised = {row.data["mart"]: row.data for row in published["revised"].records}  # type: ignore[attr-defined]
    assert revised["daily_metrics"]["causes"] == "new_events"
    largest = [row.data for row in published["largest_revisions"].records]  # type: ignore[attr-defined]
    assert {row["mart"] for row in largest} <= set(revised)
    assert all(row["date"] and row["delta"] not in ("", "0") for row in largest)
    # Not reached, not planned: what was known of the others stands.
    planned = instance.all_logs(second.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    assert {entry.dagster_event.asset_key for entry in planned if entry.dagster_event} <= after
    evaluated = [
        {check.asset_check_key for check in result.get_asset_check_evaluations()} for result in (first, second)
    ]
    assert evaluated[1] < evaluated[0]


def test_a_rollback_holds_until_something_is_new(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver
) -> None:
    for number in (1, 2):
        deliver(f"{number}.ndjson", seed=number, events=200)
        assert refresh().success
    publications.rollback(connect(Identity.TRANSFORMER, line))
    assert isinstance(tick(line, instance), dg.SkipReason)
    deliver("3.ndjson", seed=3, events=200)
    assert isinstance(tick(line, instance), dg.RunRequest)
