"""Small exact helpers that the mart modules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.money import CENTI_CENT, EXACT

MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 86_400_000
K = TypeVar("K")


def frame(columns: Sequence[str], keys: int, rows: Iterable[Sequence[object]]) -> pd.DataFrame:
    """A frame of cells as they are, sorted by the first `keys` columns."""
    ordered = sorted(rows, key=lambda row: tuple(row[:keys]))
    return pd.DataFrame(
        {name: pd.Series([row[at] for row in ordered], dtype="object") for at, name in enumerate(columns)}
    )


def of_type(events: Iterable[Event], *names: str) -> list[Event]:
    """The events of these types, in the contract's order of time."""
    return sorted((event for event in events if event.event_type in names), key=lambda event: event.order)


def firsts(ordered: Iterable[Event], name: str) -> dict[str, Event]:
    """The first of the ordered events for each value of the textual property `name`."""
    found: dict[str, Event] = {}
    for event in ordered:
        found.setdefault(event.text(name), event)
    return found


def grouped(events: Iterable[Event], key: Callable[[Event], K]) -> dict[K, list[Event]]:
    """The events by key, each list in the given order."""
    groups: dict[K, list[Event]] = {}
    for event in events:
        groups.setdefault(key(event), []).append(event)
    return groups


def ids(events: Iterable[Event], name: str) -> int:
    """How many distinct values the textual property has; an absent one is no value."""
    return len({event.text(name) for event in events} - {""})


def money(values: Iterable[Decimal | None]) -> Decimal:
    """The sum at four digits; what has no value in USD is left out."""
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value or Decimal(0))
    return EXACT.quantize(total, CENTI_CENT)


def divided(dividend: Decimal, divisor: int, digits: Decimal = CENTI_CENT) -> Decimal:
    """The quotient rounded half away from zero."""
    return EXACT.quantize(EXACT.divide(dividend, Decimal(divisor)), digits)


def ratio(part: int, whole: int) -> float | None:
    """A fraction, None of nothing."""
    return part / whole if whole else None


def mean(values: Iterable[Decimal | int | Fraction | None]) -> float | None:
    """The exact mean of the values there are, as a float; None without any."""
    present = [Fraction(value) for value in values if value is not None]
    return float(sum(present, Fraction(0)) / len(present)) if present else None


def days_between(earlier: datetime, later: datetime) -> Fraction:
    """Days and fractions from whole milliseconds, at least 0."""
    return max(Fraction(0), Fraction((later - earlier) // MILLISECOND, DAY_MS))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def monday_of(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(days=day.weekday())
