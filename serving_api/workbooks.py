"""Tables of answers as workbooks, written as those of reports are: on disk, in memory of a constant size."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from serving_api.clickhouse import ClickHouse, QueryFailedError, UnavailableError
from serving_api.columns import Column
from serving_api.parameters import written
from serving_api.problems import ANSWER_TOO_LARGE, Problem
from serving_api.questions import Question
from serving_api.reports.table import SHEET_ROWS
from serving_api.tables import Table
from warehouse.client import Endpoint
from warehouse.errors import Unreachable, WarehouseError

# Writing cells takes all of a processor.
_AT_ONCE = 2
_PIECE_BYTES = 1 << 20
_RATES = ("_rate", "_share", ".change")


class _StoppedError(Exception):
    """Nobody waits for the workbook any more."""


class Workbooks:
    """Makes workbooks, a few at a time."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def pieces(self, question: Question, table: Table) -> AsyncGenerator[bytes]:
        """The bytes of the workbook of a table.

        Raises:
            Problem: 422, it has more rows than a sheet.
            ClickHouseError: the query came to nothing.
        """
        async with self._turns:
            rows = await self._count(question, table)
            if rows > SHEET_ROWS:
                raise Problem(
                    ANSWER_TOO_LARGE,
                    f"a sheet has {SHEET_ROWS:,} rows, and this answer {rows:,}: ask for fewer days or groups, or for"
                    " csv, ndjson, parquet or arrow",
                )
            with TemporaryDirectory(prefix="warehouse-") as folder:
                path = Path(folder) / "answer.xlsx"
                await self._write(path, question, table, rows)
                # Once it is open it needs no name, and leaves nothing behind.
                file = path.open("rb")
        with file:
            while piece := await asyncio.to_thread(file.read, _PIECE_BYTES):
                yield piece

    async def _count(self, question: Question, table: Table) -> int:
        answer = await self._clickhouse.rows(
            # Around the query as it is; nothing of the request is in the text.
            "select count() as row_count from (\n" + table.sql + "\n)",
            database=question.generation.database,
            parameters=question.parameters(),
            timeout_seconds=question.endpoint.header.timeout_seconds,
        )
        return int(orjson.loads(answer)["row_count"])

    async def _write(self, path: Path, question: Question, table: Table, rows: int) -> None:
        stop = threading.Event()
        address = self._clickhouse.endpoint()
        writing = asyncio.create_task(asyncio.to_thread(_write, path, question, table, rows, address, stop))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            stop.set()
            # Its folder must stay until the thread has left it.
            await asyncio.wait((writing,))
            raise
        except Unreachable as error:
            raise UnavailableError from error
        except WarehouseError as error:
            raise QueryFailedError(0) from error


def _write(path: Path, question: Question, table: Table, rows: int, address: Endpoint, stop: threading.Event) -> None:
    # Whoever never asks for a workbook need not load what writes them.
    from serving_api.reports import table as report
    from serving_api.reports import workbook
    from serving_api.reports.definition import ReportColumn
    from serving_api.reports.origin import Origin
    from serving_api.reports.writing import batches, facts_of

    def told(_: int) -> None:
        if stop.is_set():
            raise _StoppedError

    def shown(name: str, column: Column) -> ReportColumn:
        return ReportColumn(**column.model_dump(), shown="rate" if name.endswith(_RATES) else None)

    header, parameters = question.endpoint.header, question.endpoint.parameters
    given = {parameters[name].shown_name: value for name, value in question.values.items() if name in parameters}
    rows_of = report.Table(
        name="answer",
        title=header.summary,
        description=header.description,
        sql=table.flat_sql,
        parameters=question.parameters(),
        conditions=written(given) | ({"Part": table.name} if len(question.endpoint.tables) > 1 else {}),
        columns={name: shown(name, column) for name, column in table.flat_columns.items()},
    )
    facts = facts_of(rows_of.conditions, question.generation) | {"Rows": f"{rows:,}"}
    cover = workbook.Cover(rows_of.title, rows_of.description, facts, question.generation.published_at)
    source = Origin(question.generation, address)
    workbook.write(path, cover, rows_of.columns, batches(source, rows_of), rows, told)
