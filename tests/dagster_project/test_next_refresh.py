"""The job `refresh` where something is published already: what the next run does, and what readers keep."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.asset_keys import LANE, PUBLICATION, RAW_BATCHES, STATE_TAG
from dagster_project.definitions import build_defs
from ingestion.landing import Lander
from ingestion.simulator import DEFAULT_END, write
from ingestion.sources import open_source
from tests.dagster_project.conftest import EVENTS, instance_in, settle
from tests.dagster_project.refreshing import generations, held, metadata, tick
from warehouse import publications, transform
from warehouse.client import Identity, connect
from warehouse.settings import Settings

Refresh = Callable[[], dg.ExecuteInProcessResult]
Deliver = Callable[..., Path]
EVALUATED = dg.DagsterEventType.ASSET_CHECK_EVALUATION


@pytest.fixture
def line(refreshed: Settings) -> Settings:
    """`good.ndjson` is generation 1."""
    return refreshed


@pytest.fixture
def instance(line: Settings, tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """The instance that knows the run."""
    with instance_in(tmp_path / "dagster") as found:
        yield found


def recorded(instance: dg.DagsterInstance, run: dg.DagsterRun, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    entries = instance.all_logs(run.run_id, of_type=kind)
    return [entry.dagster_event for entry in entries if entry.dagster_event]


def test_landing_by_another_door_wakes_the_clock(line: Settings, instance: dg.DagsterInstance, tmp_path: Path) -> None:
    assert isinstance(tick(line, instance), dg.SkipReason)
    other = tmp_path / "other.ndjson"
    write(other, events=100, days=1, seed=5, end=DEFAULT_END)
    list(Lander(line).land_all(open_source("files", [other]).batches))
    asked = tick(line, instance)
    assert isinstance(asked, dg.RunRequest)
    assert "1 batch" in asked.tags["warehouse/reason"]


def test_the_same_file_twice_is_stored_once(line: Settings, folder: Path, refresh: Refresh) -> None:
    copy = (folder / "landed/good.ndjson").read_bytes()
    for again in (folder / "good.ndjson", folder / "other name.jsonl"):
        again.write_bytes(copy)
        settle(again)
    result = refresh()
    assert result.success
    assert held(line) == EVENTS
    landed = metadata(result, RAW_BATCHES)
    assert (landed["received"], landed["stored"], landed["duplicates"]) == (2 * EVENTS, 0, 2 * EVENTS)
    assert sorted(path.name for path in (folder / "landed").iterdir()) == [
        "good-2.ndjson",
        "good.ndjson",
        "other name.jsonl",
    ]


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


def test_a_run_of_the_clock_that_finds_nothing_new_publishes_nothing(
    line: Settings, instance: dg.DagsterInstance
) -> None:
    job = build_defs(line).resolve_job_def("refresh")
    tags = {**LANE, STATE_TAG: "asked for"}
    result = job.execute_in_process(instance=instance, tags=tags)
    assert result.success
    assert generations(line) == [1]
    keys = {event.asset_key for event in result.get_asset_materialization_events()}
    assert RAW_BATCHES in keys
    assert PUBLICATION not in keys


def test_only_what_is_reached_is_recorded_and_says_which_days(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, tmp_path: Path
) -> None:
    [first] = instance.get_runs()
    built = recorded(instance, first, dg.DagsterEventType.ASSET_MATERIALIZATION)
    [publication] = [event.step_materialization_data for event in built if event.asset_key == PUBLICATION]
    assert publication.materialization.metadata["full"].value is True
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
    before = {event.asset_key for event in built}
    after = {event.asset_key for event in second.get_asset_materialization_events()}
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
    planned = recorded(instance, second.dagster_run, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)
    assert {event.asset_key for event in planned} <= after
    evaluated = [
        {event.asset_check_evaluation_data.asset_check_key for event in recorded(instance, run, EVALUATED)}
        for run in (first, second.dagster_run)
    ]
    assert evaluated[1] < evaluated[0]


def test_a_rollback_holds_until_something_is_new(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh, deliver: Deliver
) -> None:
    deliver("2.ndjson", seed=2, events=200)
    assert refresh().success
    publications.rollback(connect(Identity.TRANSFORMER, line))
    assert isinstance(tick(line, instance), dg.SkipReason)
    deliver("3.ndjson", seed=3, events=200)
    assert isinstance(tick(line, instance), dg.RunRequest)
