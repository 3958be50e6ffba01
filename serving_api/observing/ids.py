"""The id of a request, which finds it again: in the answer, in problems, in the log and among ClickHouse's queries."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-Id"

# Also what fits into a log, a URL and a query_id without quoting. No `@`: an address is not an id.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_SALT_BYTES, _MADE_BYTES = 3, 16

_current: ContextVar[RequestId | None] = ContextVar("request_id", default=None)


class RequestId:
    """An id, and those of the queries that are asked for its request.

    Args:
        given: what the caller sent along; taken over where it is well formed, else an id is made.
    """

    __slots__ = ("_queries", "_stem", "text")

    def __init__(self, given: str | None = None) -> None:
        if given is not None and _WELL_FORMED.fullmatch(given):
            self.text = given
            # Callers may send an id twice; ClickHouse refuses a second query with the id of one that runs.
            self._stem = f"{given}.{secrets.token_hex(_SALT_BYTES)}"
        else:
            self.text = self._stem = secrets.token_hex(_MADE_BYTES)
        self._queries = 0

    def next_query(self) -> str:
        """The `query_id` of the next query, which begins with the request's id and is never used again."""
        self._queries += 1
        return f"{self._stem}.{self._queries}"


def begin(given: str | None) -> RequestId:
    """Make the id of the request that this context serves."""
    made = RequestId(given)
    _current.set(made)
    return made


def current() -> RequestId | None:
    """The id of the request that is being served, None outside of one."""
    return _current.get()
