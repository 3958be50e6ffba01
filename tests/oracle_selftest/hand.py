"""Writing hand-made examples: events at days of 2024, seeds, and readable rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.registry import ALL
from tests.oracle.seeds import Seeds

FX_RATES = pd.DataFrame(
    [("2024-01-02", "EUR", "1.10"), ("2024-01-04", "EUR", "1.20005")], columns=["date", "currency", "usd_rate"]
)
PLAN_PRICES = pd.DataFrame(
    [
        ("pro", "2020-01-01", "20.0000"),
        ("pro", "2024-02-01", "25.0000"),
        ("team", "2020-01-01", "50.0000"),
        ("new", "2024-01-10", "7.0000"),
    ],
    columns=["plan_id", "valid_from", "monthly_usd"],
)
CREATOR_LEVELS = pd.DataFrame(
    [("junior", "2", "10", "3.50"), ("probation", "1", "0", "0.00")],
    columns=["level", "rank", "tasks_required", "rating_required"],
)
SEEDS = Seeds(FX_RATES, PLAN_PRICES, CREATOR_LEVELS)
_serials = count(10**6)


def event(name: str, at: str, user: str = "", *, serial: int | None = None, **properties: Any) -> Event:
    """An event at `MM-DD[Thh:mm[:ss.fff]]` of 2024 UTC, or at a text with a year; later written ones have later
    ids unless a (small) `serial` is given."""
    moment = datetime.fromisoformat(at if at.startswith("20") else f"2024-{at}").replace(tzinfo=UTC)
    identity = f"00000000-0000-4000-8000-{next(_serials) if serial is None else serial:012x}"
    return Event(identity, name, moment, user, "", "test", {}, properties)


def on(day: str) -> date:
    """The day `MM-DD` of 2024."""
    return date.fromisoformat(f"2024-{day}")


def usd(text: str) -> Decimal:
    """An amount as the marts show it; the comparison below looks at the digits too."""
    return Decimal(text).quantize(Decimal("0.0001"))


def found(mart: str, events: Sequence[Event], *columns: str) -> list[tuple[object, ...]]:
    """The rows of a mart in its order, in these columns or all. Whatever the order of receipt, they are equal."""
    compute, keys = ALL[mart]
    forth, back = (compute(list(given), SEEDS) for given in (events, reversed(events)))
    pd.testing.assert_frame_equal(forth, back, check_exact=False, rtol=1e-12)
    assert tuple(forth.columns[: len(keys)]) == keys
    return list(forth[list(columns) or list(forth.columns)].itertuples(index=False, name=None))
