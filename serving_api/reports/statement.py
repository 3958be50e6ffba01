"""The monthly statement of a creator or vendor: account, work, sales and transactions of a month."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from serving_api.reports import statement_pages
from serving_api.reports.origin import Origin
from serving_api.reports.request import RequestError, StatementRequest
from serving_api.reports.table import Table
from serving_api.reports.tables import statement_days, statement_tables
from serving_api.reports.writing import Made, facts_of

#: More than a person reads; whoever has more of them gets the rest as an export, and the statement says so.
LISTED_TRANSACTIONS = 2_000

Row = Mapping[str, Any]


def write(request: StatementRequest, source: Origin, folder: Path) -> Made:
    """Write the PDF of a statement into a folder; its rows are the transactions of the month.

    Raises:
        RequestError: the generation knows nobody of that id.
        ReportError, Unreachable: ClickHouse did not make the rows.
    """
    first, _ = statement_days(request, source.generation)
    tables = statement_tables(request, source.generation)
    parts = {name: _rows(source, table) for name, table in tables.items() if name != "transactions"}
    if not parts["person"]:
        raise RequestError(
            f"generation {source.generation.number} knows no user {request.user}",
            "check the id; a user is known from the signup, a booking, a payout or a sale on",
        )
    transactions = _rows(source, tables["transactions"], LISTED_TRANSACTIONS)
    count = source.count(tables["transactions"])
    month = f"{calendar.month_name[first.month]} {first.year}"
    conditions = {"User": request.user, "Month": f"{month} (UTC)"}
    pages = statement_pages.Statement(
        user=request.user,
        role=parts["person"][0]["role"],
        month=month,
        account=parts["balance"][0],
        days=parts["days"],
        work=parts["work"],
        sales=parts["sales"],
        transactions=transactions,
        transaction_count=count,
        facts=facts_of(conditions, source.generation),
        made_at=source.generation.published_at,
    )
    path = folder / f"statement_{_word(request.user)}_{first:%Y-%m}_g{source.generation.number:06d}.pdf"
    statement_pages.write(path, pages)
    return Made(path, f"Statement {month}", count, conditions, tables["transactions"].columns)


def _rows(source: Origin, table: Table, limit: int | None = None) -> list[Row]:
    settings = {} if limit is None else {"limit": str(limit)}
    with pa.ipc.open_stream(b"".join(source.stream(table, "ArrowStream", **settings))) as stream:
        rows: list[Row] = stream.read_all().to_pylist()
    return rows


def _word(user: str) -> str:
    """An id as a part of a file name."""
    return "".join(character if character.isalnum() and character.isascii() else "-" for character in user)[:60]
