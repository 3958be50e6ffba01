"""Histories with days out of line: the simulator's, with its own and others planted on top, and that of real orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from ingestion.simulator import DEFAULT_END, anomalies, simulate
from tests.ingestion.test_simulator_contract import parse
from warehouse.foresight.learning import Learnt, learn
from warehouse.foresight.series import Kind, Series, declared

#: What the figures of the mart are, in event types of the simulator: of these one event is one.
COUNTED = {
    "new_users": "user.signup",
    "orders_count": "order.created",
    "product_views": "product.viewed",
    "messages_sent": "chat.message_sent",
    "uploads_count": "upload.completed",
    "proposals_sent": "proposal.sent",
}
ACTIVE, ERRORS = "active_users", "api_errors"
#: Which figures the simulator's own days out of line must show in; others may.
SHOWN = {
    "traffic_drop": (ACTIVE, "product_views", "new_users"),
    "revenue_spike": ("orders_count",),
    "error_burst": (ERRORS,),
}
#: A planted day has four times what is usual, or a fifth where that is thirty or more. Of less than three a day nothing
#: can be said.
SURGE, DROP, DROPPED_FROM, LEAST = 4, 0.2, 30, 3


@dataclass(frozen=True)
class History:
    """A figure by day.

    Attributes:
        series: the figure.
        dates: its days.
        values: what it came to.
        shown: days of the simulator's out of line that it must show.
        known: all of them, which are no false alarms.
    """

    series: Series
    dates: list[date]
    values: np.ndarray
    shown: frozenset[date] = frozenset()
    known: frozenset[date] = frozenset()


@cache
def simulated(seed: int, days: int, events: int) -> tuple[History, ...]:
    """The watched figures that are counts of the simulator's events."""
    counts: dict[str, Counter[date]] = defaultdict(Counter)
    active: dict[date, set[str]] = defaultdict(set)
    figure_of = {type_: figure for figure, type_ in COUNTED.items()}
    for line in b"".join(simulate(events=events, days=days, seed=seed)).splitlines():
        event = parse(line)
        type_, day = event["event_type"], event["at"].astimezone(UTC).date()
        if type_ in figure_of:
            counts[figure_of[type_]][day] += 1
        if type_.startswith("user."):
            active[day].add(event["user_id"])
        if type_ == "api.request":
            counts[ERRORS][day] += int(event["properties"]["status"]) >= 500
    counts[ACTIVE] = Counter({day: len(users) for day, users in active.items()})
    dates = [DEFAULT_END - timedelta(days=back) for back in range(days - 1, -1, -1)]
    own = anomalies(days=days, end=DEFAULT_END)
    return tuple(
        History(
            series,
            dates,
            np.array([counts[series.metric][day] for day in dates], dtype=np.float64),
            shown=frozenset(anomaly.date for anomaly in own if series.metric in SHOWN[anomaly.kind]),
            known=frozenset(anomaly.date for anomaly in own),
        )
        for series in declared()
        if series.metric in counts
    )


def found(result: Learnt, dates: list[date], values: np.ndarray) -> set[date]:
    """Days outside of what was usual, as the mart `anomalies` says them."""
    actual = dict(zip(dates, values, strict=True))
    return {
        day.date
        for day in result.expectations
        if day.date in actual
        and (
            (actual[day.date] > day.usual_upper and result.series.direction != "down")
            or (actual[day.date] < day.usual_lower and result.series.direction != "up")
        )
    }


@dataclass
class Score:
    """How detection did: planted days and those found, other days found, and months looked at."""

    planted: int = 0
    hit: int = 0
    alarms: int = 0
    months: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.planted + other.planted, self.hit + other.hit, self.alarms + other.alarms, self.months + other.months
        )

    @property
    def recall(self) -> float:
        """Share of the planted days found."""
        return self.hit / self.planted if self.planted else float("nan")

    @property
    def alarms_a_month(self) -> float:
        """Days found that nobody planted, per figure and month."""
        return self.alarms / self.months


def without_forecast(series: Series) -> Series:
    """The figure with its past judged only, which is quick."""
    return series.model_copy(update={"forecast_after": 10**6})


def alarms(history: History) -> Score:
    """What is found in a history as it is."""
    series = without_forecast(history.series)
    others = found(learn(series, history.dates, list(history.values)), history.dates, history.values) - history.known
    judged = len(history.dates) - series.judged_after
    return Score(alarms=len(others), months=judged / 30)


def detection(history: History, rng: np.random.Generator, rounds: int) -> Score:
    """One day planted at a time, every other one of them the last day known; is it found?"""
    series, score = without_forecast(history.series), Score()
    if np.median(history.values) < LEAST:
        return score
    for number in range(rounds):
        day = int(rng.integers(series.judged_after + 7, len(history.values)))
        end = day + 1 if number % 2 else len(history.values)
        values = history.values[:end].copy()
        usual = float(np.median(values[max(0, day - 14) : day + 15]))
        dropped = number % 4 >= 2 and usual >= DROPPED_FROM and series.direction == "both"
        values[day] = round(usual * (DROP if dropped else SURGE))
        result = learn(series, history.dates[:end], list(values))
        score.planted += 1
        score.hit += history.dates[day] in found(result, history.dates[:end], values)
    return score


def own(history: History) -> Score:
    """Whether the simulator's own days out of line are found."""
    result = learn(without_forecast(history.series), history.dates, list(history.values))
    seen = found(result, history.dates, history.values)
    return Score(planted=len(history.shown), hit=len(history.shown & seen))


def olist(folder: Path) -> tuple[History, ...]:
    """Orders and revenue a day of the published Olist folder, its thin beginning and end left out."""
    import pandas as pd

    orders = pd.read_csv(folder / "olist_orders_dataset.csv", parse_dates=["order_purchase_timestamp"])
    orders["date"] = orders["order_purchase_timestamp"].dt.normalize()
    payments = pd.read_csv(folder / "olist_order_payments_dataset.csv").merge(orders[["order_id", "date"]])
    days = pd.date_range("2017-01-15", "2018-08-28")
    figures = {
        "orders": (Kind.COUNT, orders.groupby("date").size()),
        "revenue": (Kind.AMOUNT, payments.groupby("date")["payment_value"].sum()),
    }
    return tuple(
        History(
            Series(metric=f"olist_{name}", mart="olist", column=name, kind=kind),
            [day.date() for day in days],
            values.reindex(days, fill_value=0).to_numpy(dtype=float),
        )
        for name, (kind, values) in figures.items()
    )
