"""From a request to the table that answers it: which days, which filters, which threshold."""

from __future__ import annotations

from datetime import date

from serving_api.generations import Generation
from serving_api.parameters import FIRST_DATE, LAST_DATE, Values, bound, written
from serving_api.reports.definition import Definition
from serving_api.reports.periods import days_of
from serving_api.reports.request import ExportRequest, FinancialRequest, QueryRequest
from serving_api.reports.table import Table
from warehouse.settings import Settings


def table_of(
    request: FinancialRequest | ExportRequest | QueryRequest, generation: Generation, settings: Settings
) -> Table:
    """The rows that a request asks for.

    Raises:
        RequestError: the report builder refuses the query; says what is possible.
    """
    if isinstance(request, QueryRequest):
        raise NotImplementedError
    definition = request.definition
    first, last = _days(request, generation)
    values: Values = {"start": first, "end": last}
    conditions = {"Period": _told(first, last)}
    if isinstance(request, ExportRequest):
        filters = definition.values(request.filters)
        values |= filters
        conditions |= {f"Filter {name}": text for name, text in written(filters).items() if text}
    elif "granularity" in definition.bound:
        values["granularity"] = request.granularity
        conditions["Granularity"] = request.granularity
    parameters = bound(values)
    if "threshold" in definition.bound:
        threshold = str(settings.form_1099_threshold_usd)
        parameters["param_threshold"] = threshold
        conditions["Threshold (USD)"] = threshold
    return _table(definition, parameters, conditions, first, last)


def _table(
    definition: Definition, parameters: dict[str, str], conditions: dict[str, str], first: date, last: date
) -> Table:
    header = definition.header
    days = "" if (first, last) == (FIRST_DATE, LAST_DATE) else f"_{first}_{last}"
    return Table(
        name=f"{definition.name}{days}",
        title=header.title,
        description=f"{header.description} {header.grain}",
        sql=definition.sql,
        parameters=parameters,
        conditions=conditions,
        columns=header.columns,
    )


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
