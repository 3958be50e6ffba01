"""Which questions have an answer: what is wrong with one that has none, and what could be asked instead."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches

from serving_api.builder.query import Query
from serving_api.problems import IMPOSSIBLE_QUERY, ParameterError, Problem
from warehouse.semantics import Catalog, Dimension, Grain, Measure, Metric

#: Name of the column with the first day of each step.
DATE = "date"
#: Where all names are listed.
CATALOG_PATH = "/api/v1/admin/reports/catalog"


def check(query: Query, catalog: Catalog, days: tuple[date, date], first_day: date, last_day: date) -> None:
    """Refuse a question that has no answer.

    Args:
        query: the question.
        catalog: what there is to ask for.
        days: first and last day it is about.
        first_day: the first one of which all that is asked for is kept.
        last_day: the last one there are data for.

    Raises:
        Problem: 422; `errors` says member by member what is wrong and what is possible.
    """
    errors = list(_unknown(query, catalog)) or [
        *_unanswerable_dimensions(query, catalog),
        *_unanswerable_times(query, catalog, days, last_day),
        *_not_kept(days, first_day),
        *_not_adding_up(query, catalog, days),
        *_order(query),
    ]
    if errors:
        detail = "; ".join(f"{error.parameter}: {error.message}" for error in errors)
        raise Problem(IMPOSSIBLE_QUERY, detail, errors=errors)


def common_dimensions(metrics: Iterable[str], catalog: Catalog) -> list[Dimension]:
    """What all of some metrics can be told apart by."""
    first, *others = [catalog.dimensions_of(metric) for metric in metrics]
    return [d for d in first if all(d.name in {o.name for o in other} for other in others)]


def common_grains(metrics: Iterable[str], catalog: Catalog) -> list[Grain]:
    """The steps all of some metrics can be asked by."""
    every = [catalog.grains_of(metric) for metric in metrics]
    return [grain for grain in Grain if all(grain in grains for grains in every)]


def _unknown(query: Query, catalog: Catalog) -> Iterator[ParameterError]:
    for name in query.metrics:
        if name not in catalog.metrics:
            yield ParameterError("metrics", f"{name} is not a metric; {_near(name, catalog.metrics)}")
    known = {d.name: d for mart in catalog.marts.values() for d in mart.dimensions}
    for member, name in [("dimensions", d) for d in query.dimensions] + [
        ("filters", f.dimension) for f in query.filters
    ]:
        if name not in known:
            hint = "time is asked for by grain and the dates" if name == DATE else _near(name, known)
            yield ParameterError(member, f"{name} is not a dimension; {hint}")
    for place, filter_ in enumerate(query.filters):
        dimension = known.get(filter_.dimension)
        wanted = int if dimension is not None and dimension.numeric else str
        if dimension is not None and not all(isinstance(value, wanted) for value in filter_.values):
            kind = "whole numbers" if dimension.numeric else "text"
            yield ParameterError(f"filters.{place}.values", f"must be {kind}, as {dimension.name} is")


def _unanswerable_dimensions(query: Query, catalog: Catalog) -> Iterator[ParameterError]:
    asked = [("dimensions", d) for d in query.dimensions] + [("filters", f.dimension) for f in query.filters]
    possible = _names(d.name for d in common_dimensions(query.metrics, catalog))
    for member, name in asked:
        without = [m for m in query.metrics if name not in {d.name for d in catalog.dimensions_of(m)}]
        if without:
            having = [m for m in catalog.metrics if name in {d.name for d in catalog.dimensions_of(m)}]
            yield ParameterError(
                member,
                f"{name} does not tell {_names(without)} apart; dimensions of the metrics asked for: {possible};"
                f" metrics that have {name}: {_names(having)}",
            )


def _unanswerable_times(
    query: Query, catalog: Catalog, days: tuple[date, date], last_day: date
) -> Iterator[ParameterError]:
    undated = [m for m in query.metrics if not catalog.grains_of(m)]
    dated = [m for m in query.metrics if m not in undated]
    others = _names(m for m in catalog.metrics if not catalog.grains_of(m))
    if undated and dated:
        yield ParameterError(
            "metrics",
            f"{_names(undated)} are as of the last day only and cannot be asked for together with {_names(dated)};"
            f" others as of the last day: {others}",
        )
        return
    if undated:
        for member in ("grain", "start_date", "end_date", "range"):
            if getattr(query, member) is not None:
                yield ParameterError(member, f"{_names(undated)} are as of the last day only; leave it out")
        return
    possible = common_grains(query.metrics, catalog)
    if query.grain is not None and query.grain not in possible:
        coarse = [m for m in query.metrics if query.grain not in catalog.grains_of(m)]
        yield ParameterError(
            "grain",
            f"{_names(coarse)} cannot be told by {query.grain}; the metrics asked for can be by {_names(possible)}",
        )
    monthly = [m for m in query.metrics if Grain.WEEK not in catalog.grains_of(m)]
    if monthly and days[0].day != 1:
        yield ParameterError("start_date", f"{_names(monthly)} are of whole months; give the first day of one")
    if monthly and days[1] < last_day and days[1].day != monthrange(days[1].year, days[1].month)[1]:
        yield ParameterError("end_date", f"{_names(monthly)} are of whole months; give the last day of one")


def _not_kept(days: tuple[date, date], first_day: date) -> Iterator[ParameterError]:
    for member, day in zip(("start_date", "end_date"), days, strict=True):
        if day < first_day:
            yield ParameterError(member, f"nothing is kept of days before {first_day}")


def _not_adding_up(query: Query, catalog: Catalog, days: tuple[date, date]) -> Iterator[ParameterError]:
    single = {f.dimension for f in query.filters if f.operator == "in" and len(set(f.values)) == 1}
    for metric in query.metrics:
        for measure in (catalog.measures[name] for name in catalog.metrics[metric].measures):
            time = catalog.marts[measure.mart].time
            for name in measure.not_over:
                if time is not None and name == time.name:
                    if query.grain != time.grain and days[0] != days[1]:
                        yield ParameterError(
                            "grain",
                            f"{metric} does not add up over {time.grain}s: ask by {time.grain}, or for a single one;"
                            f" metrics of the same mart that do: {_adding_up(name, measure, catalog)}",
                        )
                elif name not in query.dimensions and name not in single:
                    yield ParameterError(
                        "dimensions",
                        f"{metric} does not add up over {name}: add {name} to dimensions, or filter it to one value;"
                        f" metrics of the same mart that do: {_adding_up(name, measure, catalog)}",
                    )


def _order(query: Query) -> Iterator[ParameterError]:
    names = [*([DATE] if query.grain else []), *query.dimensions, *query.metrics]
    asked = [name.removeprefix("-") for name in query.order]
    for name in asked:
        if name not in names:
            yield ParameterError("order", f"{name} is not in the answer; it has: {_names(names)}")
    if len(set(asked)) < len(asked):
        yield ParameterError("order", "names a column twice")


def _adding_up(dimension: str, measure: Measure, catalog: Catalog) -> str:
    def adds_up(metric: Metric) -> bool:
        parts = [catalog.measures[name] for name in metric.measures]
        return all(part.mart == measure.mart and dimension not in part.not_over for part in parts)

    return _names(metric.name for metric in catalog.metrics.values() if adds_up(metric))


def _near(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"{f'near to it: {_names(close)}; ' if close else ''}{CATALOG_PATH} lists all"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
