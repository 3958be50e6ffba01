"""From endpoint to route: check caller and parameters, find the generation, pass ClickHouse's bytes on."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response

from serving_api.auth import Authority, Caller
from serving_api.cache import ByteCache
from serving_api.clickhouse import ClickHouse, GoneError
from serving_api.endpoint import SEES_ALL, Endpoint
from serving_api.generations import Generation, Generations, instant
from serving_api.parameters import (
    CURSOR,
    LIMIT,
    Values,
    bound,
    canonical,
    invalid,
    parse,
    resolve_dates,
    shown,
    written,
)
from serving_api.problems import GENERATION_GONE, UNAVAILABLE, ParameterError, Problem

Handler = Callable[[Request], Awaitable[Response]]

JSON = "application/json"
# Kept by the client, but asked about each time: a publication must be seen at once.
CACHE_CONTROL = "private, no-cache"
# Enough for every page of the largest answer, and far from what a number may overflow.
MAXIMUM_OFFSET = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers share."""

    authority: Authority
    clickhouse: ClickHouse
    generations: Generations
    cache: ByteCache


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins. It names the generation, so that all pages are of one; it grants nothing."""

    generation: int
    offset: int
    fingerprint: str

    def written(self) -> str:
        """The text in the URL."""
        packed = orjson.dumps([self.generation, self.offset, self.fingerprint])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor of a text.

        Raises:
            Problem: the text is no cursor of ours.
        """
        try:
            padded = text + "=" * (-len(text) % 4)
            generation, offset, fingerprint = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, TypeError, binascii.Error):
            _bad_cursor()
        if type(generation) is not int or type(offset) is not int or type(fingerprint) is not str:
            _bad_cursor()
        if not (0 <= generation < 2**63 and 0 <= offset <= MAXIMUM_OFFSET):
            _bad_cursor()
        return cls(generation, offset, fingerprint)


@dataclass(frozen=True, slots=True)
class Page:
    """One question to one generation, everything resolved."""

    endpoint: Endpoint
    generation: Generation
    values: Values
    limit: int | None
    offset: int
    caller: Caller

    @property
    def sees_all(self) -> bool:
        """Whether rows do not depend on who asks."""
        return not self.endpoint.scoped or self.caller.role in SEES_ALL

    @property
    def fingerprint(self) -> str:
        """Hash of endpoint and parameters, without the page: what a cursor belongs to."""
        return _hash(self.endpoint.header.path, canonical(self.values))

    @property
    def etag(self) -> str:
        """Hash of all that the bytes of the answer depend on."""
        scope = "all" if self.sees_all else f"subject {self.caller.subject}"
        origin = (str(self.generation.number), self.generation.database, self.generation.run_id)
        page = (str(self.limit), str(self.offset), scope)
        return _hash(*origin, self.endpoint.fingerprint, canonical(self.values), *page)

    def parameters(self) -> dict[str, str]:
        """Parameters of the SQL, bound."""
        values = dict(self.values)
        if self.limit is not None:
            # One row more than asked for tells whether there is a next page.
            values |= {"limit": self.limit + 1, "offset": self.offset}
        if self.endpoint.scoped:
            values |= {"sees_all": self.sees_all, "subject": self.caller.subject}
        return bound(values)

    def envelope(self, rows: bytes) -> bytes:
        """The answer from rows, one JSON object a line; they are counted and cut as lines, never decoded."""
        count, following = rows.count(b"\n"), None
        if self.limit is not None and count > self.limit:
            rows, count = rows[: rows.rfind(b"\n", 0, len(rows) - 1) + 1], self.limit
            cursor = Cursor(self.generation.number, self.offset + count, self.fingerprint)
            query = written(self.values) | {LIMIT: str(self.limit), CURSOR: cursor.written()}
            following = f"{self.endpoint.header.path}?{urlencode(query)}"
        meta = {
            "generation": self.generation.number,
            "complete_through": instant(self.generation.complete_through),
            "rows": count,
            "parameters": shown(self.values),
            "next": following,
        }
        # ClickHouse escapes line breaks inside of strings, so each one here ends a row.
        return b'{"data":[' + rows.rstrip(b"\n").replace(b"\n", b",\n") + b'],"meta":' + orjson.dumps(meta) + b"}\n"


def handler(endpoint: Endpoint, services: Services) -> Handler:
    """The request handler of an endpoint."""

    async def answer(request: Request) -> Response:
        caller = await services.authority.caller(request.headers.get("authorization"))
        caller.require(endpoint.header.roles)
        values = parse(endpoint.parameters, request.query_params.multi_items())
        cursor_text = values.pop(CURSOR, None)
        cursor = Cursor.read(cursor_text) if isinstance(cursor_text, str) else None
        limit = values.pop(LIMIT, None)
        for attempt in range(2):
            generation = await _generation(cursor, services)
            page = Page(
                endpoint=endpoint,
                generation=generation,
                values=resolve_dates(values, endpoint.header.dates, generation.last_day),
                limit=limit if isinstance(limit, int) else None,
                offset=0 if cursor is None else cursor.offset,
                caller=caller,
            )
            if cursor is not None and cursor.fingerprint != page.fingerprint:
                raise invalid(ParameterError(CURSOR, "belongs to other parameters; keep all of meta.next as it is"))
            try:
                return await _respond(page, request, services)
            except GoneError as error:
                services.generations.forget()
                if cursor is not None:
                    raise Problem(GENERATION_GONE, f"generation {generation.number} has been dropped") from error
                if attempt:
                    raise Problem(UNAVAILABLE, f"generation {generation.number} cannot be read") from error
        raise AssertionError("unreachable")

    return answer


async def _generation(cursor: Cursor | None, services: Services) -> Generation:
    if cursor is None:
        return await services.generations.current()
    pinned = await services.generations.numbered(cursor.generation)
    if pinned is None:
        _bad_cursor()
    return pinned


async def _respond(page: Page, request: Request, services: Services) -> Response:
    etag = page.etag
    headers = page.generation.headers | {
        "ETag": f'"{etag}"',
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Authorization",
    }
    if _matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    content = services.cache.get(etag)
    if content is None:
        rows = await services.clickhouse.rows(
            page.endpoint.sql,
            database=page.generation.database,
            parameters=page.parameters(),
            timeout_seconds=page.endpoint.header.timeout_seconds,
        )
        content = page.envelope(rows)
        services.cache.put(etag, content)
    return Response(content, headers=headers, media_type=JSON)


def _matches(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or f'"{etag}"' in tags


def _hash(*parts: str) -> str:
    # Lengths keep parts apart that could otherwise be cut differently.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _bad_cursor() -> NoReturn:
    raise invalid(ParameterError(CURSOR, "is not a cursor of this API; take it from meta.next"))
