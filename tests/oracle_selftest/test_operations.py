"""The oracle's operational marts against examples computed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle import operations
from tests.oracle.contract import Event
from tests.oracle_selftest.hand import SEEDS, event, found, on


def request(at: str, status: int, milliseconds: str, **more: Any) -> Event:
    given: dict[str, Any] = {
        "service": "s",
        "endpoint": "/e",
        "status": status,
        "duration_ms": Decimal(milliseconds),
    } | more
    return event("api.request", at, **given)


def hour(of: int, day: int = 1) -> datetime:
    return datetime(2024, 1, day, of, tzinfo=UTC)


def test_system_health_by_hand() -> None:
    events = [
        # The hour from 10:00 to its last millisecond; 399, 400, 499, 500 and 600 on either side of the limits.
        request("01-01T10:00", 399, "5"),
        request("01-01T10:59:59.999", 400, "1"),
        request("01-01T10:30", 499, "2"),
        request("01-01T10:30", 500, "3"),
        request("01-01T10:30", 600, "14"),
        request("01-01T11:00", 200, "0.5"),
        request("01-01T10:30", 204, "7", endpoint="/f"),
        request("01-01T10:30", 503, "8", service="a"),
    ]
    # Of 1, 2, 3, 5, 14: rank 0.95 · 4 = 3.8, so 5 + 0.8 · 9; rank 3.96, so 5 + 0.96 · 9.
    upper = [pytest.approx(value, abs=1e-12) for value in (12.2, 13.64)]
    assert found("system_health", events) == [
        (hour(10), "a", "/e", 1, 1, 0, 1.0, 8.0, 8.0, 8.0),
        (hour(10), "s", "/e", 5, 2, 2, 0.4, 3.0, *upper),
        (hour(10), "s", "/f", 1, 0, 0, 0.0, 7.0, 7.0, 7.0),
        (hour(11), "s", "/e", 1, 0, 0, 0.0, 0.5, 0.5, 0.5),
    ]


def test_compliance_metrics_by_hand() -> None:
    action: dict[str, Any] = {"action": "delete", "resource": "user"}
    events = [
        event("audit.recorded", "01-01", **action),
        event("audit.recorded", "01-01", "ann", complete=True, **action),
        event("audit.recorded", "01-01", "ann", complete=False, **action),
        event("audit.recorded", "01-03", complete=False, **action),
        event("page.view", "01-04"),
    ]
    assert found("compliance_metrics", events) == [
        (on("01-01"), 3, 2, pytest.approx(2 / 3)),
        (on("01-03"), 1, 0, 0.0),
    ]


def test_activity_feed_by_hand() -> None:
    seen = [
        event("page.view", "01-04", serial=1),
        event("user.signin", "01-09T08:00", "bob", serial=9),
        event("account.flagged", "01-09T08:00", "ann", serial=2, flag_id="f", flag_type="t"),
        event("payout.processed", "01-09T08:00:00.001", "ann", serial=1, payout_id="p", amount=Decimal(1)),
    ]
    events = [
        # The last day is the 10th, by what is not in the feed itself; the 4th is in, the 3rd is out.
        request("01-10T23:59", 200, "1"),
        event("user.signin", "01-03T23:59:59.999", "ann"),
        event("queue.sampled", "01-10", queue="q", depth=Decimal(1)),
        event("storage.sampled", "01-10", service="s", bytes_used=Decimal(1)),
        event("external.checked", "01-10", service="s", up=True),
        event("audit.recorded", "01-10", action="a", resource="r"),
        *seen,
    ]
    # By instant, then by id.
    assert found("activity_feed", events) == [
        (seen[at].occurred_at, seen[at].event_id, seen[at].event_type, seen[at].user_id) for at in (0, 2, 1, 3)
    ]
    assert seen[0].user_id == ""


def test_without_events_every_mart_is_empty() -> None:
    for compute, keys in operations.MARTS.values():
        frame = compute([], SEEDS)
        assert len(frame) == 0
        assert tuple(frame.columns[: len(keys)]) == keys
