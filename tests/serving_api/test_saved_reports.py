"""The store of saved reports: the same on SQLite and PostgreSQL, by several at once, and when it is away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from serving_api.reports.bodies import Template, tick_before
from serving_api.reports.store import ReportStore, SavedReport
from tests.servers.postgres import PostgresServer, postgres
from warehouse.errors import WarehouseError
from warehouse.settings import Settings, get_settings

__all__ = ["postgres"]

NOW = datetime(2025, 3, 1, 6, 0, 0, 123_000, tzinfo=UTC)
TEMPLATE = Template.model_validate(
    {
        "name": "żółw 🐢 'quoted'",
        "report_type": "export",
        "config": {"entity": "users", "filters": {"role": ["creator", "uploader"]}, "format": "parquet"},
        "recipients": ["a@example.com"],
    }
)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a home with no saved report."""
    found = get_settings().model_copy(update={"home": tmp_path / "home", "reports_database_url": None})
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database(f"reports_{uuid4().hex}")
        return found.model_copy(update={"reports_database_url": SecretStr(url)})
    return found


def test_what_is_saved_is_found_as_it_was(settings: Settings) -> None:
    store = ReportStore(settings)
    saved = SavedReport.new(TEMPLATE, "me", NOW)
    store.add(saved)
    assert ReportStore(settings).get(saved.id) == saved
    assert store.get(uuid4()) is None
    assert store.visible_to("me") == store.all() == [saved]
    assert store.visible_to("another") == store.scheduled() == []
    store.ran(saved.id, NOW + timedelta(hours=1))
    later = NOW + timedelta(days=1)
    scheduled = TEMPLATE.model_copy(
        update={"is_scheduled": True, "schedule_cron": "0 6 * * *", "is_shared": True, "name": "a"}
    )
    assert store.replace(saved.changed(scheduled, later))
    [found] = store.scheduled()
    assert (found.scheduled_since, found.updated_at, found.created_at) == (later, later, NOW)
    assert found.last_run_at == NOW + timedelta(hours=1)
    assert store.visible_to("another") == [found]
    # A schedule that stays as it was goes on; one that is paused begins anew.
    renamed = found.changed(scheduled.model_copy(update={"name": "b"}), later + timedelta(days=1))
    assert renamed.scheduled_since == later
    paused = renamed.changed(TEMPLATE, later + timedelta(days=2))
    assert paused.scheduled_since is None
    again = paused.changed(scheduled, later + timedelta(days=3))
    assert again.scheduled_since == later + timedelta(days=3)
    assert store.delete(saved.id)
    assert not store.delete(saved.id)
    assert not store.replace(saved)


def test_first_uses_at_the_same_time_make_one_table(settings: Settings) -> None:
    reports = [SavedReport.new(TEMPLATE, f"owner-{number}", NOW) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda report: ReportStore(settings).add(report), reports))
    assert {report.id for report in ReportStore(settings).all()} == {report.id for report in reports}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://reports:open-sesame@127.0.0.1:1/reports", "does not answer"),
        ("no address", "not an address"),
        ("oracle://u:open-sesame@h/d", "not an address"),
    ],
)
def test_a_database_that_is_away_is_named_without_its_login(tmp_path: Path, url: str, said: str) -> None:
    settings = get_settings().model_copy(update={"home": tmp_path, "reports_database_url": SecretStr(url)})
    with pytest.raises(WarehouseError, match=said) as failure:
        ReportStore(settings).all()
    assert "REPORTS_DATABASE_URL" in str(failure.value)
    assert "open-sesame" not in str(failure.value)


@pytest.mark.parametrize(
    ("cron", "now", "tick"),
    [
        ("0 6 * * *", "2025-03-01T06:00:00Z", "2025-03-01T06:00:00Z"),
        ("0 6 * * *", "2025-03-01T05:59:59.999Z", "2025-02-28T06:00:00Z"),
        ("0 6 1 * *", "2025-03-31T00:00:00Z", "2025-03-01T06:00:00Z"),
        ("0 0 29 2 *", "2025-03-01T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("30 8 * * MON-FRI", "2025-03-02T12:00:00Z", "2025-02-28T08:30:00Z"),
        ("0 6 * * *", "2025-03-01T07:30:00+01:00", "2025-03-01T06:00:00Z"),
    ],
)
def test_the_last_tick_of_a_schedule(cron: str, now: str, tick: str) -> None:
    assert tick_before(cron, datetime.fromisoformat(now)) == datetime.fromisoformat(tick)


@pytest.mark.parametrize("cron", ["", "@daily", "* * * *", "* * * * * *", "60 * * * *", "0 0 31 2 *", "a b c d e"])
def test_what_is_no_schedule_is_refused(cron: str) -> None:
    with pytest.raises(ValidationError, match="schedule_cron"):
        Template.model_validate({**TEMPLATE.model_dump(), "is_scheduled": True, "schedule_cron": cron})


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    after=st.timedeltas(timedelta(0), timedelta(days=4000)),
)
def test_a_daily_schedule_has_come_within_a_day(minute: int, hour: int, after: timedelta) -> None:
    now = NOW + after
    tick = tick_before(f"{minute} {hour} * * *", now)
    assert (tick.hour, tick.minute, tick.second) == (hour, minute, 0)
    assert timedelta(0) <= now - tick < timedelta(days=1)
