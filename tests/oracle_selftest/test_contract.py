"""The oracle's receiving side against the contract's own words."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from tests.oracle import generate
from tests.oracle.catalog import CATALOG
from tests.oracle.compare import property_differences
from tests.oracle.contract import Deliveries, Refused, normalise
from tests.oracle.writing import dumps

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("line", "reason"), generate.invalid_cases(), ids=lambda value: repr(value[:60]))
def test_invalid_line_has_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise(line, "files", NOW)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("line", "expected"), generate.valid_cases(), ids=lambda value: repr(value)[:60])
def test_valid_line_has_its_normal_form(line: bytes, expected: dict[str, object]) -> None:
    event = normalise(line, "files", NOW)
    assert {name: getattr(event, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "outcomes"),
    generate.ambiguous_cases(),
    ids=lambda value: repr(sorted(value) if isinstance(value, frozenset) else value)[:60],
)
def test_open_case_has_one_of_its_outcomes(line: bytes, outcomes: frozenset[str]) -> None:
    try:
        normalise(line, "files", NOW)
        outcome = ""
    except Refused as refused:
        outcome = refused.reason
    assert outcome in outcomes


def test_cases_are_single_lines_of_distinct_events() -> None:
    lines = [line for line, _ in generate.invalid_cases() + generate.valid_cases()]
    assert not any(b"\n" in line for line in lines)
    ids = [expected["event_id"] for _, expected in generate.valid_cases()]
    assert len(set(ids)) == len(ids)


def test_future_is_more_than_24_hours_after_receipt() -> None:
    def signin(at: str) -> bytes:
        return dumps({"event_id": "0a1b2c3d-4e5f-6a7b-8c9d-000000000001", "event_type": "user.signin",
        "user_id": "u", "occurred_at": at}).encode()  # fmt: skip

    assert normalise(signin("2026-01-02T00:00:00Z"), "files", NOW)
    with pytest.raises(Refused, match="occurred_in_future"):
        normalise(signin("2026-01-02T00:00:00.001Z"), "files", NOW)


def test_first_valid_receipt_counts() -> None:
    def view(number: int, url: str, at: str = "2024-05-06T07:08:09Z") -> bytes:
        identity = f"0A1B2C3D-4e5f-6a7b-8c9d-{number:012x}"
        return dumps(
            {"event_id": identity, "event_type": "page.view", "occurred_at": at, "properties": {"url": url}}
        ).encode()

    received = Deliveries()
    # Number 1 is refused at first and stored later; 2 comes twice in one delivery, altered.
    first = received.deliver([view(1, "bad", at="never"), view(2, "a") + b"\n", view(2, "b").lower(), b"", b"{\n"])
    assert (first.received, first.stored, first.duplicates, first.quarantined) == (4, 1, 1, 2)
    assert first.reasons == Counter({"invalid_field:occurred_at": 1, "invalid_json": 1})
    second = received.deliver([view(2, "c"), view(1, "good")], source="http")
    assert (second.received, second.stored, second.duplicates, second.quarantined) == (2, 1, 1, 0)
    assert [(event.properties["url"], event.source) for event in received.accepted()] == [
        ("a", "files"),
        ("good", "http"),
    ]
    assert [reason for _, reason in received.quarantine] == ["invalid_field:occurred_at", "invalid_json"]


def test_catalog_has_every_type_of_the_contract() -> None:
    assert len(CATALOG) == 56
    assert sum(len(event_type.aliases) for event_type in CATALOG.values()) == 18


def test_marketplace_is_reproducible_and_covers_every_type() -> None:
    def build(invalid: float) -> list[bytes]:
        return generate.marketplace(
            5,
            users=12,
            days=5,
            start=date(2024, 2, 27),
            per_day=40,
            invalid=invalid,
            duplicates=0.1,
            altered=0.1,
        )

    assert build(0.1) == build(0.1)
    clean = Deliveries()
    counts = clean.deliver(build(0.0))
    assert counts.quarantined == 0
    assert counts.duplicates > 0
    assert {event.event_type for event in clean.accepted()} == set(CATALOG)
    mixed = Deliveries()
    parts = [mixed.deliver(part) for part in generate.deliveries(build(0.1), 1, 3)]
    assert sum(part.quarantined for part in parts) > 0
    assert all(part.received == part.stored + part.duplicates + part.quarantined for part in parts)


def test_stored_texts_are_compared_by_value() -> None:
    line, _ = next(case for case in generate.valid_cases() if b'"version":1.0' in case[0])
    properties = normalise(line, "files", NOW).properties
    stored = {
        "assignment_id": "a",
        "decision": "approved",
        "version": "1",
        "overall_score": "4.5",
        "email_hmac": "x",
    }
    assert property_differences(properties, stored) == []
    assert len(property_differences(properties, stored | {"version": "2", "more": "x"})) == 2
