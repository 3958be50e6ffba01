"""Closed months: their events are gone, their numbers stay, what comes late is booked and told."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dagster_project.defs.ingestion.checks import check_ledger
from ingestion.batch import Batch
from ingestion.erasure import erase
from ingestion.landing import Lander
from tests.conftest import running_home
from tests.law.law import CLOCKS, contents
from tests.oracle.generate import marketplace
from warehouse import builds, months, publications
from warehouse.client import Identity, connect, scalar
from warehouse.errors import WarehouseError
from warehouse.retention import aggregates, closing, planning
from warehouse.retention.closing import RetentionError
from warehouse.retention.policy import Settled, load
from warehouse.settings import Settings

START, DAYS = dt.date(2025, 3, 1), 80
#: March and April can be closed, May cannot.
TODAY = dt.date(2025, 8, 1)
OPEN = dt.date(2025, 5, 1)
POLICY = load()
#: The same, for events that have come a moment ago.
AT_ONCE = POLICY.model_copy(
    update={"events": POLICY.events.model_copy(update={"settled": Settled(days=30, share=1)})},
)
#: The same, with marts that keep so little that their rows of March can go.
AGED = AT_ONCE.model_copy(update={"aggregates": dict.fromkeys(POLICY.aggregates, 100)})
AGED_BEFORE = dt.date(2025, 4, 1)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_home(tmp_path_factory.mktemp("closed")) as settings:
        land(settings, marketplace(72, users=12, days=DAYS, start=START, per_day=15))
        build(settings)
        yield settings


def land(settings: Settings, lines: list[bytes]) -> None:
    Lander(settings).land(Batch(str(uuid.uuid4()), "test", "", b"\n".join(lines)))


def build(settings: Settings, *, full: bool = False) -> builds.Outcome:
    return builds.build_and_publish(settings, run_id="test", full_refresh=full)


def payment(day: dt.date, amount: str, currency: str = "USD", event_id: str = "") -> bytes:
    return json.dumps(
        {
            "event_id": event_id or str(uuid.uuid4()),
            "event_type": "payment.completed",
            "occurred_at": f"{day}T12:00:00Z",
            "user_id": "payer",
            "properties": {"payment_id": str(uuid.uuid4()), "amount": amount, "currency": currency},
        }
    ).encode()


def marts(settings: Settings) -> dict[str, Any]:
    """What `build` holds, but for events and what tells of times of work."""
    hidden = CLOCKS | {"stg_events", "closings", "departures"}
    return {name: rows for name, rows in contents(connect(Identity.ADMIN, settings)).items() if name not in hidden}


def test_a_month_that_is_still_being_filled_stays_open(history: Settings) -> None:
    found = planning.plan(connect(Identity.TRANSFORMER, history), POLICY, TODAY)
    assert found.close_before is None
    assert "came in the last 30 days" in found.months[0].why_open
    assert "less than 90 days ago" in found.months[-1].why_open


@pytest.fixture(scope="module")
def kept(history: Settings) -> closing.Kept:
    """What the closing of March and April did, once for the tests below."""
    return closing.apply(history, AT_ONCE, TODAY)


@pytest.fixture(scope="module")
def closed(history: Settings, kept: closing.Kept) -> Settings:
    """The home in which March and April are closed."""
    assert kept.closed_before == OPEN
    return history


def test_months_are_closed_once_and_their_events_leave(closed: Settings, kept: closing.Kept) -> None:
    client = connect(Identity.TRANSFORMER, closed)
    assert scalar(client, "SELECT min(date) FROM build.stg_events") >= OPEN
    assert {partition.table for partition in kept.left} == {"build.stg_events"}  # in raw they have just come
    # Nothing is left to close, or to let go.
    again = closing.apply(closed, AT_ONCE, TODAY)
    assert (again.plan.close_before, again.left) == (None, [])


def differing(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (one.get(name), other.get(name)) for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    }


def test_what_comes_for_a_closed_day_is_booked_when_it_comes(closed: Settings) -> None:
    client = connect(Identity.TRANSFORMER, closed)
    before_open = "SELECT sum(gross_usd) FROM build.revenue WHERE date < {open:Date}"
    earlier = scalar(client, before_open, {"open": OPEN})
    total = scalar(client, "SELECT sum(gross_usd) FROM build.revenue")
    land(closed, [payment(dt.date(2025, 4, 10), "12.50"), payment(dt.date(2025, 5, 10), "1.25")])
    build(closed)
    assert scalar(client, before_open, {"open": OPEN}) == earlier
    assert scalar(client, "SELECT sum(gross_usd) FROM build.revenue") == total + Decimal("13.75")
    today = dt.datetime.now(dt.UTC).date()
    assert (
        scalar(client, "SELECT sum(gross_usd) FROM build.revenue WHERE date = {today:Date}", {"today": today}) >= 12.5
    )
    logged = "SELECT date, closed_date, event_type, events FROM marts.adjustments"
    assert client.query(logged).result_rows == [(today, dt.date(2025, 4, 10), "payment.completed", 1)]
    added = marts(closed)
    assert build(closed, full=True).full
    assert len(client.query(logged).result_rows) == 1
    assert differing(added, marts(closed)) == {}


def test_open_months_are_built_anew_and_closed_ones_are_not(closed: Settings) -> None:
    before = marts(closed)
    with pytest.raises(WarehouseError, match="begin with 2025-05"):
        builds.build_and_publish(closed, run_id="test", months=months.parse("2025-04..2025-05"))
    assert list(months.buildable(connect(Identity.TRANSFORMER, closed)))[:1] == [OPEN]
    builds.build_and_publish(closed, run_id="test", months=months.parse("2025-05"))
    assert differing(before, marts(closed)) == {}


def test_a_resend_of_an_event_that_is_gone_is_a_duplicate(closed: Settings) -> None:
    client = connect(Identity.ADMIN, closed)
    (row,) = client.query(
        "SELECT toString(event_id), toDate(occurred_at) FROM raw.events"
        " WHERE occurred_at < {open:Date} AND event_type = 'payment.completed' LIMIT 1",
        parameters={"open": OPEN},
    ).result_rows
    before = marts(closed)
    land(closed, [payment(row[1], "99.00", event_id=row[0])])
    build(closed)
    assert differing(before, marts(closed)).keys() == {"int_batches__folded"}  # knows all batches


def test_rows_of_marts_leave_and_nothing_else_changes(closed: Settings) -> None:
    client = connect(Identity.TRANSFORMER, closed)
    found = aggregates.leaving(client, AGED, TODAY, OPEN)
    # Of both places where rows of a closed month are, and of one only.
    assert {(table.database, table.before) for table in found} == {("build", AGED_BEFORE), ("closed", AGED_BEFORE)}
    days = {table.name: table.day for table in found}
    assert len(days) > 10
    untouched = kept_rows(closed, days)
    kept = closing.apply(closed, AGED, TODAY)
    assert {(one.table, one.partition_id) for one in kept.left} == {
        (f"{table.database}.{table.name}", "202503") for table in found
    }
    assert aggregates.leaving(client, AGED, TODAY, OPEN) == []
    assert differing(untouched, kept_rows(closed, days)) == {}
    # A full build brings nothing back, and tells nobody that anything was revised.
    outcome = build(closed, full=True)
    assert differing(untouched, kept_rows(closed, days)) == {}
    assert outcome.publication.kept_from == dict.fromkeys(days, AGED_BEFORE)
    assert publications.current(client) == outcome.publication
    assert [one for one in outcome.revised if one.date < OPEN] == []
    for name, day in days.items():
        assert scalar(client, f"SELECT min(toDate({day})) FROM {outcome.publication.database}.{name}") >= AGED_BEFORE


def kept_rows(settings: Settings, days: dict[str, str]) -> dict[str, Any]:
    """What `build` holds: of marts with the day in a column of their own only the rows that are to stay."""
    client = connect(Identity.TRANSFORMER, settings)
    rows = {name: found for name, found in marts(settings).items() if name not in days}
    for name, day in days.items():
        query = f"SELECT count(), sum(cityHash64(*)) FROM build.{name} WHERE toDate({day}) >= {{before:Date}}"
        rows[name] = client.query(query, parameters={"before": AGED_BEFORE}).result_rows
    return rows


def test_nothing_is_closed_before_what_has_landed_is_built(closed: Settings) -> None:
    land(closed, [payment(dt.date(2025, 5, 11), "3.00")])
    with pytest.raises(RetentionError, match="1 batch landed"):
        closing.apply(closed, AT_ONCE, TODAY + dt.timedelta(days=60))
    build(closed)


def test_who_is_erased_leaves_closed_months_too(closed: Settings) -> None:
    client = connect(Identity.TRANSFORMER, closed)
    query = (
        "SELECT any(user_id) FROM closed.freelancer_earnings"
        " WHERE user_id IN (SELECT tupleElement(completion, 'freelancer_id') FROM closed.int_contracts__folded)"
    )
    person = str(scalar(client, query))
    assert person
    sums = "SELECT count(), sum(earnings_usd), sum(fees_usd) FROM build.freelancer_earnings WHERE date < {open:Date}"
    earned = client.query(sums, parameters={"open": OPEN}).result_rows
    certificate = erase(closed, person)
    assert {found.database for found in certificate.before} >= {"closed", "build"}
    assert client.query(sums, parameters={"open": OPEN}).result_rows == earned
    assert sum(query.rows for query in certificate.verification) == 0
    assert scalar(client, query) not in ("", person)


def test_partitions_leave_when_all_in_them_is_closed_and_the_ledger_knows(closed: Settings) -> None:
    client = connect(Identity.ADMIN, closed)
    (month,) = {f"{dt.datetime.now(dt.UTC):%Y%m}"}
    land(closed, [b"{"])
    build(closed)
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=400)
    kept = closing.apply(closed, AT_ONCE, later)
    assert kept.closed_before is not None
    assert kept.closed_before > dt.datetime.now(dt.UTC).date()
    assert {(one.table, one.partition_id) for one in kept.left} >= {("raw.events", month), ("raw.quarantine", month)}
    assert scalar(client, "SELECT count() FROM raw.events") == 0
    assert all(result.passed for result in check_ledger(connect(Identity.TRANSFORMER, closed), whole=True))
    before = marts(closed)
    assert build(closed, full=True).full
    assert differing(before, marts(closed)) == {}
