"""The body of a request: read within limits, unpacked within limits, cut into lines."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import msgspec
import orjson

from ingestion.doors.collector.problems import MALFORMED, TOO_LARGE, UNAVAILABLE, UNSUPPORTED
from ingestion.doors.collector.reading import BOM
from ingestion.doors.collector.verdict import is_blank
from warehouse.problems import Problem

#: Largest body, as sent and unpacked.
MAX_BODY_BYTES = 16 << 20
#: Most events of one request.
MAX_EVENTS = 10_000
#: Bodies of all requests under way, unpacked.
MAX_BYTES_UNDER_WAY = 256 << 20

NDJSON_TYPES = (b"application/x-ndjson", b"application/ndjson", b"application/jsonl", b"application/x-jsonlines")
JSON_TYPE = b"application/json"

_PRINTABLE = 0x20
# So much of a refused body is read and thrown away rather than the connection closed.
_LITTLE = 64 << 10
_elements = msgspec.json.Decoder(list[msgspec.Raw])

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Gone(Exception):
    """The sender went away before the end of the body."""


class Budget:
    """Bytes that all requests under way may hold together."""

    def __init__(self, limit: int = MAX_BYTES_UNDER_WAY) -> None:
        self._left = limit

    def take(self, count: int) -> None:
        """Raises Problem (503) when there are not so many left."""
        if count > self._left:
            raise Problem(UNAVAILABLE, "too many large requests at once")
        self._left -= count

    def give_back(self, count: int) -> None:
        """Return what was taken."""
        self._left += count


class Body:
    """The body of one request; counts against the budget until it is released.

    Args:
        budget: shared by all requests.
        headers: of the request, names in lower case.
    """

    def __init__(self, budget: Budget, headers: Mapping[bytes, bytes]) -> None:
        self.headers = headers
        self._budget = budget
        self._taken = 0
        self._complete = False

    @property
    def is_unread(self) -> bool:
        """Whether more than a little of it may still come."""
        return not self._complete and self._declared() > _LITTLE

    def _declared(self) -> int:
        length = self.headers.get(b"content-length")
        if length is not None and length.isdigit():
            return int(length)
        return MAX_BODY_BYTES if b"transfer-encoding" in self.headers else 0

    def release(self) -> None:
        """The body is no longer held."""
        self._budget.give_back(self._taken)
        self._taken = 0

    async def read(self, receive: Receive) -> bytes:
        """The whole body, unpacked.

        Raises:
            Problem: 400, 413, 415 or 503.
            Gone: the sender has gone.
        """
        encoding = self.headers.get(b"content-encoding")
        if self._declared() > MAX_BODY_BYTES:
            raise _too_large()
        message = await receive()
        if not message.get("more_body", False) and message["type"] == "http.request":
            body = message.get("body", b"")
            self._count(len(body))
        else:
            body = await self._rest(message, receive)
        self._complete = True
        if encoding is None or encoding == b"identity":
            return bytes(body)
        if encoding.lower() not in (b"gzip", b"x-gzip"):
            raise Problem(UNSUPPORTED, "the only Content-Encoding is gzip", {"Accept-Encoding": "gzip"})
        return self._unpacked(body)

    async def _rest(self, message: MutableMapping[str, Any], receive: Receive) -> bytes:
        pieces, size = [], 0
        while True:
            if message["type"] == "http.disconnect":
                raise Gone
            piece = message.get("body", b"")
            size += len(piece)
            if size > MAX_BODY_BYTES:
                raise _too_large()
            self._count(len(piece))
            pieces.append(piece)
            if not message.get("more_body", False):
                return b"".join(pieces)
            message = await receive()

    def _unpacked(self, packed: bytes) -> bytes:
        pieces, size = [], 0
        while packed:
            member = zlib.decompressobj(wbits=31)
            try:
                piece = member.decompress(packed, MAX_BODY_BYTES + 1 - size)
            except zlib.error as error:
                raise Problem(MALFORMED, "the body is not gzip, as Content-Encoding says") from error
            size += len(piece)
            if size > MAX_BODY_BYTES:
                raise _too_large()
            if not member.eof:
                raise Problem(MALFORMED, "the gzip body ends too early")
            self._count(len(piece))
            pieces.append(piece)
            packed = member.unused_data
        return b"".join(pieces)

    def _count(self, size: int) -> None:
        self._budget.take(size)
        self._taken += size


def lines_of(body: bytes, media_type: bytes | None) -> list[bytes]:
    """The events of a body, each on a line of its own, in the bytes of their sender.

    One JSON object is one event and an array has one for each element; in both, line feeds between tokens
    become blanks. NDJSON is known by its type, or by a first line that is an object of its own.

    Raises:
        Problem: 400, 413 or 415; it is none of these, or holds no event, or too many.
    """
    kind = media_type.partition(b";")[0].strip().lower() if media_type is not None else JSON_TYPE
    if kind in NDJSON_TYPES:
        lines = _nonblank(body)
    elif kind == JSON_TYPE or (kind.startswith(b"application/") and kind.endswith(b"+json")):
        lines = _json(body.removeprefix(BOM).strip())
    else:
        raise Problem(UNSUPPORTED, "the Content-Type is neither JSON nor NDJSON")
    if not lines:
        raise Problem(MALFORMED, "the body holds no event")
    if len(lines) > MAX_EVENTS:
        raise Problem(TOO_LARGE, f"more than {MAX_EVENTS:,} events at once")
    return lines


def _json(body: bytes) -> list[bytes]:
    if not body:
        return []
    if body.startswith(b"["):
        try:
            return [bytes(element).replace(b"\n", b" ") for element in _elements.decode(body)]
        except (msgspec.DecodeError, RecursionError) as error:
            raise Problem(MALFORMED, "the array is not valid JSON") from error
    if _is_object(body):
        return [body.replace(b"\n", b" ")]
    first, line_feed, _ = body.partition(b"\n")
    if line_feed and _is_object(first):
        return _nonblank(body)
    raise Problem(MALFORMED, "the body is not a JSON object, nor an array or lines of them")


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def _nonblank(body: bytes) -> list[bytes]:
    return [line for line in body.split(b"\n") if line and (line[0] > _PRINTABLE or not is_blank(line))]


def _too_large() -> Problem:
    return Problem(TOO_LARGE, f"the body is larger than {MAX_BODY_BYTES >> 20} MiB")
