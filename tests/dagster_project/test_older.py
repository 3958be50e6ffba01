"""A home goes on after an upgrade of Dagster: its history, what somebody has switched off, and saved reports."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import dagster as dg
import pytest
from dagster._core.definitions.selector import InstigatorSelector
from dagster._core.scheduler.instigation import InstigatorStatus

from dagster_project import instance as dagster_instance
from dagster_project.definitions import build_defs
from dagster_project.history import KEPT_RUNS, forget
from serving_api.reports.bodies import tick_before
from serving_api.reports.store import ReportStore
from tests.lending import keep, lend
from tests.warehouse.older import homes
from warehouse.settings import Settings, get_settings

DAGSTER, REPORTS = "dagster-1.7.0", homes.COMMITS[-1]
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Older:
    """A home with files of older versions, upgraded by what every start does first; and the shape that they had."""

    settings: Settings
    before: set[str]


def shape(settings: Settings) -> set[str]:
    """Tables and columns of the history, and the revisions that Dagster has brought them to."""
    found = set()
    for path in (settings.home / "dagster").rglob("*.db"):
        with closing(sqlite3.connect(path)) as database:
            columns = "SELECT m.name || '.' || c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
            found |= {name for (name,) in database.execute(columns)}
            found |= {f"revision {name}" for (name,) in database.execute("SELECT version_num FROM alembic_version")}
    return found


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Older]:
    home = tmp_path_factory.mktemp("older")
    homes.bring_back_files(DAGSTER, home / "dagster")
    homes.bring_back_files(REPORTS, home)
    settings = get_settings().model_copy(update={"home": home, "clickhouse_url": None})
    before = shape(settings)
    lend(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(dagster_instance.HOME_VARIABLE, raising=False)
        dagster_instance.prepare(settings)
        keep(settings)
        yield Older(settings, before)


@pytest.fixture
def history(older: Older) -> Iterator[dg.DagsterInstance]:
    with dagster_instance.kept(older.settings) as instance:
        yield instance


@dg.op
def nothing() -> None:
    """An op that does nothing."""


@dg.job
def afterwards() -> None:
    """A run of today."""
    nothing()


def test_a_start_upgrades_what_an_older_version_has_kept(older: Older) -> None:
    # As that version left it: without a revision, which it did not write down with the SQLAlchemy of its day.
    assert not any(name.startswith("revision") for name in older.before)
    assert "runs.backfill_id" not in older.before
    assert "runs.backfill_id" in shape(older.settings)


def test_runs_of_an_older_version_are_shown_with_all_they_have_logged(history: dg.DagsterInstance) -> None:
    [run] = history.get_runs()
    assert (run.job_name, run.status) == ("refresh", dg.DagsterRunStatus.SUCCESS)
    assert "landed by an older version" in [entry.user_message for entry in history.all_logs(run.run_id)]
    event = history.get_latest_materialization_event(dg.AssetKey("landed"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["events"].value == 7


def test_a_schedule_that_somebody_has_stopped_stays_stopped(history: dg.DagsterInstance) -> None:
    [state] = history.all_instigator_state()
    stopped = InstigatorSelector(
        location_name=dagster_instance.LOCATION, repository_name="__repository__", name="canaries"
    )
    assert (state.selector_id, state.status) == (stopped.get_id(), InstigatorStatus.STOPPED)
    # By the name that it has today.
    assert build_defs().resolve_schedule_def("canaries")


def test_runs_go_on_and_old_ones_are_forgotten(history: dg.DagsterInstance) -> None:
    began = datetime.now(UTC)
    assert afterwards.execute_in_process(instance=history).success
    assert {run.job_name for run in history.get_runs()} == {"refresh", "afterwards"}
    assert forget(history, kept_job="reports", now=began + KEPT_RUNS).runs == 1
    assert [run.job_name for run in history.get_runs()] == ["afterwards"]


def test_reports_that_an_older_version_has_saved_go_on(older: Older) -> None:
    store = ReportStore(older.settings)
    every_monday, monthly = store.all()
    assert (every_monday.name, monthly.name) == ("Every Monday", "Revenue of the month")
    assert store.scheduled() == [every_monday]
    assert every_monday.recipients == ["finance@example.com"]
    tick = tick_before(every_monday.schedule_cron or "", MONDAY)
    assert every_monday.scheduled_since is not None
    assert every_monday.scheduled_since < tick < MONDAY
    order = every_monday.order("an-admin")
    assert order.saved_report == UUID("736a27f9-e218-456c-abb5-b6d8effb6b36")
    assert order.request.model_dump(mode="json")["period"] == "last_month"
    assert store.delete(monthly.id)
