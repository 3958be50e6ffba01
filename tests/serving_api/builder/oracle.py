"""The builder a second time, over rows in Python: what a question may be, and what its answer is.

Written from the documents and the semantic models in YAML, without looking at the catalog or the compiler.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MARTS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts"
GRAINS = ("day", "week", "month", "quarter", "year")
RANGES = {"7d": 7, "30d": 30, "90d": 90, "12m": 365, "all": 10**9}

Row = dict[str, Any]
Key = tuple[Any, ...]
Rows = Callable[[str], list[Row]]


@dataclass(frozen=True)
class Measure:
    """A measure as its YAML has it."""

    name: str
    mart: str
    agg: str
    expr: str
    level: dict[str, Any] | None
    not_over: tuple[str, ...]


@dataclass
class Mart:
    """A mart as its YAML has it: dimensions are columns by name, `time` is name, column and granularity."""

    name: str
    time: tuple[str, str, str] | None
    dimensions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """A measure, or one over another."""

    name: str
    numerator: Measure
    denominator: Measure | None = None

    @property
    def measures(self) -> list[Measure]:
        """What it is made of."""
        return [self.numerator, *([self.denominator] if self.denominator else [])]


@cache
def semantics() -> tuple[dict[str, Mart], dict[str, Metric]]:
    """All marts and metrics."""
    aliases = {
        model["name"]: model["config"].get("alias", model["name"])
        for file in MARTS.rglob("*.yml")
        for model in yaml.safe_load(file.read_text("utf-8")).get("models", [])
    }
    marts: dict[str, Mart] = {}
    measures: dict[str, Measure] = {}
    ratios: list[dict[str, Any]] = []
    for file in sorted(MARTS.rglob("*.yml")):
        document = yaml.safe_load(file.read_text("utf-8"))
        ratios += document.get("metrics", [])
        for model in document.get("semantic_models", []):
            name = aliases[re.fullmatch(r"ref\('(\w+)'\)", model["model"])[1]]  # type: ignore[index]
            times = {d["name"]: d for d in model["dimensions"] if d["type"] == "time"}
            time = times[model["defaults"]["agg_time_dimension"]]
            column = time.get("expr", time["name"])
            marts[name] = Mart(
                name,
                None if column == "today()" else (time["name"], column, time["type_params"]["time_granularity"]),
                {
                    d["name"]: d.get("expr", d["name"])
                    for d in [*model.get("entities", []), *model["dimensions"]]
                    if d["type"] != "time"
                },
            )
            for measure in model["measures"]:
                assert measure["create_metric"] is True
                measures[measure["name"]] = Measure(
                    measure["name"],
                    name,
                    measure["agg"],
                    measure.get("expr", measure["name"]),
                    measure.get("non_additive_dimension"),
                    tuple(measure.get("config", {}).get("meta", {}).get("not_over", ())),
                )
    metrics = {name: Metric(name, measure) for name, measure in measures.items()}
    for ratio in ratios:
        assert ratio["type"] == "ratio"
        of = ratio["type_params"]
        metrics[ratio["name"]] = Metric(ratio["name"], measures[of["numerator"]], measures[of["denominator"]])
    return marts, metrics


def dimensions(metric: str) -> set[str]:
    """What a metric has in all its marts."""
    marts, metrics = semantics()
    return set.intersection(*(set(marts[m.mart].dimensions) for m in metrics[metric].measures))


def grains(metric: str) -> set[str]:
    """The steps no shorter than those of its marts."""
    marts, metrics = semantics()
    times = [marts[m.mart].time for m in metrics[metric].measures]
    if None in times:
        return set()
    return set.intersection(*(set(GRAINS[GRAINS.index(time[2]) :]) for time in times if time))


def days(question: Row, last_day: date) -> tuple[date, date]:
    """First and last day of a question."""
    end = date.fromisoformat(question["end_date"]) if "end_date" in question else last_day
    if "start_date" in question:
        start = date.fromisoformat(question["start_date"])
        return start, end if "end_date" in question else max(start, end)
    length = RANGES[question.get("range", "30d")]
    start = max(date(1970, 1, 1), end - timedelta(days=length - 1)) if length < 10**6 else date(1970, 1, 1)
    if any("week" not in grains(m) and grains(m) for m in question["metrics"]):
        start = start.replace(day=1)
    return start, end


def valid(question: Row, last_day: date) -> bool:
    """Whether a question of names that exist has an answer."""
    marts, metrics = semantics()
    asked = question.get("dimensions", []) + [f["dimension"] for f in question.get("filters", [])]
    if any(name not in dimensions(metric) for name in asked for metric in question["metrics"]):
        return False
    steps = [grains(metric) for metric in question["metrics"]]
    if not all(steps):
        if any(steps) or {"grain", "start_date", "end_date", "range"} & question.keys():
            return False
    elif "grain" in question and not all(question["grain"] in found for found in steps):
        return False
    start, end = days(question, last_day)
    if any(found and "week" not in found for found in steps):
        whole = start.day == 1 and (end >= last_day or end.day == monthrange(end.year, end.month)[1])
        if not whole:
            return False
    single = {
        f["dimension"] for f in question.get("filters", []) if f.get("operator", "in") == "in" and len(f["values"]) == 1
    }
    for metric in question["metrics"]:
        for measure in metrics[metric].measures:
            time = marts[measure.mart].time
            for over in measure.not_over:
                if time and over == time[0]:
                    if question.get("grain") != time[2] and start != end:
                        return False
                elif over not in question.get("dimensions", []) and over not in single:
                    return False
    named = {*(["date"] if "grain" in question else []), *question.get("dimensions", []), *question["metrics"]}
    order = [name.removeprefix("-") for name in question.get("order", [])]
    return set(order) <= named and len(set(order)) == len(order)


def answer(question: Row, rows: Rows, last_day: date) -> dict[Key, Row]:
    """Metrics by time and dimensions; order and limit are left out."""
    marts, metrics = semantics()
    start, end = days(question, last_day)
    values: dict[str, dict[Key, Any]] = {}
    for metric in question["metrics"]:
        for measure in metrics[metric].measures:
            if measure.name not in values:
                values[measure.name] = dict(_aggregated(measure, marts[measure.mart], question, rows, start, end))
    keys = {key for found in values.values() for key in found}
    if not question.get("dimensions"):
        if "grain" in question:
            every = (row["date"] for row in rows("daily_metrics"))
            keys |= {(step(day, question["grain"]),) for day in every if start <= day <= end}
        else:
            keys |= {()}
    return {key: {metric: _value(metrics[metric], values, key) for metric in question["metrics"]} for key in keys}


def step(day: date, grain: str) -> date:
    """First day of the step a day is in."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}
    return day.replace(month=month[grain], day=1) if grain in month else day


def _aggregated(
    measure: Measure, mart: Mart, question: Row, rows: Rows, start: date, end: date
) -> Iterator[tuple[Key, Any]]:
    within = [row for row in rows(mart.name) if mart.time is None or start <= _day(row, mart) <= end]
    chosen = within
    if measure.level is not None:
        pick = max if measure.level["window_choice"] == "max" else min
        by = [mart.dimensions[name] for name in measure.level.get("window_groupings", [])]
        known: dict[Key, date] = {}

        def window(row: Row) -> Key:
            begun = step(_day(row, mart), question["grain"]) if "grain" in question else None
            return (begun, *(row[column] for column in by))

        for row in within:
            known[window(row)] = pick(known.get(window(row), _day(row, mart)), _day(row, mart))
        chosen = [row for row in within if _day(row, mart) == known[window(row)]]
    for condition in question.get("filters", []):
        column, among = mart.dimensions[condition["dimension"]], condition["values"]
        wanted = condition.get("operator", "in") == "in"
        chosen = [row for row in chosen if (row[column] in among) is wanted]
    groups: dict[Key, list[Any]] = {}
    for row in chosen:
        time = [step(_day(row, mart), question["grain"])] if "grain" in question else []
        key = (*time, *(row[mart.dimensions[name]] for name in question.get("dimensions", [])))
        groups.setdefault(key, []).append(_evaluated(measure.expr, row))
    for key, found in groups.items():
        known_values = [value for value in found if value is not None]
        if measure.agg == "count":
            yield key, len(known_values)
        else:
            # A group without a known value is a row all the same.
            known_value = sum(known_values) if measure.agg == "sum" else max(known_values, default=None)
            yield key, known_value if known_values else None


def _value(metric: Metric, values: dict[str, dict[Key, Any]], key: Key) -> Any:
    numerator = _found(metric.numerator, values, key)
    if metric.denominator is None:
        return numerator
    denominator = _found(metric.denominator, values, key)
    return float(numerator) / float(denominator) if numerator is not None and denominator else None


def _found(measure: Measure, values: dict[str, dict[Key, Any]], key: Key) -> Any:
    # What adds up is nothing where there is nothing; a level or an extreme is not known.
    nothing = None if measure.level is not None or measure.agg == "max" else 0
    found = values[measure.name].get(key)
    return nothing if found is None else found


def _day(row: Row, mart: Mart) -> date:
    assert mart.time is not None
    if instant := re.fullmatch(r"toDate\((\w+)\)", mart.time[1]):
        found: date = row[instant[1]].date()
        return found
    day: date = row[mart.time[1]]
    return day


def _evaluated(expression: str, row: Row) -> Any:
    """Sums and products from left to right, which all there are can be read as; null with any null."""
    if expression in row:
        return row[expression]
    terms = re.split(r" ([*+-]) ", expression)
    numbers = [row[name] for name in terms[::2]]
    if None in numbers:
        return None
    assert set(terms[1::2]) in ({"*"}, {"+"}, {"+", "-"})
    result = numbers[0]
    for sign, number in zip(terms[1::2], numbers[1:], strict=True):
        pair = (float(result), float(number)) if sign == "*" else (result, number)
        result = pair[0] * pair[1] if sign == "*" else pair[0] + pair[1] if sign == "+" else pair[0] - pair[1]
    return result


def same(told: Any, expected: Any) -> bool:
    """Whether two values are one: sums of decimals and counts exactly, all else to the tenth digit."""
    if told is None or expected is None:
        return told is expected
    if isinstance(expected, Decimal | int):
        return Decimal(str(told)) == expected
    return abs(float(told) - expected) <= 1e-9 * max(1.0, abs(expected))
