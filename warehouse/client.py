"""Connections to ClickHouse as one of the identities, embedded or server alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warehouse.engine.state import find
from warehouse.errors import AccessDenied, Unreachable
from warehouse.settings import Identity, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clickhouse_connect.driver.client import Client
    from urllib3 import PoolManager

__all__ = ["Endpoint", "Identity", "connect", "http_endpoint", "receive", "scalar", "send"]

CONNECT_SECONDS = 5
# Longer than any statement may run, so that ClickHouse's own limit speaks first.
ANSWER_SECONDS = 3900
# While a request is sent, the time a busy server may take before it reads on.
SEND_SECONDS = 300
POOL_CONNECTIONS = 32
START_HINT = "start it with `warehouse start`"
_AUTHENTICATION_FAILED = 516
# As OpenSSL says it.
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_PIECE_BYTES = 1 << 20
# Where ClickHouse says, in the middle of an answer, why it cannot go on.
_BROKEN_OFF = b"__exception__"
_TAIL_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Endpoint:
    """ClickHouse's HTTP address and the login of one identity; the password stays out of `repr`."""

    url: str
    user: str
    password: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that log in."""
        return {"X-ClickHouse-User": self.user, "X-ClickHouse-Key": self.password}


def http_endpoint(identity: Identity, settings: Settings) -> Endpoint:
    """Where and as whom to talk HTTP to ClickHouse; asks nothing over the network.

    Raises:
        Unreachable: the embedded engine is not running.
        SettingsError: a server is configured and the identity's password is not.
    """
    if settings.clickhouse_url is not None:
        given = settings.clickhouse_url
        # Rebuilt, so that a login inside the address is not carried along.
        url = f"{given.scheme}://{given.host}:{given.port}{(given.path or '').rstrip('/')}"
    else:
        engine = find(settings)
        if engine is None:
            raise Unreachable(f"the embedded ClickHouse of {settings.home} is not running", START_HINT)
        url = engine.url
    return Endpoint(url, settings.user(identity), settings.password(identity))


def connect(
    identity: Identity,
    settings: Settings,
    *,
    database: str | None = None,
    log_comment: str | None = None,
    query_settings: dict[str, Any] | None = None,
    answer_seconds: int = ANSWER_SECONDS,
) -> Client:
    """A clickhouse-connect client of an identity; usable from several threads at once.

    Args:
        identity: whose login to use.
        settings: names the home or the server.
        database: default database of the statements.
        log_comment: marks every statement, for example with a run id.
        query_settings: ClickHouse settings of every statement.
        answer_seconds: how long an answer may keep one waiting.

    Raises:
        Unreachable: nothing answers; says how to start it.
        AccessDenied: the server refuses user or password.
        SettingsError: a server is configured and the identity's password is not.
    """
    # Imported here: it costs more than most commands need altogether.
    from clickhouse_connect import get_client
    from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

    endpoint = http_endpoint(identity, settings)
    address = urlsplit(endpoint.url)
    sent = dict(query_settings or {})
    if log_comment is not None:
        sent["log_comment"] = log_comment
    try:
        return get_client(
            host=address.netloc.rpartition(":")[0],
            port=address.port or 0,
            interface=address.scheme,
            proxy_path=address.path,
            username=endpoint.user,
            password=endpoint.password,
            database=database or "__default__",
            connect_timeout=CONNECT_SECONDS,
            send_receive_timeout=answer_seconds,
            client_name=f"warehouse-{identity.value}",
            # Sessions would make ClickHouse refuse a second statement while one runs.
            autogenerate_session_id=False,
            compress=not settings.embedded,
            query_limit=0,
            tz_mode="aware",
            settings=sent,
            pool_mgr=_pool(),
        )
    except OperationalError as error:
        if _UNTRUSTED in str(error):
            raise Unreachable(
                f"nobody vouches for the certificate of ClickHouse at {endpoint.url}",
                "set SSL_CERT_FILE to the PEM file of the certificate authority that issued it",
            ) from error
        raise Unreachable(
            f"ClickHouse does not answer at {endpoint.url}",
            START_HINT if settings.embedded else "check CLICKHOUSE_URL and that the server runs",
        ) from error
    except DatabaseError as error:
        if f"Code: {_AUTHENTICATION_FAILED}" not in str(error) and "AUTHENTICATION_FAILED" not in str(error):
            raise
        raise AccessDenied(
            f"ClickHouse at {endpoint.url} refuses the user {endpoint.user}",
            "`warehouse stop`, then `warehouse start`: the passwords have changed"
            if settings.embedded
            else f"check {identity.password_variable}, and run `warehouse migrate` once as the admin",
        ) from error


def send(endpoint: Endpoint, sql: str, body: bytes, *, parameters: dict[str, Any], settings: dict[str, Any]) -> None:
    """Run an INSERT whose data is `body`, as it is.

    The driver has no call for an INSERT with parameters and a large body: `command` decodes the body to look
    for SQL in it, and gives the server five seconds to take each piece.

    Raises:
        clickhouse_connect.driver.exceptions.DatabaseError: ClickHouse refused the statement.
        clickhouse_connect.driver.exceptions.OperationalError: the connection broke.
    """
    from urllib.parse import urlencode

    from clickhouse_connect.driver.binding import bind_query
    from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
    from urllib3 import Timeout
    from urllib3.exceptions import HTTPError

    bound_sql, bound = bind_query(sql, parameters)
    query = urlencode({"query": bound_sql, **bound, **settings})
    try:
        answer = _pool().request(
            "POST",
            f"{endpoint.url}/?{query}",
            body=body,
            headers=endpoint.headers,
            timeout=Timeout(connect=SEND_SECONDS, read=ANSWER_SECONDS),
            retries=False,
        )
    except HTTPError as error:
        # Without the error's own text: it holds the address with all parameters.
        raise OperationalError("the connection broke in the middle of a statement") from error
    if answer.status != 200:
        raise DatabaseError(answer.data.decode(errors="replace"))


def receive(endpoint: Endpoint, sql: str, *, parameters: Mapping[str, str]) -> Iterator[bytes]:
    """Run a SELECT and give its answer, as it is, piece by piece; to stop early, close the iterator.

    Args:
        endpoint: where and as whom.
        sql: with placeholders `{name:Type}`.
        parameters: settings by name, and `param_<name>` for what the placeholders stand for.

    Raises:
        clickhouse_connect.driver.exceptions.DatabaseError: ClickHouse refused the statement, or gave up on it in the
            middle.
        clickhouse_connect.driver.exceptions.OperationalError: the connection broke.
    """
    from urllib.parse import urlencode

    from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
    from urllib3 import Timeout
    from urllib3.exceptions import HTTPError

    tail = b""
    try:
        answer = _pool().request(
            "POST",
            f"{endpoint.url}/?{urlencode(dict(parameters))}",
            body=sql.encode(),
            headers=endpoint.headers,
            timeout=Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
            retries=False,
            preload_content=False,
        )
        try:
            if answer.status != 200:
                raise DatabaseError(answer.read().decode(errors="replace"))
            for piece in answer.stream(_PIECE_BYTES):
                tail = (tail + piece)[-_TAIL_BYTES:] if len(piece) < _TAIL_BYTES else piece[-_TAIL_BYTES:]
                yield piece
        finally:
            # A connection with unread bytes is of no use; without it ClickHouse stops as well.
            answer.close()
    except HTTPError as error:
        if _BROKEN_OFF in tail:
            # Between two marks, each with a tag beside it: the tag, then what happened.
            told = tail.split(_BROKEN_OFF)[1].decode(errors="replace").strip().partition("\n")[2]
            raise DatabaseError(told) from error
        # Without the error's own text: it holds the address with all parameters.
        raise OperationalError("the connection broke in the middle of a statement") from error


def scalar(client: Client, sql: str, parameters: dict[str, Any] | None = None) -> Any:
    """The first value of a query that has one row.

    Raises:
        Unreachable: the answer is empty, as when ClickHouse could not finish it.
    """
    row = client.query(sql, parameters=parameters).first_row
    if row is None:
        raise Unreachable("ClickHouse gave no answer", "check its log and the space on its disk")
    return row[0]


@cache
def _pool() -> PoolManager:
    from clickhouse_connect.driver.httputil import get_pool_manager

    pool: PoolManager = get_pool_manager(maxsize=POOL_CONNECTIONS, num_pools=8)
    return pool
