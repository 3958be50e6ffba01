"""How large a report will be. Apart from what makes it: whoever only counts need not load the writers of files."""

from __future__ import annotations

from serving_api.reports.origin import origin
from serving_api.reports.request import Request, StatementRequest
from serving_api.reports.tables import statement_tables, table_of
from warehouse.settings import Settings


def estimate(request: Request, settings: Settings) -> int:
    """How many rows the file of a request will have, counted in the generation it would be made from.

    Raises:
        RequestError, Unreachable, ReportError: as `produce`.
    """
    source = origin(settings, request.as_of)
    if isinstance(request, StatementRequest):
        return source.count(statement_tables(request, source.generation)["transactions"])
    return source.count(table_of(request, source, settings))
