"""A preview says what a replay then does, and stores nothing."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from ingestion.batch import Batch
from ingestion.landing import Lander, Totals, lander
from ingestion.landing.judging import judgement
from ingestion.landing.parameters import catalog_parameters
from ingestion.quarantine import Money, Preview, Quarantine
from tests.faults.state import TABLES, ledger
from tests.oracle.generate import marketplace
from warehouse.client import Identity, connect
from warehouse.settings import Settings

Without = Callable[..., Any]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Without:
    """Lets the landing run with a catalog that does not know some event types yet."""

    @contextmanager
    def lacking(*types: str) -> Iterator[None]:
        known = catalog_parameters()
        names = known["type_names"]
        assert isinstance(names, list)
        fewer = {**known, "type_names": ["-" if name in types else name for name in names]}
        with monkeypatch.context() as patch:
            patch.setattr(lander, "catalog_parameters", lambda: fewer)
            yield

    return lacking


def event(type_: str, day: int = 1, **properties: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid.uuid4()), "event_type": type_, "occurred_at": f"2025-03-{day:02d}T12:00:00Z",
        "user_id": "u1", "properties": properties,
    }  # fmt: skip


def land(settings: Settings, *events: dict[str, Any] | bytes, source: str = "test") -> Totals:
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in events]
    totals = Totals()
    totals.add(Lander(settings).land(Batch(str(uuid.uuid4()), source, "a test", b"\n".join(lines))))
    return totals


def order(amount: str, currency: str = "USD", day: int = 1) -> dict[str, Any]:
    return event("order.created", day, order_id="o", vendor_id="v", amount=amount, currency=currency)


def contents(settings: Settings) -> dict[str, Any]:
    client = connect(Identity.LOADER, settings)
    return {table: client.query(f"SELECT * FROM {table} ORDER BY ALL").result_rows for table in TABLES}


def test_nothing_held(empty: Settings) -> None:
    assert Quarantine(empty).preview() == Preview()


def test_the_preview_of_a_delivery_is_what_its_replay_does(empty: Settings, without: Without) -> None:
    lines = marketplace(
        11, users=12, days=20, start=dt.date(2025, 3, 1), per_day=60, invalid=0.1, duplicates=0.1, altered=0.03
    )
    half = len(lines) // 2
    land(empty, *lines[:half])  # so that some of what is refused next has been received already
    with without("order.created", "payment.completed", "user.signin", "financial.recorded", "financial"):
        land(empty, *lines[half:], source="one")
        land(empty, *lines[half - 50 :], source="two")
    before = contents(empty)
    quarantine = Quarantine(empty)
    told = quarantine.preview()
    assert contents(empty) == before
    assert told.held == ledger(empty).quarantined
    assert told.would_pass > 100
    assert told.duplicates > 100
    assert sum(told.refused.values()) > 50
    assert told.published_revenue_usd is told.revenue_change is None
    days = connect(Identity.LOADER, empty)
    through = days.query("SELECT max(commit_seq) FROM raw.batches").result_rows[0][0]
    done = quarantine.replay()
    assert (done.received, done.stored, done.duplicates) == (told.held, told.would_pass, told.duplicates)
    assert told.refused == _held(quarantine)
    ((touched, first, last),) = days.query(
        "SELECT uniqExact(toDate(occurred_at)), min(toDate(occurred_at)), max(toDate(occurred_at)) FROM raw.events"
        " WHERE (event_id, received_seq) IN (SELECT event_id, received_seq FROM raw.receipts WHERE batch_seq IN"
        f" (SELECT batch_seq FROM raw.batches WHERE commit_seq > {through}))"
    ).result_rows
    assert (told.days_touched, told.first_day, told.last_day) == (touched, first, last)
    again = quarantine.preview()
    assert (again.would_pass, again.duplicates, again.refused) == (0, 0, told.refused)


def _held(quarantine: Quarantine) -> Counter[str]:
    held: Counter[str] = Counter()
    for row in quarantine.summary():
        held[row["reason"]] += row["events"]
    return held


def test_money_by_direction_and_currency(empty: Settings, without: Without) -> None:
    twice = order("10.10")
    with without("order.created", "payment.refunded", "payout.processed", "placement.made", "financial.recorded"):
        land(
            empty, twice, twice, order("0.2"), order("7", "EUR", day=2), order("no number"),
            event("payment.refunded", 3, payment_id="p", amount="3.0001"),
            event("payout.processed", 3, payout_id="p", amount=4),
            event("placement.made", 4, placement_id="p", job_id="j", fee="100"),
            event("placement.made", 4, placement_id="q", job_id="j"),
            event("financial.recorded", 4, transaction_id="t", category="Fee", amount="1"),
            event("financial.recorded", 4, transaction_id="t", category="Refund", amount="2"),
            event("financial.recorded", 4, transaction_id="t", category="Earnings", amount="50"),
        )  # fmt: skip
    told = Quarantine(empty).preview()
    assert (told.held, told.would_pass, told.duplicates) == (12, 10, 1)
    assert told.refused == {"invalid_field:amount": 1}
    assert (told.days_touched, str(told.first_day), str(told.last_day)) == (4, "2025-03-01", "2025-03-04")
    assert told.money == [
        Money("payout", "USD", 1, Decimal("4.0000"), Decimal("4.0000")),
        Money("refund", "USD", 2, Decimal("5.0001"), Decimal("5.0001")),
        Money("revenue", "EUR", 1, Decimal("7.0000"), None),
        Money("revenue", "USD", 4, Decimal("111.3000"), Decimal("111.3000")),
    ]
    assert told.revenue_usd == Decimal("111.3")


def test_previews_can_be_narrowed(empty: Settings, without: Without) -> None:
    with without("order.created"):
        land(empty, order("1"), b"nonsense", source="one")
        land(empty, order("1"), source="two")
    quarantine = Quarantine(empty)
    assert quarantine.preview(source="one").held == 2
    assert quarantine.preview(reason="invalid_json").refused == {"invalid_json": 1}
    assert quarantine.preview(reason="unknown_event_type", source="two").would_pass == 1
    assert quarantine.preview(source="three") == Preview()


def test_original_bytes_are_shown(empty: Settings) -> None:
    land(empty, b'{"event_id": "\xff\xfe"}', '{"ünï": 1}'.encode())
    shown = {row["original"] for row in Quarantine(empty).lines()}
    assert shown == {'{"event_id": "\\xff\\xfe"}', '{"ünï": 1}'}


def test_the_judgement_is_the_landing_s_own_statement() -> None:
    sql = judgement("SELECT 'x' AS line")
    assert "INSERT" not in sql
    assert "FORMAT" not in sql
    assert "FROM (SELECT 'x' AS line)" in sql
