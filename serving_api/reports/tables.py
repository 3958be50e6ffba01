"""From a request to the table that answers it: which days, which filters, which threshold."""

from __future__ import annotations

import hashlib
from datetime import date

from serving_api.generations import Generation
from serving_api.parameters import FIRST_DATE, LAST_DATE, Values, bound, canonical, written
from serving_api.reports.definition import STATEMENTS, definitions
from serving_api.reports.origin import Origin
from serving_api.reports.periods import days_of, days_of_month
from serving_api.reports.questions import table_of_query
from serving_api.reports.request import ExportRequest, FinancialRequest, QueryRequest, StatementRequest
from serving_api.reports.table import Table
from warehouse.settings import Settings


def table_of(request: FinancialRequest | ExportRequest | QueryRequest, source: Origin, settings: Settings) -> Table:
    """The rows that a request asks for.

    Raises:
        RequestError: the report builder refuses the question; says what is possible.
        ReportError, Unreachable: ClickHouse does not say what its columns are.
    """
    if isinstance(request, QueryRequest):
        return table_of_query(request, source, settings)
    definition = request.definition
    first, last = _days(request, source.generation)
    values: Values = {"start": first, "end": last}
    name = [definition.name]
    conditions = {"Period": _told(first, last)}
    if isinstance(request, ExportRequest):
        filters = definition.values(request.filters)
        values |= filters
        given = {filter_: text for filter_, text in written(filters).items() if text}
        conditions |= {f"Filter {filter_}": text for filter_, text in given.items()}
        # Exports of different filters do not take the place of one another.
        name += [hashlib.sha256(canonical(filters).encode()).hexdigest()[:8]] if given else []
    elif "granularity" in definition.bound:
        values["granularity"] = request.granularity
        conditions["Granularity"] = request.granularity
        name.append(request.granularity)
    parameters = bound(values)
    if "threshold" in definition.bound:
        threshold = str(settings.form_1099_threshold_usd)
        parameters["param_threshold"] = threshold
        conditions["Threshold (USD)"] = threshold
    name += [] if (first, last) == (FIRST_DATE, LAST_DATE) else [first.isoformat(), last.isoformat()]
    return Table(
        name="_".join(name),
        title=definition.header.title,
        description=f"{definition.header.description} {definition.header.grain}",
        sql=definition.sql,
        parameters=parameters,
        conditions=conditions,
        columns=definition.header.columns,
    )


def statement_tables(request: StatementRequest, generation: Generation) -> dict[str, Table]:
    """The tables of a statement by name; its rows are those of `transactions`."""
    first, last = statement_days(request, generation)
    given = bound({"user": request.user, "start": first, "end": last})
    return {
        name: Table(
            name=name,
            title=definition.header.title,
            description=definition.header.description,
            sql=definition.sql,
            parameters={f"param_{placeholder}": given[f"param_{placeholder}"] for placeholder in definition.bound},
            conditions={},
            columns=definition.header.columns,
        )
        for name, definition in definitions(STATEMENTS).items()
    }


def statement_days(request: StatementRequest, generation: Generation) -> tuple[date, date]:
    """First and last day of the month; by default of the last one that was over when the generation was published."""
    if request.month is None:
        return days_of("last_month", generation.published_at.date())
    return days_of_month(request.month)


def _days(request: FinancialRequest | ExportRequest, generation: Generation) -> tuple[date, date]:
    if request.period is not None:
        return days_of(request.period, generation.published_at.date())
    return request.start or FIRST_DATE, request.end or LAST_DATE


def _told(first: date, last: date) -> str:
    if (first, last) == (FIRST_DATE, LAST_DATE):
        return "all days"
    if first == FIRST_DATE:
        return f"up to {last} (UTC)"
    if last == LAST_DATE:
        return f"from {first} (UTC)"
    return f"{first} to {last} (UTC, inclusive)"
