"""Whole months: spans of them to rebuild, and how a history is parted into spans of about the same cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from warehouse.client import scalar
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_SPAN = re.compile(r"(?P<first>\d{4}-\d{2})(\.\.(?P<last>\d{4}-\d{2}))?")


@dataclass(frozen=True, slots=True)
class Span:
    """Months in a row, written `2025-01..2025-03`, or `2025-01` for one.

    Attributes:
        first: first day of the first month.
        until: first day after the last.
    """

    first: date
    until: date

    def __str__(self) -> str:
        last = self.until - timedelta(days=1)
        return f"{self.first:%Y-%m}" if next_month(self.first) == self.until else f"{self.first:%Y-%m}..{last:%Y-%m}"

    @property
    def days(self) -> int:
        """How many there are in it."""
        return (self.until - self.first).days


def parse(text: str) -> Span:
    """Read a span as it is written.

    Raises:
        WarehouseError: it is not `YYYY-MM` or `YYYY-MM..YYYY-MM`, or ends before it begins.
    """
    found = _SPAN.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        first = date.fromisoformat(f"{found['first']}-01")
        last = date.fromisoformat(f"{found['last'] or found['first']}-01")
    except ValueError:
        last, first = date.min, date.max
    if last < first:
        raise WarehouseError(f"{text!r} is no span of months", "write 2025-01, or 2025-01..2025-03")
    return Span(first, next_month(last))


def buildable(client: Client) -> dict[date, int]:
    """Events that count, by the first day of their month, of the months that have some and are not closed."""
    if not scalar(client, "EXISTS TABLE build.stg_events"):
        return {}
    rows = client.query(
        "SELECT toStartOfMonth(date) AS month, count() FROM build.stg_events"
        " WHERE date >= (SELECT max(closed_before) FROM build.closings) GROUP BY month ORDER BY month"
    ).result_rows
    return {month: int(count) for month, count in rows}


def parted(counts: Mapping[date, int], budget: int) -> list[Span]:
    """Part a history, from its first month to its last, into spans without a gap.

    Parted from the oldest month on, so that what is added at the end moves no earlier bound.

    Args:
        counts: events by the first day of their month.
        budget: events that a span may have; a month with more is a span by itself.
    """
    spans: list[Span] = []
    filled = 0
    for month in _all_months(counts):
        count = counts.get(month, 0)
        if spans and filled + count <= budget:
            spans[-1] = Span(spans[-1].first, next_month(month))
            filled += count
        else:
            spans.append(Span(month, next_month(month)))
            filled = count
    return spans


def in_turn(counts: Mapping[date, int], budget: int, day: date) -> Span | None:
    """The span whose turn it is on a day, if there is one each day; None where one span holds it all."""
    spans = parted(counts, budget)
    return spans[day.toordinal() % len(spans)] if len(spans) > 1 else None


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _all_months(counts: Mapping[date, int]) -> Iterator[date]:
    month, last = min(counts, default=date.max), max(counts, default=date.min)
    while month <= last:
        yield month
        month = next_month(month)
