"""The oracle's marts about chat messages against examples computed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.oracle import chat
from tests.oracle.contract import Event
from tests.oracle_selftest.hand import SEEDS, event, found, on, usd


def message(at: str, user: str = "ann", **more: Any) -> Event:
    given: dict[str, Any] = {"conversation_id": "c", "provider": "p", "model": "m"} | more
    return event("chat.message_sent", at, user, **given)


EVENTS = [
    message("01-01", tokens=7, cost=Decimal("1"), latency_ms=Decimal("10")),
    message("01-01", "bob", tokens=100_000, cost=Decimal("0.00005"), latency_ms=Decimal("20")),
    message("01-01", "bob", conversation_id="d", cost=Decimal("2"), latency_ms=Decimal("40.5")),
    # No tokens, no cost, no latency.
    message("01-01"),
    message("01-01", model="n"),
    # Day 3 has the EUR rate of day 2, 1.10; ISK has none.
    message("01-03", cost=Decimal("3"), currency="EUR", latency_ms=Decimal("0")),
    message("01-03", cost=Decimal("3"), currency="ISK", tokens=0),
    # 1 · 1.20005 is 1.2001 twice, away from zero, per message.
    message("01-04", cost=Decimal("1"), currency="EUR"),
    message("01-04", cost=Decimal("1"), currency="EUR"),
    event("chat.conversation_created", "01-05", "ann", conversation_id="c"),
    event("chat.conversation_deleted", "01-05", "ann", conversation_id="c"),
]


def test_chat_statistics_by_hand() -> None:
    assert found("chat_statistics", EVENTS) == [
        (on("01-01"), "p", "m", 4, 2, 2, 100_007),
        (on("01-01"), "p", "n", 1, 1, 1, 0),
        (on("01-03"), "p", "m", 2, 1, 1, 0),
        (on("01-04"), "p", "m", 2, 1, 1, 0),
    ]


def test_provider_usage_by_hand() -> None:
    # Of 10, 20, 40.5: rank 0.95 · 2 = 1.9, so 20 + 0.9 · 20.5; rank 1.98, so 20 + 0.98 · 20.5.
    upper = [pytest.approx(value, abs=1e-12) for value in (38.45, 40.09)]
    nothing = (None, None, None)
    assert found("provider_usage", EVENTS) == [
        (on("01-01"), "p", "m", 4, 2, 100_007, usd("3.0001"), 20.0, *upper),
        (on("01-01"), "p", "n", 1, 1, 0, usd("0"), *nothing),
        (on("01-03"), "p", "m", 2, 1, 0, usd("3.3"), 0.0, 0.0, 0.0),
        (on("01-04"), "p", "m", 2, 1, 0, usd("2.4002"), *nothing),
    ]


@pytest.mark.parametrize("percent", [0, 50, 95, 99, 100])
@pytest.mark.parametrize("size", [1, 2, 3, 10, 101])
def test_quantiles_are_those_of_pandas(percent: int, size: int) -> None:
    values = [Decimal(37 * number % 101).scaleb(-2) for number in range(size)]
    expected = pd.Series([float(value) for value in values]).quantile(percent / 100)
    assert chat.quantile(values, percent) == pytest.approx(expected, abs=1e-12)


def test_chat_sessions_by_hand() -> None:
    events = [
        # ann: exactly half an hour apart twice, in two conversations and models, then a millisecond more.
        message("01-01T10:00"),
        message("01-01T10:30", conversation_id="d", model="n"),
        message("01-01T11:00"),
        message("01-01T11:30:00.001"),
        # bob's messages do not continue ann's: one of 10.5 seconds.
        message("01-01T10:15", "bob"),
        message("01-01T10:15:10.500", "bob"),
        # Over midnight it is a session of the first day: 20 minutes. Day 2 has no start, so no row.
        message("01-01T23:50", "cid"),
        message("01-02T00:10", "cid"),
        # Two at one instant last 0 seconds; other chat events do not hold a session together.
        message("01-03T08:00"),
        message("01-03T08:00"),
        event("chat.conversation_created", "01-03T08:25", "ann", conversation_id="c"),
        message("01-03T08:50"),
    ]
    # Sessions of 3600, 0, 10.5 and 1200 seconds; then of 0 and 0.
    assert found("chat_sessions", events) == [
        (on("01-01"), 4, 4810.5 / 4),
        (on("01-03"), 2, 0.0),
    ]


def test_without_events_every_mart_is_empty() -> None:
    for compute, keys in chat.MARTS.values():
        frame = compute([], SEEDS)
        assert len(frame) == 0
        assert tuple(frame.columns[: len(keys)]) == keys
