"""Files of the report builder's answers: the same statement as over HTTP, without its limit of rows."""

from __future__ import annotations

import asyncio
import hashlib

import orjson
from pydantic import ValidationError

from serving_api.builder import OutputColumn, Query, compile_query
from serving_api.builder.catalogs import Catalogs
from serving_api.clickhouse import ClickHouse
from serving_api.parameters import bound
from serving_api.problems import Problem
from serving_api.reports.definition import ReportColumn, Style
from serving_api.reports.origin import Origin
from serving_api.reports.request import QueryRequest, RequestError
from serving_api.reports.table import Table
from warehouse.semantics import Catalog
from warehouse.settings import Settings

_STYLES: dict[str, Style] = {"fraction": "rate", "usd": "money", "currency": "money"}


def table_of_query(request: QueryRequest, source: Origin, settings: Settings) -> Table:
    """The rows that the builder answers a question with.

    Raises:
        RequestError: its parts do not go together; says what does.
        ReportError, Unreachable: ClickHouse does not say what the columns are.
    """
    generation = source.generation
    try:
        query = Query.model_validate(request.query)
        catalog = asyncio.run(_catalog(source, settings))
        statement = compile_query(query, catalog, generation.last_day(), kept_from=dict(generation.left), max_rows=None)
    except ValidationError as error:
        raise RequestError(str(error), "correct the question") from error
    except Problem as problem:
        raise RequestError(problem.detail, "`warehouse docs` describes what can be asked: docs/builder.md") from problem
    parameters = bound(statement.parameters)
    types = source.types(statement.sql, parameters)
    asked = query.model_dump(mode="json", exclude_defaults=True)
    digest = hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()[:8]
    conditions = {name.replace("_", " ").capitalize(): _told(value) for name, value in asked.items()}
    if statement.days is not None:
        conditions["Period"] = f"{statement.days[0]} to {statement.days[1]} (UTC, inclusive)"
    return Table(
        name=f"query_{digest}",
        title=", ".join(column.label for column in statement.columns if column.kind == "metric"),
        description="An answer of the report builder.",
        sql=statement.sql,
        parameters=parameters,
        conditions=conditions,
        columns={column.name: _column(column, types[column.name]) for column in statement.columns},
    )


async def _catalog(source: Origin, settings: Settings) -> Catalog:
    pool = ClickHouse(settings)
    await pool.open()
    try:
        return await Catalogs(pool).of(source.generation)
    finally:
        await pool.close()


def _column(column: OutputColumn, type_: str) -> ReportColumn:
    return ReportColumn(
        type=type_, description=f"{column.label}: {column.description}", shown=_STYLES.get(column.format)
    )


def _told(value: object) -> str:
    """A member of a question for people."""
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return value if isinstance(value, str) else orjson.dumps(value).decode()
