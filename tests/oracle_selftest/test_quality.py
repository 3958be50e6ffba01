"""The oracle's marts about reviews and flags against examples computed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.oracle import quality
from tests.oracle.contract import Event
from tests.oracle_selftest.hand import SEEDS, event, found, on


def reviewed(at: str, decision: str, **more: Any) -> Event:
    return event("assignment.reviewed", at, "eve", decision=decision, **{"assignment_id": "A"} | more)


def flagged(flag: str, at: str, kind: str, **more: Any) -> Event:
    return event("account.flagged", at, "ann", flag_id=flag, flag_type=kind, **more)


def resolved(flag: str, at: str, outcome: str, **more: Any) -> Event:
    return event("account.flag_resolved", at, "ann", flag_id=flag, outcome=outcome, **more)


def test_quality_metrics_by_hand() -> None:
    events = [
        # The type of A is told later than its reviews, first as image and then as text.
        event("assignment.completed", "01-04", "eve", assignment_id="A", output_type="text"),
        event("assignment.created", "01-03", "ann", assignment_id="A", upload_id="u", output_type="image"),
        # Day 1: approved at version 1 (default), 1, 2 and 3; scores 5 + 2 + 4.5; two revisions; one rejection.
        reviewed("01-01", "approved", overall_score=Decimal(5)),
        reviewed("01-01", "approved", version=1),
        reviewed("01-01", "approved", version=2, overall_score=Decimal(2)),
        reviewed("01-01", "approved", version=3),
        reviewed("01-01", "revision", overall_score=Decimal("4.5")),
        reviewed("01-01", "revision", version=2),
        reviewed("01-01", "rejected"),
        # A review has its own type, or none is known of its assignment.
        event("assignment.created", "01-01", "ann", serial=1, assignment_id="C", upload_id="u", output_type="image"),
        reviewed("01-01", "rejected", assignment_id="C", output_type="video"),
        reviewed("01-01", "rejected", assignment_id="B", overall_score=Decimal(1)),
        reviewed("01-02", "revision"),
    ]
    rates = [pytest.approx(part) for part in (4 / 7, 1 / 2, 2 / 7, 1 / 7)]
    assert found("quality_metrics", events) == [
        (on("01-01"), "", 1, 1.0, 0, 0, 0, 1, 0.0, None, 0.0, 1.0),
        (on("01-01"), "image", 7, pytest.approx(11.5 / 3), 4, 2, 2, 1, *rates),
        (on("01-01"), "video", 1, None, 0, 0, 0, 1, 0.0, None, 0.0, 1.0),
        (on("01-02"), "image", 1, None, 0, 0, 1, 0, 0.0, None, 1.0, 0.0),
    ]


def test_fraud_metrics_by_hand() -> None:
    events = [
        # 1 is first flagged on day 2 as spam, on day 3 as something else: day 2, spam, no row for day 3.
        flagged("1", "01-03", "fake", automatic=False),
        flagged("1", "01-02", "spam"),
        # 2 was raised by hand. 3 is never resolved. 4 was resolved before it was raised: not pending.
        flagged("2", "01-02", "spam", automatic=False),
        flagged("3", "01-02", "spam", automatic=True),
        flagged("4", "01-02", "spam"),
        resolved("4", "01-01", "false_positive"),
        # Day 5: 1 is confirmed twice and then cleared, 2 is confirmed. Day 6: 1 is confirmed again.
        resolved("1", "01-05", "confirmed"),
        resolved("1", "01-05", "confirmed"),
        resolved("1", "01-05", "false_positive"),
        resolved("2", "01-05", "confirmed"),
        resolved("1", "01-06", "confirmed"),
        # 9 was never raised; two blocked duplicates, one of them nobody's, share its row.
        resolved("9", "01-06", "confirmed"),
        event("account.duplicate_blocked", "01-06", "ann"),
        event("account.duplicate_blocked", "01-06"),
        event("account.duplicate_blocked", "01-07"),
        event("account.suspended", "01-08", "ann"),
    ]
    assert found("fraud_metrics", events) == [
        (on("01-01"), "spam", 0, 1, 0, 1, 0, 0, 1.0, 1, 0, 0.0),
        (on("01-02"), "spam", 4, 0, 0, 0, 1, 0, None, 0, 0, None),
        # Flags 1 and 2; both confirmed, one also cleared: 1 of 3. Automatic is 1 only.
        (on("01-05"), "spam", 0, 2, 2, 1, 0, 0, pytest.approx(1 / 3), 1, 1, 1.0),
        (on("01-06"), "", 0, 1, 1, 0, 0, 2, 0.0, 1, 1, 1.0),
        (on("01-06"), "spam", 0, 1, 1, 0, 0, 0, 0.0, 1, 1, 1.0),
        (on("01-07"), "", 0, 0, 0, 0, 0, 1, None, 0, 0, None),
    ]


def test_first_flagging_in_one_instant_is_the_lower_id() -> None:
    events = [
        flagged("1", "01-01", "second", serial=2),
        flagged("1", "01-01", "first", serial=1, automatic=False),
        resolved("1", "01-01", "confirmed"),
    ]
    columns = ("flag_type", "flags_created", "pending", "automatic_resolved", "flag_accuracy")
    assert found("fraud_metrics", events, *columns) == [("first", 1, 0, 0, None)]


def test_without_events_every_mart_is_empty() -> None:
    for compute, keys in quality.MARTS.values():
        frame = compute([], SEEDS)
        assert len(frame) == 0
        assert tuple(frame.columns[: len(keys)]) == keys
