"""Only what is reached is rebuilt, and what is rebuilt is right; what changed is kept with its cause."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from clickhouse_connect.driver.binding import quote_identifier

from ingestion.batch import Batch
from ingestion.landing import Lander
from tests.conftest import running_home
from tests.law.law import contents
from tests.oracle import readers
from tests.oracle.contract import Deliveries
from tests.oracle.generate import marketplace
from warehouse import builds, months, publications, revisions, transform
from warehouse.client import Identity, connect
from warehouse.months import Span
from warehouse.settings import Settings

START = dt.date(2025, 3, 1)
DAYS = 80


class Line:
    """An empty warehouse that is fed delivery by delivery, and the oracle that is fed the same."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = connect(Identity.TRANSFORMER, settings)
        self._oracle = Deliveries()

    def deliver(self, lines: list[bytes]) -> builds.Outcome:
        """Land and build; every mart equals the oracle's."""
        self._oracle.deliver(lines)
        Lander(self.settings).land(Batch(str(uuid.uuid4()), "test", "", b"\n".join(lines)))
        return self.build()

    def build(self, months: Span | None = None) -> builds.Outcome:
        """Build; every mart equals the oracle's."""
        outcome = builds.build_and_publish(self.settings, run_id="test", months=months)
        assert readers.differences(self.settings, self._oracle.accepted()) == {}
        return outcome

    def revised(self, outcome: builds.Outcome, mart: str) -> dict[tuple[dt.date, str], revisions.Revision]:
        """What the build revised in a mart, by day and column."""
        return {(entry.date, entry.column): entry for entry in outcome.revised if entry.mart == mart}


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line with eighty days of history, built; the tests add to it one after another."""
    with running_home(tmp_path_factory.mktemp("restated")) as settings:
        line = Line(settings)
        first = line.deliver(marketplace(71, users=12, days=DAYS, start=START, per_day=15))
        assert first.full
        assert first.revised == []
        yield line


def payment(day: dt.date, amount: str, currency: str = "USD", event_id: str = "") -> bytes:
    event = {
        "event_id": event_id or str(uuid.uuid4()),
        "event_type": "payment.completed",
        "occurred_at": f"{day}T12:00:00Z",
        "user_id": "payer",
        "properties": {"payment_id": str(uuid.uuid4()), "amount": amount, "currency": currency},
    }
    return json.dumps(event).encode()


def restated_tables(settings: Settings) -> dict[str, str]:
    """Tables that are restated by day, with the expression that says which."""
    nodes = transform.manifest(settings, transform.fingerprint()).nodes.values()
    return {
        node.alias: (node.config.meta["restate"] or {}).get("key", "date")
        for node in nodes
        if node.resource_type == "model" and node.config.materialized == "restated"
    }


def differing(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> set[str]:
    return {name for name, rows in before.items() if rows != after[name]}


def days_of(outcome: builds.Outcome, model: str) -> set[dt.date]:
    return {day for entry in outcome.rebuilt if entry.model == model for day in entry.days}


def test_a_late_event_rebuilds_its_day_and_the_days_it_reaches(line: Line) -> None:
    day, last = START + dt.timedelta(20), START + dt.timedelta(DAYS - 1)
    outcome = line.deliver([payment(day, "12.50"), payment(last, "7")])
    assert not outcome.full
    assert days_of(outcome, "revenue") == {day, last}
    assert days_of(outcome, "int_activity__daily") == {day, last}
    assert days_of(outcome, "int_active_users__rolling") == {day + dt.timedelta(n) for n in range(30)} | {
        last + dt.timedelta(n) for n in range(30)
    }
    [revenue] = [entry for entry in outcome.rebuilt if entry.model == "revenue"]
    assert revenue.causes == ("payment.completed",)
    # Nothing else was touched, and tests looked at what was.
    assert "int_contracts__folded" not in outcome.built.nodes
    assert 0 < outcome.built.tests_passed < 70

    gross = line.revised(outcome, "revenue")[day, "gross_usd"]
    assert gross.new - gross.old == Decimal("12.50")
    assert gross.causes == (revisions.LATE_EVENTS,)
    assert line.revised(outcome, "revenue")[last, "gross_usd"].causes == (revisions.NEW_EVENTS,)
    # A day without events of its own is told the cause of those that reached it.
    assert (day + dt.timedelta(29), "mau") in line.revised(outcome, "daily_metrics")


def test_a_late_signup_changes_all_days_of_its_user(line: Line) -> None:
    first = START + dt.timedelta(5)
    seen = [
        json.dumps({
            "event_id": str(uuid.uuid4()), "event_type": "user.signin",
            "occurred_at": f"{first + dt.timedelta(n)}T10:00:00Z", "user_id": "late",
        }).encode()
        for n in (0, 9, 31)
    ]  # fmt: skip
    line.deliver(seen)
    signup = {
        "event_id": str(uuid.uuid4()),
        "event_type": "user.signup",
        "occurred_at": f"{first + dt.timedelta(40)}T10:00:00Z",
        "user_id": "late",
        "properties": {"role": "creator", "plan_tier": "pro"},
    }
    outcome = line.deliver([json.dumps(signup).encode()])
    assert days_of(outcome, "int_activity__daily") == {first + dt.timedelta(n) for n in (0, 9, 31, 40)}


def test_a_resend_with_other_content_changes_nothing_and_is_told(line: Line) -> None:
    day, known = START + dt.timedelta(30), str(uuid.uuid4())
    line.deliver([payment(day, "10", event_id=known)])
    outcome = line.deliver([payment(day, "99", event_id=known), payment(day, "1")])
    gross = line.revised(outcome, "revenue")[day, "gross_usd"]
    assert gross.new - gross.old == 1
    assert gross.causes == (revisions.LATE_EVENTS, revisions.RESEND_CONFLICT)


def test_nothing_but_resends_publishes_the_same(line: Line) -> None:
    known = payment(START, "5")
    line.deliver([known])
    before = contents(line.client)
    outcome = line.deliver([known])
    # The ledger has one batch more; nothing else has moved.
    ledger = {"int_batches__folded", "pipeline_health"}
    assert {entry.model for entry in outcome.rebuilt} == ledger
    assert set(outcome.built.nodes) == ledger | {"canary_latency"}
    after = contents(line.client)
    assert {name for name in before if before[name] != after[name]} <= ledger


def test_a_changed_rate_rebuilds_the_days_it_holds_for(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    march, april = dt.date(2025, 3, 15), dt.date(2025, 4, 15)
    line.deliver([payment(march, "100", "EUR"), payment(april, "100", "EUR")])
    copy = tmp_path / "dbt_project"
    shutil.copytree(transform.project_dir(), copy, ignore=shutil.ignore_patterns("target", "logs"))
    rates = copy / "seeds" / "fx_rates.csv"
    changed = [
        "2025-04-01,EUR,3" if row.startswith("2025-04-01,EUR,") else row
        for row in rates.read_text("utf-8").splitlines()
    ]
    assert "2025-04-01,EUR,3" in changed
    rates.write_text("\n".join(changed) + "\n", "utf-8")
    monkeypatch.setattr(transform, "project_dir", lambda: copy)
    monkeypatch.setattr(readers, "project_dir", lambda: copy)
    monkeypatch.setattr(transform, "_manifests", {})

    outcome = line.build()
    assert (outcome.full, outcome.reason) == (False, f"fx_rates changed since generation {outcome.previous}")
    assert days_of(outcome, "revenue") == {dt.date(2025, 4, 1) + dt.timedelta(n) for n in range(30)}
    gross = line.revised(outcome, "revenue")[april, "gross_usd"]
    assert gross.new > gross.old
    assert gross.causes == (revisions.SEED_CHANGE,)
    assert (march, "gross_usd") not in line.revised(outcome, "revenue")


def test_the_log_tells_the_difference_of_any_two_generations(line: Line) -> None:
    day = START + dt.timedelta(10)
    numbers = [line.deliver([payment(day, amount)]).publication.generation for amount in ("1", "2", "4")]
    first, _, last = numbers
    found = {entry.column: entry for entry in revisions.between(line.client, first, last, "revenue")}
    sums = [
        line.client.query(
            f"SELECT sum(gross_usd) FROM marts_g{number:06d}.revenue WHERE date = {{day:Date}}", parameters={"day": day}
        ).result_rows[0][0]
        for number in (first, last)
    ]
    assert [found["gross_usd"].old, found["gross_usd"].new] == sums
    assert sums[1] - sums[0] == 6
    assert found["rows"].old == found["rows"].new if "rows" in found else True


def test_a_table_that_was_dropped_is_built_again_with_all_others(line: Line) -> None:
    line.client.command("DROP TABLE build.revenue SYNC")
    outcome = line.deliver([payment(START, "3")])
    assert outcome.full
    assert "revenue did not exist" in outcome.reason


def test_months_that_are_asked_for_are_built_anew_exactly(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tables held of them before: each day of each table made from events is reached, after a failure, too."""
    before, shown = contents(line.client), publications.latest(line.client)
    assert shown is not None
    day = dt.date(2025, 4, 10)
    admin = connect(Identity.ADMIN, line.settings)
    for table, key in restated_tables(line.settings).items():
        admin.command(
            f"ALTER TABLE build.{quote_identifier(table)} DELETE WHERE toYYYYMM({key}) = 202504",
            settings={"mutations_sync": 2},
        )
    admin.command(
        f"ALTER TABLE {quote_identifier(shown.database)}.revenue DELETE WHERE date = {{day:Date}}",
        parameters={"day": day}, settings={"mutations_sync": 2},
    )  # fmt: skip
    assert {"revenue", "int_activity__counted", "int_retention__weekly"} <= differing(before, contents(line.client))

    april = months.parse("2025-04")
    with monkeypatch.context() as broken:
        broken.setattr(publications, "publish", lambda *_arguments, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            line.build(april)
    assert publications.latest(line.client) == shown
    outcome = line.build(april)
    assert (outcome.full, outcome.reason) == (False, "2025-04 asked for")
    assert differing(before, contents(line.client)) == set()
    assert days_of(outcome, "revenue") == {april.first + dt.timedelta(n) for n in range(30)}
    # What readers saw differently is told, with its cause.
    assert {date for date, _ in line.revised(outcome, "revenue")} == {day}
    assert {entry.causes for entry in outcome.revised} == {(revisions.REBUILD,)}


def test_after_a_rollback_the_next_build_goes_on_from_the_last_one_built(line: Line) -> None:
    day = START + dt.timedelta(3)
    line.deliver([payment(day, "3")])
    publications.rollback(line.client)
    outcome = line.deliver([payment(day, "4")])
    assert days_of(outcome, "revenue") == {day}
