"""ClickHouse over its own HTTP interface, as the reader: SQL and parameters in, bytes of rows out."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from serving_api.absence import Absence, Patience
from serving_api.observing.queries import Watch
from warehouse.client import Endpoint, Identity, http_endpoint
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

# Queries at once to a server of its own; the embedded engine shares our processors, and is faster with few.
SERVER_CONNECTIONS = 32
EMBEDDED_CONNECTIONS = 2 * (os.cpu_count() or 1)
# Answers that last have connections of their own, so that they never keep the short ones waiting.
SERVER_STREAMS = 16
EMBEDDED_STREAMS = 4
# Who asks for one more waits so long for another to end.
STREAM_WAIT_SECONDS = 5
#: How long a stream may last, readers that take their time included; as far as the reader may go.
STREAM_SECONDS = 3600
#: Rows of an answer that is made as a whole, and of one that is streamed: as far as the reader may go.
ROWS, STREAMED_ROWS = 1_000_000, 1_000_000_000
# ClickHouse itself ends a query at its limit; the client waits a little longer to hear it say so.
GRACE_SECONDS = 2

# Unknown user, wrong password, authentication failed.
_LOGIN_REFUSED = {192, 193, 516}
_TIMEOUT_EXCEEDED = {159, 160}
# Memory ran out for this query, which it would again; or for all that run, which soon ends.
_MEMORY, _ITS_OWN = 241, b"Query memory limit exceeded"
_OVERLOADED = {202, _MEMORY}
_TOO_MANY_ROWS, _TOO_LARGE = 396, {158, 307}
_GONE = {60, 81}
# Where ClickHouse says, in the middle of an answer, why it cannot go on: 16 KiB at most, between two such marks.
_BROKEN_OFF = re.compile(rb"__exception__\r?\n.*?Code: (\d+)\.", re.DOTALL)
_TAIL_BYTES = 64 << 10
_COMMON = {
    # The bytes are passed on as they are.
    "enable_http_compression": "0",
    "cancel_http_readonly_queries_on_client_close": "1",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_decimals": "0",
    "date_time_output_format": "iso",
}
#: What every query is sent with.
SETTINGS = _COMMON | {
    # An error becomes an HTTP status instead of the middle of an answer.
    "wait_end_of_query": "1",
    "max_result_rows": str(ROWS),
    # Many small queries at once: one thread each is the fastest for all.
    "max_threads": "1",
    # Answers are small: the threads of parallel formatting cost more than they save.
    "output_format_parallel_formatting": "0",
}
#: What every stream is sent with.
STREAM_SETTINGS = _COMMON | {
    "max_result_rows": str(STREAMED_ROWS),
    "max_execution_time": str(STREAM_SECONDS),
    # What goes wrong within the first MiB is still an HTTP status.
    "http_response_buffer_size": str(1 << 20),
}


class ClickHouseError(Exception):
    """A query came to nothing; a kind each below."""


class UnavailableError(ClickHouseError):
    """ClickHouse does not answer, or has no room for another query now."""


class AwayError(UnavailableError):
    """Nobody answers: ClickHouse does not run, or cannot be reached."""


class TimedOutError(ClickHouseError):
    """The query took longer than it may."""


class TooLargeError(ClickHouseError):
    """The query reads or returns more than the reader may; says what."""


class GoneError(ClickHouseError):
    """The database or a table does not exist (any more)."""


class QueryFailedError(ClickHouseError):
    """ClickHouse refused the query, which is our mistake; holds its error code, never its text."""


class _StrangerError(aiohttp.ClientConnectionError):
    """Another ClickHouse answers at the address where ours was."""


#: Ways in which a query has not even begun.
_NOT_BEGUN = (aiohttp.ClientConnectorError, _StrangerError, AwayError)


class ClickHouse:
    """A pool of kept-alive connections; to be used in the event loop that called `open`.

    Args:
        settings: name the home or the server.
        watch: looks on while queries run.
    """

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        self._settings = settings
        self._watch = watch or Watch()
        self._absence = Absence()
        self._endpoint: Endpoint | None = None
        self._session: aiohttp.ClientSession | None = None
        self._streams: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the pool; connects to nothing yet."""
        embedded = self._settings.embedded
        self._session = _session(EMBEDDED_CONNECTIONS if embedded else SERVER_CONNECTIONS)
        self._streams = _session(EMBEDDED_STREAMS if embedded else SERVER_STREAMS)

    async def close(self) -> None:
        """Close the connections."""
        for session in (self._session, self._streams):
            if session is not None:
                await session.close()

    async def rows(
        self,
        sql: str,
        *,
        database: str = "marts",
        parameters: Mapping[str, str] | None = None,
        timeout_seconds: int = 5,
        form: str = "JSONEachRow",
        settings: Mapping[str, str] | None = None,
        patient: bool = True,
    ) -> bytes:
        """The rows of a SELECT, by default one JSON object a line.

        A ClickHouse that has just gone is waited for.

        Args:
            sql: with placeholders `{name:Type}`.
            database: where unqualified names are looked up.
            parameters: `param_<name>` to text.
            timeout_seconds: limit of the query.
            form: the output format, by ClickHouse's name.
            settings: further ones of ClickHouse.
            patient: whether to wait for a ClickHouse that has gone.

        Raises:
            ClickHouseError: one of its kinds.
        """
        query = SETTINGS | {"database": database, "default_format": form, "max_execution_time": str(timeout_seconds)}
        encoded = urlencode(query | dict(settings or {}) | dict(parameters or {}))
        timeout = aiohttp.ClientTimeout(
            # A query waits for its turn as long as it may run, and then runs as long.
            total=2 * timeout_seconds + GRACE_SECONDS,
            connect=timeout_seconds,
            sock_connect=GRACE_SECONDS,
        )
        patience = Patience(self._absence if patient else None)
        while True:
            try:
                async with self._asked(self._session, sql, database, encoded, timeout) as answer:
                    return await answer.read()
            except (aiohttp.ClientError, AwayError) as error:
                await self._bear(error, patience)

    async def stream(
        self,
        sql: str,
        *,
        database: str,
        parameters: Mapping[str, str],
        form: str,
        settings: Mapping[str, str],
    ) -> AsyncGenerator[bytes]:
        """The rows of a SELECT as ClickHouse makes them, in pieces; to stop early, close the iterator.

        Args are those of `rows`. What ClickHouse says of an error in the middle is never among the pieces.

        Raises:
            ClickHouseError: one of its kinds; after the first piece, too.
        """
        query = STREAM_SETTINGS | {"database": database, "default_format": form}
        encoded = urlencode(query | dict(settings) | dict(parameters))
        timeout = aiohttp.ClientTimeout(
            total=None, connect=STREAM_WAIT_SECONDS, sock_connect=GRACE_SECONDS, sock_read=STREAM_SECONDS
        )
        held, begun = bytearray(), False
        patience = Patience(self._absence)
        while True:
            try:
                async with self._asked(self._streams, sql, database, encoded, timeout) as answer:
                    # The end is held back until it is known to be one.
                    async for piece in answer.content.iter_any():
                        held += piece
                        if len(held) >= 2 * _TAIL_BYTES:
                            begun = True
                            yield bytes(held[:-_TAIL_BYTES])
                            del held[:-_TAIL_BYTES]
                yield bytes(held)
                return
            except (aiohttp.ClientError, AwayError) as error:
                if told := _BROKEN_OFF.search(held):
                    raise _failure(int(told[1]), bytes(held)) from error
                if begun:
                    raise AwayError from error
                await self._bear(error, patience)
                held.clear()

    async def _bear(self, error: Exception, patience: Patience) -> None:
        self._endpoint = None
        if not await patience.lasts(begun=not isinstance(error, _NOT_BEGUN)):
            raise AwayError from error

    def endpoint(self) -> Endpoint:
        """Where ClickHouse is, and as whom it is asked.

        Raises:
            AwayError: the embedded engine is not running.
        """
        if self._endpoint is None:
            try:
                self._endpoint = http_endpoint(Identity.READER, self._settings)
            except WarehouseError as error:
                raise AwayError from error
        return self._endpoint

    @asynccontextmanager
    async def _asked(
        self,
        session: aiohttp.ClientSession | None,
        sql: str,
        database: str,
        query: str,
        timeout: aiohttp.ClientTimeout,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """ClickHouse's answer, which has begun well."""
        if session is None:
            raise RuntimeError("the pool is not open")
        endpoint = self.endpoint()
        try:
            with self._watch.query(sql, database) as sent:
                url = URL(f"{endpoint.url}/?{query}{sent.parameters}", encoded=True)
                headers = endpoint.headers | sent.headers
                async with session.post(url, data=sql.encode(), headers=headers, timeout=timeout) as answer:
                    code = int(answer.headers.get("X-ClickHouse-Exception-Code", "0"))
                    if code in _LOGIN_REFUSED:
                        raise _StrangerError
                    self._absence.end()
                    if answer.status != 200:
                        raise _failure(code, await answer.read())
                    yield answer
        except aiohttp.ConnectionTimeoutError as error:
            # No connection in time: ClickHouse does not accept one, or all of ours are busy.
            raise UnavailableError from error
        except TimeoutError as error:
            raise TimedOutError from error


def _session(connections: int) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=20)
    return aiohttp.ClientSession(connector=connector, trust_env=False)


def _failure(code: int, body: bytes) -> ClickHouseError:
    if code in _TIMEOUT_EXCEEDED:
        return TimedOutError()
    if code == _MEMORY and _ITS_OWN in body:
        return TooLargeError("it takes more memory than a query may have")
    if code in _OVERLOADED:
        return UnavailableError()
    if code == _TOO_MANY_ROWS:
        return TooLargeError(f"an answer may have {ROWS:,} rows, a file {STREAMED_ROWS:,}")
    if code in _TOO_LARGE:
        return TooLargeError("it looks at more rows than a query may")
    if code in _GONE:
        return GoneError()
    # 516 and 194: the passwords have changed, which a restart of the API mends; not the caller's doing.
    return UnavailableError() if code in (0, 194, 516) else QueryFailedError(code)
