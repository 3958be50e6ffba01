"""Landing against the oracle: what is accepted, refused, counted and kept."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence

import pytest

from ingestion.batch import Batch
from ingestion.landing import Entry, Lander, count_events
from tests.oracle.compare import property_differences
from tests.oracle.contract import Deliveries
from tests.oracle.generate import (
    ambiguous_cases,
    deliveries,
    invalid_cases,
    marketplace,
    valid_cases,
)
from warehouse.client import Identity, connect
from warehouse.settings import Settings


def batch(lines: Sequence[bytes], name: str | None = None) -> Batch:
    return Batch(name or str(uuid.uuid4()), "files", "test", b"\n".join(lines) + b"\n")


def stored(settings: Settings) -> list[dict[str, object]]:
    """Admitted events, in order of receipt."""
    client = connect(Identity.TRANSFORMER, settings)
    return list(
        client.query(
            "SELECT * FROM raw.events WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)"
            " AND received_seq NOT IN (SELECT received_seq FROM raw.duplicates) ORDER BY received_seq"
        ).named_results()
    )


def refused(settings: Settings) -> list[tuple[bytes, str]]:
    client = connect(Identity.LOADER, settings)
    return list(
        client.query(
            "SELECT original, reason FROM raw.held ORDER BY received_seq",
            column_formats={"original": "bytes"},
        ).result_rows
    )


def test_every_bad_line_is_quarantined_with_its_bytes_and_reason(empty: Settings) -> None:
    cases = invalid_cases()
    entry = Lander(empty).land(batch([line for line, _ in cases]))
    found = refused(empty)
    different = [
        (line[:300], reason, got) for (line, reason), (_, got) in zip(cases, found, strict=False) if reason != got
    ]
    assert (entry.received, entry.quarantined, entry.stored) == (len(cases), len(cases), 0), different[:5]
    assert different == []
    assert [original for original, _ in found] == [line for line, _ in cases]


def test_lines_of_bytes_that_are_no_text_are_quarantined(empty: Settings) -> None:
    lines = [b"\xff\xfe", b"\xff", b" \x80 ", b"\x00", b"\x1f\x8b\x08", b'{"a":"\xff"}']
    entry = Lander(empty).land(batch([*lines, b" \t\r\f", b""]))
    assert (entry.received, entry.quarantined) == (len(lines), len(lines))
    assert [original for original, _ in refused(empty)] == lines


def test_tricky_valid_lines_are_stored_in_normal_form(empty: Settings) -> None:
    cases = valid_cases()
    entry = Lander(empty).land(batch([line for line, _ in cases]))
    assert refused(empty) == []
    assert (entry.received, entry.stored) == (len(cases), len(cases))
    differences = []
    for (line, expected), row in zip(cases, stored(empty), strict=True):
        for field in ("event_id", "event_type", "user_id", "session_id", "source", "occurred_at"):
            if field in expected and str(expected[field] or "").lower() != str(row[field]).lower():
                differences.append((line[:200], field, expected[field], row[field]))
        for difference in property_differences(expected["properties"], row["properties"]):  # type: ignore[arg-type]
            differences.append((line[:200], difference, row["properties"], ""))
    assert differences == []


def test_lines_on_which_the_contract_is_silent_are_stored_or_refused_as_one_may_expect(
    empty: Settings,
) -> None:
    lander = Lander(empty)
    for line, outcomes in ambiguous_cases():
        before = len(refused(empty))
        entry = lander.land(batch([line]))
        held = refused(empty)[before:]
        assert (held[0][1] if entry.quarantined else "") in outcomes, line


@pytest.mark.parametrize("seed", range(4))
def test_deliveries_count_as_the_oracle_counts(empty: Settings, seed: int) -> None:
    lines = marketplace(
        seed, users=12, days=20, start=__import__("datetime").date(2025, 3, 1), per_day=40,
        invalid=0.05, duplicates=0.05, altered=0.03,
    )  # fmt: skip
    oracle, lander = Deliveries(), Lander(empty)
    for part in deliveries(lines, seed, 4):
        expected = oracle.deliver(part)
        entry = lander.land(batch(part))
        assert (entry.received, entry.stored, entry.duplicates, entry.quarantined) == (
            expected.received, expected.stored, expected.duplicates, expected.quarantined,
        )  # fmt: skip
    assert Counter(reason for _, reason in refused(empty)) == Counter(reason for _, reason in oracle.quarantine)
    rows = {str(row["event_id"]): row for row in stored(empty)}
    for event in oracle.accepted():
        row = rows.pop(str(event.event_id))
        assert (row["event_type"], row["user_id"], row["occurred_at"]) == (
            event.event_type, event.user_id or "", event.occurred_at,
        )  # fmt: skip
        assert property_differences(event.properties, row["properties"]) == []  # type: ignore[arg-type]
    assert rows == {}


def event(**changes: object) -> dict[str, object]:
    return {
        "event_id": str(uuid.uuid4()),
        "event_type": "page.view",
        "occurred_at": "2025-05-01T10:00:00Z",
        "properties": {},
    } | changes


def line(**changes: object) -> bytes:
    return json.dumps(event(**changes)).encode()


def test_a_batch_landed_twice_stores_nothing_twice(empty: Settings) -> None:
    lines = [line(), line(), b"{broken", line()]
    lander = Lander(empty)
    first = lander.land(batch([*lines, lines[0]], "same"))
    second = lander.land(batch([*lines, lines[0]], "same"))
    assert first == Entry("same", 1, received=5, stored=3, duplicates=1, quarantined=1)
    assert second == Entry("same", 1, received=5, stored=0, duplicates=4, quarantined=1, replayed=True)
    assert len(stored(empty)) == 3
    assert len(refused(empty)) == 1


def test_the_first_line_received_counts_whatever_a_resend_says(empty: Settings) -> None:
    same = str(uuid.uuid4())
    first = line(event_id=same, event_type="order.created", user_id="u",
                 properties={"order_id": "o", "vendor_id": "v", "amount": "1.00"})  # fmt: skip
    altered = first.replace(b'"1.00"', b'"2.00"').replace(b"2025-05-01", b"2021-01-01")
    lander = Lander(empty)
    entries = list(lander.land_all([batch([line()] * 2 + [first, altered]), batch([altered])]))
    assert [(e.stored, e.duplicates) for e in entries] == [(2, 2), (0, 1)]
    (row,) = [row for row in stored(empty) if str(row["event_id"]) == same]
    assert row["properties"]["amount"] == "1.00"  # type: ignore[index]


def test_lines_keep_their_order_across_blocks(empty: Settings) -> None:
    numbers = [line(properties={"n": n}) for n in range(30_000)]
    Lander(empty).land(batch(numbers))
    assert [row["properties"]["n"] for row in stored(empty)] == [str(n) for n in range(30_000)]  # type: ignore[index]


def test_personal_data_is_hashed_cut_or_left_out(empty: Settings) -> None:
    lander = Lander(empty)
    lander.land(
        batch(
            [
                line(event_type="user.signup", user_id="a",
                     properties={"email": " Ann@Example.com", "ip": "203.0.113.77"},
                     context={"ip": "2001:db8:abcd:1234::9", "page_url": "/x"}),
                line(event_type="user.signup", user_id="b", properties={"email": "ann@example.com"}),
                line(event_type="chat.conversation_created", user_id="a",
                     properties={"conversation_id": "c", "title": "my illness"}),
            ]
        )
    )  # fmt: skip
    first, second, chat = stored(empty)
    assert first["properties"]["email_hmac"] == second["properties"]["email_hmac"]  # type: ignore[index]
    assert len(first["properties"]["email_hmac"]) == 64  # type: ignore[index]
    assert first["properties"]["ip"] == "203.0.113.0"  # type: ignore[index]
    assert first["context"] == {"ip": "2001:db8:abcd::", "page_url": "/x"}
    assert chat["properties"] == {"conversation_id": "c"}
    written = str([first, second, chat]).lower()
    assert "ann@" not in written
    assert "illness" not in written


@pytest.mark.parametrize("amount", ["12345678901234.5678", "99999999999.9999", "0.0001", "1000000000000"])
def test_a_json_number_keeps_every_digit(empty: Settings, amount: str) -> None:
    text = line(event_type="payout.processed", user_id="u", properties={"payout_id": "p", "amount": 0}).decode()
    Lander(empty).land(batch([text.replace('"amount": 0', f'"amount": {amount}').encode()]))
    (row,) = stored(empty)
    assert row["properties"]["amount"] == amount  # type: ignore[index]


@pytest.mark.parametrize(
    ("lines", "events"),
    [(b"", 0), (b"\n", 0), (b"a", 1), (b"a\n", 1), (b"a\n\nb", 2),
     (b"\n\na\n \n\r\nb\n", 2), (b" \t\r\n", 0), (b"a\r\nb\r\n", 2)],
)  # fmt: skip
def test_blank_lines_are_not_events(empty: Settings, lines: bytes, events: int) -> None:
    assert count_events(lines) == events
    entry = Lander(empty).land(Batch(str(uuid.uuid4()), "files", "test", lines))
    assert (entry.received, entry.quarantined) == (events, events)


def test_where_a_batch_fails_none_that_follows_is_admitted(empty: Settings) -> None:
    # The name of a source is a LowCardinality(String); a lone surrogate cannot be sent at all.
    batches = [batch([line()]), Batch("bad", "\ud800", "test", line()), batch([line()]), batch([line()])]
    entries = Lander(empty).land_all(batches)
    assert next(entries).stored == 1
    with pytest.raises(UnicodeEncodeError):
        list(entries)
    assert len(stored(empty)) == 1
