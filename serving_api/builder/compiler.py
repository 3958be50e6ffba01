"""From a question to one SELECT on the marts: built as a tree, with every value bound.

Each mart that is asked gives rows of its own, aggregated to the dimensions and steps of the question; these are put
below one another and grouped again, which is a full outer join of any number of marts. Ratios are formed last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import sqlglot
from sqlglot import exp

from serving_api.builder.charts import Chart, suggest
from serving_api.builder.columns import OutputColumn
from serving_api.builder.combinations import DATE, check
from serving_api.builder.query import Query
from serving_api.parameters import FIRST_DATE, Values
from warehouse.semantics import Catalog, Grain, Mart, Measure, Metric, Snapshot

#: Rows of an answer over HTTP, if the question sets no limit of its own.
MAX_ROWS = 10_000

_DIALECT = "clickhouse"
_STEPS = {
    Grain.WEEK: "toMonday",
    Grain.MONTH: "toStartOfMonth",
    Grain.QUARTER: "toStartOfQuarter",
    Grain.YEAR: "toStartOfYear",
}
_AGGREGATES = {"sum": "sumOrNull", "max": "maxOrNull", "count": "count"}
#: Names inside of the statement, where none of the catalog's may get in between.
_TIME, _ROWS = "t", "s"


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT for one database of marts.

    Attributes:
        sql: with placeholders `{name:Type}`.
        parameters: their values by name.
        columns: of the answer, in order.
        chart: how it may be drawn.
        marts: the marts it reads.
        days: first and last day it is about; None for what is as of the last day only.
    """

    sql: str
    parameters: Values
    columns: tuple[OutputColumn, ...]
    chart: Chart
    marts: tuple[str, ...]
    days: tuple[date, date] | None


def compile_query(
    query: Query,
    catalog: Catalog,
    last_day: date,
    *,
    kept_from: Mapping[str, date] | None = None,
    max_rows: int | None = MAX_ROWS,
) -> Statement:
    """The statement that answers a question.

    Args:
        query: the question.
        catalog: of the generation that is to answer.
        last_day: the last day it has data for (UTC).
        kept_from: by mart the first day it has rows of, where older ones have left.
        max_rows: one row more than these is returned, if the question sets no limit; None for all rows.

    Raises:
        Problem: 422, the parts of the question do not go together; names what does.
    """
    first_day = _first_day(query, catalog, kept_from or {})
    days = _days(query, catalog, first_day, last_day)
    check(query, catalog, days, first_day, last_day)
    return _Compilation(query, catalog, days).statement(max_rows)


def _first_day(query: Query, catalog: Catalog, kept_from: Mapping[str, date]) -> date:
    marts = {mart.name for name in query.metrics if name in catalog.metrics for mart in catalog.marts_of(name)}
    return max((day for mart, day in kept_from.items() if mart in marts), default=FIRST_DATE)


def _days(query: Query, catalog: Catalog, first_day: date, last_day: date) -> tuple[date, date]:
    start, end = query.days(last_day)
    if query.start_date is None:
        start = max(start, min(first_day, end))
    known = [catalog.grains_of(m) for m in query.metrics if m in catalog.metrics]
    if query.start_date is None and any(grains and Grain.WEEK not in grains for grains in known):
        # What is of whole months begins with one.
        start = start.replace(day=1)
    return start, end


@dataclass(frozen=True)
class _Compilation:
    query: Query
    catalog: Catalog
    days: tuple[date, date]
    bound: Values = field(default_factory=dict)

    def statement(self, max_rows: int | None) -> Statement:
        metrics = [self.catalog.metrics[name] for name in self.query.metrics]
        measures = [self.catalog.measures[n] for n in dict.fromkeys(n for m in metrics for n in m.measures)]
        branches = [self._branch(mart, level, measures) for mart, level in dict.fromkeys(map(_source, measures))]
        if self.query.grain is not None and not self.query.dimensions:
            branches.append(self._calendar(measures))
        rows = branches[0]
        for branch in branches[1:]:
            rows = exp.union(rows, branch, distinct=False, copy=False)  # type: ignore[assignment]
        keys = self._keys()
        selected = exp.select(
            *(exp.alias_(_column(inner), outer, quoted=True) for inner, outer in keys),
            *(exp.alias_(self._value(metric, measures), metric.name, quoted=True) for metric in metrics),
        ).from_(rows.subquery("joined"))
        if keys:
            selected = selected.group_by(*(_column(inner) for inner, _ in keys))
        if order := self._order(keys):
            selected = selected.order_by(*order)
        limit = self.query.limit or (None if max_rows is None else max_rows + 1)
        if limit is not None:
            selected = selected.limit(self._bind(limit, "UInt64"))
        columns = self._columns(metrics)
        marts = dict.fromkeys(measure.mart for measure in measures)
        dated = any(self.catalog.marts[mart].time is not None for mart in marts)
        return Statement(
            sql=selected.sql(_DIALECT, pretty=True),
            parameters=self.bound,
            columns=columns,
            chart=suggest(columns),
            marts=tuple(marts),
            days=self.days if dated else None,
        )

    def _keys(self) -> list[tuple[str, str]]:
        """The columns that tell rows apart: name inside, name in the answer."""
        dimensions = [(f"d{place}", name) for place, name in enumerate(self.query.dimensions)]
        return [(_TIME, DATE), *dimensions] if self.query.grain is not None else dimensions

    def _branch(self, name: str, level: Snapshot | None, measures: list[Measure]) -> exp.Select:
        """A mart's measures of one kind, aggregated to the keys; null in place of all others."""
        mart = self.catalog.marts[name]
        keys = [self._step(mart)] if self.query.grain is not None else []
        keys += [_of(mart, dimension) for dimension in self.query.dimensions]
        values = [
            exp.Anonymous(this=_AGGREGATES[measure.aggregation], expressions=[_expression(measure.expression)])
            if _source(measure) == (name, level)
            else exp.null()
            for measure in measures
        ]
        selected = exp.select(
            *(exp.alias_(key, inner, quoted=True) for key, (inner, _) in zip(keys, self._keys(), strict=True)),
            *(exp.alias_(value, f"m{place}", quoted=True) for place, value in enumerate(values)),
        ).from_(_table(name))
        if mart.time is not None:
            selected = selected.where(self._within(_expression(mart.time.expression)))
        if level is not None:
            selected = selected.where(self._on_its_day(mart, level))
        for condition in self._filters(mart):
            selected = selected.where(condition)
        return selected.group_by(*keys) if keys else selected

    def _calendar(self, measures: list[Measure]) -> exp.Select:
        """Every step there is, so that one without rows is seen to have none."""
        calendar = self.catalog.calendar
        day = _expression(calendar.column)
        nothing = (exp.alias_(exp.null(), f"m{place}", quoted=True) for place in range(len(measures)))
        return (
            exp.select(exp.alias_(self._stepped(day), _TIME, quoted=True), *nothing)
            .distinct()
            .from_(_table(calendar.mart))
            .where(self._within(day))
        )

    def _on_its_day(self, mart: Mart, level: Snapshot) -> exp.Expression:
        """The condition that a row is of the day on which a level is taken."""
        if mart.time is None:
            raise AssertionError(f"{mart.name} has levels and no time")
        day = _expression(mart.time.expression)
        by = [_of(mart, name) for name in level.by]
        taken = exp.Anonymous(this=level.choice, expressions=[day.copy()])
        steps = [self._step(mart)] if self.query.grain is not None else []
        days = exp.select(*(column.copy() for column in by), taken).from_(_table(mart.name)).where(self._within(day))
        if grouped := [*(column.copy() for column in by), *steps]:
            days = days.group_by(*grouped)
        asked: exp.Expression = exp.Tuple(expressions=[*by, day]) if by else day
        return exp.In(this=asked, query=days.subquery())

    def _within(self, day: exp.Expression) -> exp.Expression:
        start, end = (self._bind(value, "Date", name) for value, name in zip(self.days, ("start", "end"), strict=True))
        return exp.Between(this=day.copy(), low=start, high=end)

    def _filters(self, mart: Mart) -> list[exp.Expression]:
        made = []
        for place, filter_ in enumerate(self.query.filters):
            dimension = next(d for d in mart.dimensions if d.name == filter_.dimension)
            type_ = "Int64" if dimension.numeric else "String"
            values = [self._bind(v, type_, f"f{place}_{number}") for number, v in enumerate(filter_.values)]
            among: exp.Expression = exp.In(this=_of(mart, dimension.name), expressions=values)
            made.append(exp.not_(among) if filter_.operator == "not_in" else among)
        return made

    def _value(self, metric: Metric, measures: list[Measure]) -> exp.Expression:
        numerator = _found(metric.measure, measures)
        if metric.denominator is None:
            return numerator
        parts = [_call("toFloat64", part) for part in (numerator, _found(metric.denominator, measures))]
        return exp.Div(this=parts[0], expression=_call("nullIf", parts[1], exp.Literal.number(0)))

    def _step(self, mart: Mart) -> exp.Expression:
        if mart.time is None:
            raise AssertionError(f"{mart.name} has no time")
        return self._stepped(_expression(mart.time.expression))

    def _stepped(self, day: exp.Expression) -> exp.Expression:
        step = _STEPS.get(self.query.grain) if self.query.grain is not None else None
        return day.copy() if step is None else _call(step, day.copy())

    def _order(self, keys: list[tuple[str, str]]) -> list[exp.Ordered]:
        asked = {name.removeprefix("-"): name.startswith("-") for name in self.query.order}
        rest = {name: False for _, name in keys if name not in asked}
        return [
            # Without this sqlglot would write down how nulls are ordered.
            exp.Ordered(this=_column(name), desc=falls, nulls_first=False)
            for name, falls in (asked | rest).items()
        ]

    def _bind(self, value: date | int | str, type_: str, name: str = "limit") -> exp.Placeholder:
        self.bound[name] = value
        return exp.Placeholder(this=name, kind=type_)

    def _columns(self, metrics: list[Metric]) -> tuple[OutputColumn, ...]:
        known = {d.name: d for mart in self.catalog.marts.values() for d in mart.dimensions}
        made = []
        if self.query.grain is not None:
            words = f"First day of the {self.query.grain}." if self.query.grain is not Grain.DAY else "UTC day."
            made.append(OutputColumn(DATE, "Date", "time", "date", words))
        for name in self.query.dimensions:
            found = known[name]
            form: Literal["number", "text"] = "number" if found.numeric else "text"
            label = name.replace("_", " ").capitalize()
            made.append(OutputColumn(name, label, "dimension", form, found.description))
        return (*made, *(OutputColumn(m.name, m.label, "metric", m.format, m.description) for m in metrics))


def _source(measure: Measure) -> tuple[str, Snapshot | None]:
    """What one branch reads: a mart, of levels on certain days only."""
    return measure.mart, measure.snapshot


def _found(name: str, measures: list[Measure]) -> exp.Expression:
    """The one value of a measure among the branches; a count or amount of nothing is 0, anything else unknown."""
    place = next(place for place, measure in enumerate(measures) if measure.name == name)
    value = _call("any", _column(f"m{place}"))
    adds_up = measures[place].aggregation != "max" and measures[place].snapshot is None
    return _call("ifNull", value, exp.Literal.number(0)) if adds_up else value


def _expression(text: str) -> exp.Expression:
    """An expression of the catalog over a mart's columns, each quoted and of this mart."""

    def of_rows(node: exp.Expression) -> exp.Expression:
        return _column(node.name, _ROWS) if isinstance(node, exp.Column) else node

    return sqlglot.parse_one(text, dialect=_DIALECT).transform(of_rows)


def _of(mart: Mart, dimension: str) -> exp.Column:
    return _column(next(d.column for d in mart.dimensions if d.name == dimension), _ROWS)


def _column(name: str, table: str | None = None) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=exp.TableAlias(this=exp.to_identifier(_ROWS)))


def _call(function: str, *arguments: exp.Expression) -> exp.Anonymous:
    return exp.Anonymous(this=function, expressions=list(arguments))
