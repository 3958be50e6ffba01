"""One figure learnt: its past days as they would usually have been, the next ones, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from warehouse.foresight.ahead import Forecast, forecast
from warehouse.foresight.scales import Floats, Scale
from warehouse.foresight.series import Series
from warehouse.foresight.usual import Usual, usual


class Status(StrEnum):
    """What there is to say of a figure: a `forecast`, only the past as `judged`, or neither, and why."""

    FORECAST = "forecast"
    JUDGED = "judged"
    TOO_LITTLE_HISTORY = "too_little_history"
    NO_ACTIVITY = "no_activity"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of one day, in the unit of the figure.

    Attributes:
        date: the UTC day.
        expected: the value.
        usual_lower: from here to `usual_upper` is nothing unusual.
        usual_upper: see there.
        lower: bounds of the forecast's interval; None for days learnt from.
        upper: the same.
    """

    date: date
    expected: float
    usual_lower: float
    usual_upper: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of one figure.

    Attributes:
        series: the figure.
        status: what there is.
        days: days learnt from; the last of them is `through`, None when there were none.
        through: see there.
        expectations: by day, past ones first.
        forecast: what back-tests say of the days to come; None when nothing is forecast.
    """

    series: Series
    status: Status
    days: int
    through: date | None
    expectations: tuple[Expectation, ...] = ()
    forecast: Forecast | None = None

    def summary(self) -> dict[str, Any]:
        """All but the days, for people and logs."""
        ahead = self.forecast
        return {
            "metric": self.series.metric,
            "status": self.status.value,
            "days": self.days,
            "learnt_through": self.through,
            "model": ahead.model.value if ahead else "",
            "backtests": ahead.backtests if ahead else 0,
            "relative_error": ahead.relative_error if ahead else None,
            "coverage": ahead.coverage if ahead else None,
        }


def learn(series: Series, dates: Sequence[date], values: Sequence[float | None]) -> Learnt:
    """Learn one figure.

    Args:
        series: how to.
        dates: whole days, ascending, one after the other.
        values: one for each, None where the mart has none.
    """
    known = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if not len(known) or np.isnan(known).all():
        return Learnt(series, Status.NO_ACTIVITY, 0, None)
    # Before its first value a figure did not exist.
    happened = known != 0 if np.nanmin(known) >= 0 else np.ones(len(known), dtype=bool)
    started = np.flatnonzero(happened & ~np.isnan(known))
    first = max(int(started[0]) if len(started) else len(known), len(known) - series.history)
    history, days, through = known[first:], len(known) - first, dates[-1]
    if not days:
        return Learnt(series, Status.NO_ACTIVITY, 0, through)
    if days <= series.judged_after or np.count_nonzero(~np.isnan(history)) < 2 * series.season:
        return Learnt(series, Status.TOO_LITTLE_HISTORY, days, through)
    if not np.nanmax(np.abs(history)):
        return Learnt(series, Status.NO_ACTIVITY, days, through)
    scale = Scale.of(history, series.kind)
    was = usual(scale.forth(history), series.season, scale.noise)
    if was.deviation is None:
        return Learnt(series, Status.CONSTANT, days, through)
    past = _past(series, scale, was, was.deviation, dates[first:])
    ahead = forecast(history, series) if days >= series.forecast_after else None
    if ahead is None:
        return Learnt(series, Status.JUDGED, days, through, tuple(past))
    deviation = max(was.deviation, ahead.deviation)
    return Learnt(
        series, Status.FORECAST, days, through, (*past, *_coming(series, scale, deviation, through, ahead)), ahead
    )


def _past(series: Series, scale: Scale, was: Usual, deviation: float, dates: Sequence[date]) -> list[Expectation]:
    days = _around(series, scale, was.expected, deviation)
    return [Expectation(dates[place], *days[place]) for place in range(series.judged_after, len(days))]


def _coming(series: Series, scale: Scale, deviation: float, through: date, ahead: Forecast) -> list[Expectation]:
    days = _around(series, scale, scale.forth(ahead.values), deviation)
    return [
        Expectation(through + timedelta(days=place + 1), *day, float(ahead.lower[place]), float(ahead.upper[place]))
        for place, day in enumerate(days)
    ]


def _around(series: Series, scale: Scale, scaled: Floats, deviation: float) -> list[tuple[float, float, float]]:
    """What is expected and between what it is usual, in the unit of the figure."""
    possible, reach = scale.forth(scale.back(scaled)), series.threshold * deviation
    expected, lower, upper = scale.back(possible), scale.back(possible - reach), scale.back(possible + reach)
    # There and back costs the last bits.
    return [
        (float(value), float(min(low, value)), float(max(high, value)))
        for value, low, high in zip(expected, lower, upper, strict=True)
    ]
