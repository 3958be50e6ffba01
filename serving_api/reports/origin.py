"""Where the numbers come from: one generation, asked as the reader, answers taken piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from serving_api.clickhouse import ClickHouse, ClickHouseError, UnavailableError
from serving_api.generations import Generation, Generations
from serving_api.problems import Problem
from serving_api.reports.request import RequestError
from serving_api.reports.table import Table
from warehouse.client import Endpoint, Identity, http_endpoint, receive
from warehouse.errors import Unreachable, WarehouseError
from warehouse.settings import Settings

_SETTINGS = {
    # As far as the reader may go; see warehouse/engine/identities.yaml.
    "max_execution_time": "3600",
    "max_result_rows": "1000000000",
    "enable_http_compression": "0",
    # Rows leave as they are made, instead of waiting for the last one.
    "http_response_buffer_size": "0",
    "cancel_http_readonly_queries_on_client_close": "1",
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "0",
    "output_format_json_array_of_rows": "0",
}


class ReportError(WarehouseError):
    """ClickHouse gave up on a report."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A generation, and where to ask it."""

    generation: Generation
    endpoint: Endpoint

    def stream(self, table: Table, form: str, **settings: str) -> Iterator[bytes]:
        """The rows of a table in a format of ClickHouse, as bytes in pieces.

        Raises:
            ReportError: ClickHouse refused, or gave up in the middle.
            Unreachable: it went away.
        """
        return self._ask(table.sql, table.parameters, form, settings)

    def count(self, table: Table) -> int:
        """How many rows a table has.

        Raises:
            ReportError, Unreachable: as `stream`.
        """
        # Around the query as it is; nothing of the request is in the text.
        sql = "select count() as row_count from (\n" + table.sql + "\n)"
        answer = b"".join(self._ask(sql, table.parameters, "JSONEachRow", {}))
        return int(orjson.loads(answer)["row_count"])

    def types(self, sql: str, parameters: Mapping[str, str]) -> dict[str, str]:
        """The types of the columns of a query, by name.

        Raises:
            ReportError, Unreachable: as `stream`.
        """
        answer = b"".join(self._ask("describe (\n" + sql + "\n)", parameters, "JSONEachRow", {}))
        return {row["name"]: row["type"] for row in map(orjson.loads, answer.splitlines())}

    def _ask(self, sql: str, parameters: Mapping[str, str], form: str, settings: Mapping[str, str]) -> Iterator[bytes]:
        given = {"database": self.generation.database, "default_format": form} | dict(parameters)
        try:
            yield from receive(self.endpoint, sql, parameters=_SETTINGS | dict(settings) | given)
        except OperationalError as error:
            raise Unreachable(f"ClickHouse went away: {error}", "try again when it is back") from error
        except DatabaseError as error:
            raise ReportError(
                f"ClickHouse could not make the rows of generation {self.generation.number}: {_first_line(error)}",
                "ask for fewer days; with as_of, take a generation that is still kept",
            ) from error


def origin(settings: Settings, as_of: int | None) -> Origin:
    """The generation with a number, or the one in force.

    Raises:
        RequestError: it is not kept, or nothing has been published.
        Unreachable: ClickHouse does not answer.
    """
    try:
        generation = asyncio.run(_generation(settings, as_of))
    except Problem as problem:
        hint = "publish with `warehouse build`" if as_of is None else "leave out as_of, or take one of these"
        raise RequestError(problem.detail, hint) from problem
    except UnavailableError as error:
        raise Unreachable("ClickHouse does not answer", "start it with `warehouse start`") from error
    except ClickHouseError as error:
        raise Unreachable("ClickHouse does not say what is published", "see its log") from error
    return Origin(generation, http_endpoint(Identity.READER, settings))


async def _generation(settings: Settings, as_of: int | None) -> Generation:
    pool = ClickHouse(settings)
    await pool.open()
    try:
        generations = Generations(pool)
        # Of the generation in force, too, the row that published it: a rollback to it is a later instant.
        return await generations.kept(as_of if as_of is not None else (await generations.current()).number)
    finally:
        await pool.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:500]
