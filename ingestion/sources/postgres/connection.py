"""A read-only connection to the operational database, and its failures in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader

from ingestion.sources.errors import SourceError
from warehouse.settings import Settings

Connection = psycopg.Connection[tuple[object, ...]]

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 600
# Values that must pass digit for digit and instants Python has no type for (infinity) stay text.
_AS_TEXT = ("numeric", "timestamptz", "timestamp", "uuid")
# A password that is not escaped may end up in the name of the host.
_HOST = re.compile(r"[A-Za-z0-9.:_/-]{1,253}")

_SESSION = f"""
SET TIME ZONE 'UTC';
SET DateStyle = 'ISO, YMD';
SET statement_timeout = '{STATEMENT_SECONDS}s';
SET default_transaction_read_only = on;
"""


class DatabaseError(SourceError):
    """The operational database cannot be reached or read; what was landed before is kept."""


@contextmanager
def connected(settings: Settings) -> Iterator[Connection]:
    """A connection that can only read, in UTC, with a limit on each statement.

    Raises:
        DatabaseError: POSTGRES_URL is not set or no address, nothing answers there, the login is refused, the
            connection breaks, or a statement fails. Its text never holds the password.
    """
    if settings.postgres_url is None:
        raise DatabaseError("POSTGRES_URL is not set", "set it to postgresql://user:password@host:5432/database")
    url = settings.postgres_url.get_secret_value()
    where = _described(url)
    with _explained(where), psycopg.connect(
        url, connect_timeout=CONNECT_SECONDS, application_name="warehouse", client_encoding="UTF8", autocommit=True
    ) as connection:  # fmt: skip
        for name in _AS_TEXT:
            connection.adapters.register_loader(name, TextLoader)
        connection.execute(_SESSION)
        connection.autocommit = False
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield connection


def _described(url: str) -> str:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise DatabaseError(
            "POSTGRES_URL is not an address of PostgreSQL",
            "write postgresql://user:password@host:5432/database; special characters of the password as %XX",
        ) from None
    host, port = str(parts.get("host") or "the local socket"), parts.get("port") or 5432
    return f"{host if _HOST.fullmatch(host) else 'its host'}, port {port}"


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"PostgreSQL refuses to let this login read: {error.diag.message_primary}",
            "GRANT USAGE on the schema and SELECT on its tables to the user of POSTGRES_URL",
        ) from None
    except errors.QueryCanceled:
        raise DatabaseError(
            f"PostgreSQL stopped a statement that ran longer than {STATEMENT_SECONDS} s",
            "create an index on (updated_at, id) of the large tables",
        ) from None
    except psycopg.OperationalError as error:
        # libpq keeps no code of a refused connection, only the server's text.
        if error.diag.message_primary is None and "FATAL" in str(error):
            raise DatabaseError(
                f"PostgreSQL at {where} refuses the connection: {_reason(error)}",
                "check user, password and database in POSTGRES_URL, and pg_hba.conf",
            ) from None
        raise DatabaseError(
            f"PostgreSQL at {where} does not answer, or the connection broke ({_reason(error)})",
            "check POSTGRES_URL and that the server runs, then run the same again: nothing counts twice",
        ) from None
    except psycopg.Error as error:
        raise DatabaseError(
            f"PostgreSQL could not answer: {error.diag.message_primary or type(error).__name__}",
            "run the same again: nothing counts twice; if it stays, check the mapping against the tables",
        ) from None


def _reason(error: psycopg.OperationalError) -> str:
    if error.diag.message_primary:
        return error.diag.message_primary
    last = str(error).strip().splitlines()[-1] if str(error).strip() else ""
    # "connection to server at …: Connection refused": only what comes last is free of the address.
    return last.rpartition(": ")[2].strip() or type(error).__name__
