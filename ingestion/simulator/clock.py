"""The time simulated: its days, its rhythm, and the days on which something goes wrong or very well."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from ingestion.simulator import market
from ingestion.simulator.dice import Array, Dice, Ints, weighted
from ingestion.simulator.text import DAY_MS

QUARTER_MS = 900_000
_DAY_TABLE = 1 << 16
_QUARTERS = weighted([market.HOURS[q // 4] for q in range(96)])


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A day the numbers should stand out.

    Attributes:
        date: UTC day.
        kind: `traffic_drop` (sessions and requests fall to 30 %), `revenue_spike` (five times the share of
            product views ends in an order), `error_burst` (30 % of API requests fail from 13:00 to 16:00).
    """

    date: dt.date
    kind: Literal["traffic_drop", "revenue_spike", "error_burst"]


def anomalies(*, days: int, end: dt.date) -> list[Anomaly]:
    """The anomalies of a run, by date; the same for every seed, none in runs shorter than 7 days."""
    if days < 7:
        return []
    start = end - dt.timedelta(days=days - 1)
    return [
        Anomaly(start + dt.timedelta(days=days * 45 // 100), "revenue_spike"),
        Anomaly(start + dt.timedelta(days=days * 65 // 100), "traffic_drop"),
        Anomaly(start + dt.timedelta(days=days * 80 // 100), "error_burst"),
    ]


@dataclass(frozen=True)
class Clock:
    """Instants are milliseconds since `start_ms`, the midnight (UTC) that opens the first day."""

    days: int
    end: dt.date
    key: str
    start: dt.date = field(init=False)
    start_ms: int = field(init=False)
    length: int = field(init=False)
    weights: tuple[float, ...] = field(init=False)  # traffic of a day relative to a normal one, at most ~1.3

    def __post_init__(self) -> None:
        start = self.end - dt.timedelta(days=self.days - 1)
        noise = Dice(self.key, "clock").below(np.arange(self.days), "noise", 1000)
        drops = {(a.date - start).days for a in self.anomalies() if a.kind == "traffic_drop"}
        weights = tuple(
            market.WEEKDAYS[(start.weekday() + d) % 7]
            * (0.95 + int(noise[d]) / 10_000)
            * (market.TRAFFIC_DROP if d in drops else 1.0)
            for d in range(self.days)
        )
        set_ = object.__setattr__  # a frozen dataclass computes its own fields this way
        set_(self, "start", start)
        set_(self, "start_ms", (start - dt.date(1970, 1, 1)).days * DAY_MS)
        set_(self, "length", self.days * DAY_MS)
        set_(self, "weights", weights)

    def anomalies(self) -> list[Anomaly]:
        """See `anomalies`."""
        return anomalies(days=self.days, end=self.end)

    def day_of(self, kind: str) -> int | None:
        """Number of the day of an anomaly, counted from 0; None if the run has none."""
        start = self.end - dt.timedelta(days=self.days - 1)
        return next(((a.date - start).days for a in self.anomalies() if a.kind == kind), None)

    def growth(self, day: int) -> float:
        """Size of the market on a day, 1 at the start."""
        return 1.0 + (market.GROWTH - 1.0) * day / max(1, self.days - 1)

    def day_table(self, factors: list[float]) -> Ints:
        """Day numbers, each as often as its traffic times its factor."""
        size = max(_DAY_TABLE, 1 << (self.days * 8 - 1).bit_length())
        return weighted([w * f for w, f in zip(self.weights, factors, strict=True)], size)

    def moments(self, dice: Dice, rows: Array, draw: str, table: Ints) -> Ints:
        """Instants on days of a day table, at hours by the daily rhythm."""
        return dice.pick(rows, draw + ".day", table) * DAY_MS + self.hours(dice, rows, draw)

    def hours(self, dice: Dice, rows: Array, draw: str) -> Ints:
        """Milliseconds since midnight by the daily rhythm."""
        quarter = dice.pick(rows, draw + ".quarter", _QUARTERS)
        return quarter * QUARTER_MS + dice.below(rows, draw + ".ms", QUARTER_MS)
