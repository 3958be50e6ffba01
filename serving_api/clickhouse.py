"""ClickHouse over its own HTTP interface, as the reader: SQL and parameters in, bytes of JSON rows out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from serving_api.observing.queries import Sent, Watch
from warehouse.client import Endpoint, Identity, http_endpoint
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

# Queries at once to a server of its own; the embedded engine shares our processors, and is faster with few.
SERVER_CONNECTIONS = 32
EMBEDDED_CONNECTIONS = 2 * (os.cpu_count() or 1)
# ClickHouse itself ends a query at its limit; the client waits a little longer to hear it say so.
GRACE_SECONDS = 2

# Unknown user, wrong password, authentication failed.
_LOGIN_REFUSED = {192, 193, 516}
_TIMEOUT_EXCEEDED = {159, 160}
# Memory ran out for this query, which it would again; or for all that run, which soon ends.
_MEMORY, _ITS_OWN = 241, b"Query memory limit exceeded"
_OVERLOADED = {202, _MEMORY}
_TOO_LARGE = {158, 307, 396}
_GONE = {60, 81}
#: What every query is sent with.
SETTINGS = {
    # An error becomes an HTTP status instead of the middle of an answer.
    "wait_end_of_query": "1",
    # The bytes are passed on as they are.
    "enable_http_compression": "0",
    "cancel_http_readonly_queries_on_client_close": "1",
    # Many small queries at once: one thread each is the fastest for all.
    "max_threads": "1",
    # Answers are small: the threads of parallel formatting cost more than they save.
    "output_format_parallel_formatting": "0",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "0",
    "date_time_output_format": "iso",
}


class ClickHouseError(Exception):
    """A query came to nothing; a kind each below."""


class UnavailableError(ClickHouseError):
    """ClickHouse does not answer, or has no room for another query now."""


class TimedOutError(ClickHouseError):
    """The query took longer than it may."""


class TooLargeError(ClickHouseError):
    """The query reads or returns more than the reader may."""


class GoneError(ClickHouseError):
    """The database or a table does not exist (any more)."""


class QueryFailedError(ClickHouseError):
    """ClickHouse refused the query, which is our mistake; holds its error code, never its text."""


class _StrangerError(aiohttp.ClientConnectionError):
    """Another ClickHouse answers at the address where ours was."""


class ClickHouse:
    """A pool of kept-alive connections; to be used in the event loop that called `open`.

    Args:
        settings: name the home or the server.
        watch: looks on while queries run.
    """

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        self._settings = settings
        self._watch = watch or Watch()
        self._endpoint: Endpoint | None = None
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the pool; connects to nothing yet."""
        limit = EMBEDDED_CONNECTIONS if self._settings.embedded else SERVER_CONNECTIONS
        connector = aiohttp.TCPConnector(limit=limit, keepalive_timeout=20)
        self._session = aiohttp.ClientSession(connector=connector, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def rows(
        self,
        sql: str,
        *,
        database: str = "marts",
        parameters: Mapping[str, str] | None = None,
        timeout_seconds: int = 5,
        form: str = "JSONEachRow",
    ) -> bytes:
        """The rows of a SELECT, by default one JSON object a line.

        Args:
            sql: with placeholders `{name:Type}`.
            database: where unqualified names are looked up.
            parameters: `param_<name>` to text.
            timeout_seconds: limit of the query.
            form: the output format, by ClickHouse's name.

        Raises:
            ClickHouseError: one of its kinds.
        """
        query = SETTINGS | {
            "database": database,
            "default_format": form,
            "max_execution_time": str(timeout_seconds),
        }
        encoded = urlencode(query | dict(parameters or {}))
        try:
            with self._watch.query(sql, database) as sent:
                return await self._post(sql, encoded, timeout_seconds, sent)
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
            # The engine may have come back at another port, or closed an idle connection just now.
            # The query only reads, so asking twice does no harm.
            self._endpoint = None
        try:
            with self._watch.query(sql, database) as sent:
                return await self._post(sql, encoded, timeout_seconds, sent)
        except aiohttp.ClientError as error:
            self._endpoint = None
            raise UnavailableError from error

    async def _post(self, sql: str, query: str, timeout_seconds: int, sent: Sent) -> bytes:
        if self._session is None:
            raise RuntimeError("the pool is not open")
        if self._endpoint is None:
            try:
                self._endpoint = http_endpoint(Identity.READER, self._settings)
            except WarehouseError as error:
                raise UnavailableError from error
        endpoint = self._endpoint
        try:
            async with self._session.post(
                URL(f"{endpoint.url}/?{query}{sent.parameters}", encoded=True),
                data=sql.encode(),
                headers=endpoint.headers | sent.headers,
                timeout=aiohttp.ClientTimeout(
                    # A query waits for its turn as long as it may run, and then runs as long.
                    total=2 * timeout_seconds + GRACE_SECONDS,
                    connect=timeout_seconds,
                    sock_connect=GRACE_SECONDS,
                ),
            ) as answer:
                body = await answer.read()
        except aiohttp.ConnectionTimeoutError as error:
            # No connection in time: ClickHouse does not accept one, or all of ours are busy.
            raise UnavailableError from error
        except TimeoutError as error:
            raise TimedOutError from error
        if answer.status == 200:
            return body
        code = int(answer.headers.get("X-ClickHouse-Exception-Code", "0"))
        if code in _LOGIN_REFUSED:
            raise _StrangerError
        raise _failure(code, body)


def _failure(code: int, body: bytes) -> ClickHouseError:
    if code in _TIMEOUT_EXCEEDED:
        return TimedOutError()
    if code == _MEMORY and _ITS_OWN in body:
        return TooLargeError()
    if code in _OVERLOADED:
        return UnavailableError()
    if code in _TOO_LARGE:
        return TooLargeError()
    if code in _GONE:
        return GoneError()
    # 516 and 194: the passwords have changed, which a restart of the API mends; not the caller's doing.
    return UnavailableError() if code in (0, 194, 516) else QueryFailedError(code)
