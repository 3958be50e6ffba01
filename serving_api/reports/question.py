"""A question of the report builder as a table for a file."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import orjson
from pydantic import ValidationError

from serving_api.builder import Query, Statement, compile_query
from serving_api.builder.catalogs import Catalogs
from serving_api.clickhouse import ClickHouse, ClickHouseError
from serving_api.generations import Generation
from serving_api.parameters import bound
from serving_api.problems import Problem
from serving_api.reports.definition import ReportColumn
from serving_api.reports.origin import Origin
from serving_api.reports.request import QueryRequest, RequestError
from serving_api.reports.table import Table
from warehouse.client import Identity, http_endpoint
from warehouse.errors import Unreachable
from warehouse.semantics import Catalog
from warehouse.settings import Settings


def statement_of(request: QueryRequest, generation: Generation, settings: Settings) -> Statement:
    """The statement that answers the question, for all its rows.

    Raises:
        RequestError: the question cannot be asked; says what can.
        Unreachable: ClickHouse does not answer.
    """
    try:
        return compile_query(_asked(request), _catalog(generation, settings), generation.last_day, max_rows=None)
    except Problem as problem:
        raise RequestError(problem.detail, "see GET /api/v1/admin/reports/catalog for what can be asked") from problem


def question_table(request: QueryRequest, generation: Generation, settings: Settings) -> Table:
    """The rows that the question asks for.

    Raises:
        RequestError, Unreachable: as `statement_of`.
        ReportError: ClickHouse does not take the statement.
    """
    statement = statement_of(request, generation, settings)
    days = "" if statement.days is None else f"_{statement.days[0]}_{statement.days[1]}"
    table = Table(
        name=f"query{days}",
        title=statement.chart.title,
        description=" ".join(f"{column.label}: {column.description}" for column in statement.columns),
        sql=statement.sql,
        parameters=bound(statement.parameters),
        conditions=_conditions(_asked(request), statement),
    )
    types = _types(table, Origin(generation, http_endpoint(Identity.READER, settings)))
    columns = {
        column.name: ReportColumn(type=types[column.name], description=column.description)
        for column in statement.columns
    }
    return replace(table, columns=columns)


def _asked(request: QueryRequest) -> Query:
    try:
        return Query.model_validate_json(orjson.dumps(request.query))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(["query", *map(str, first["loc"])])
        raise RequestError(
            f"{place}: {str(first['msg']).removeprefix('Value error, ')}", "correct the query"
        ) from error


def _conditions(query: Query, statement: Statement) -> dict[str, str]:
    said = {"Metrics": ", ".join(query.metrics), "Dimensions": ", ".join(query.dimensions), "Steps": query.grain or ""}
    if statement.days is not None:
        said["Period"] = f"{statement.days[0]} to {statement.days[1]} (UTC, inclusive)"
    for filter_ in query.filters:
        values = ", ".join(map(str, filter_.values))
        said[f"Filter {filter_.dimension}"] = values if filter_.operator == "in" else f"not {values}"
    return {name: text for name, text in said.items() if text}


def _types(table: Table, source: Origin) -> dict[str, str]:
    # Around the statement as it is; nothing of the question is in the text.
    asked = replace(table, sql="describe table (\n" + table.sql + "\n)")
    rows = b"".join(source.stream(asked, "JSONEachRow")).splitlines()
    return {row["name"]: row["type"] for row in map(orjson.loads, rows)}


def _catalog(generation: Generation, settings: Settings) -> Catalog:
    async def ask() -> Catalog:
        pool = ClickHouse(settings)
        await pool.open()
        try:
            return await Catalogs(pool).of(generation)
        finally:
            await pool.close()

    try:
        return asyncio.run(ask())
    except ClickHouseError as error:
        raise Unreachable("ClickHouse does not give the catalog of metrics", "try again when it is back") from error
