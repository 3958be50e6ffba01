"""The body of a message as lines: one event, an array of events, or NDJSON.

Events keep their bytes: an array is cut, not written anew, so that no digit of an amount changes. What is no
JSON at all is taken line by line, too; the landing refuses such lines one by one and keeps their bytes.
"""

from __future__ import annotations

import json
import zlib
from typing import NoReturn

import orjson

from ingestion.catalog import MAX_EVENT_BYTES

#: Longest body, unpacked.
MAX_BODY_BYTES = 16 * MAX_EVENT_BYTES

_GZIP = 16 + zlib.MAX_WBITS
_WHITE = b" \t\r\n\f"
_WHITE_TEXT = _WHITE.decode()


class NotAMessage(Exception):
    """A body that holds no events, not even bad ones; says why."""


def unpacked(body: bytes, encoding: str | None) -> bytes:
    """The body without its content encoding.

    Raises:
        NotAMessage: the encoding is not gzip, the body is not what its encoding says, or is too long.
    """
    name = (encoding or "identity").strip().lower()
    if name in ("gzip", "x-gzip"):
        body = _gunzipped(body)
    elif name not in ("identity", "utf-8"):
        raise NotAMessage(f"content-encoding {name[:40]!r} is not known")
    if len(body) > MAX_BODY_BYTES:
        _too_long()
    return body


def lines_of(body: bytes) -> bytes:
    """The events of a body as lines, the last one without its line end.

    Raises:
        NotAMessage: there is nothing in it.
    """
    body = body.strip(_WHITE)
    if b"\n" not in body and body.startswith(b"{"):
        return body
    if not body:
        raise NotAMessage("the body is empty")
    try:
        document = orjson.loads(body)
    except ValueError:
        return body
    if isinstance(document, list):
        if not document:
            raise NotAMessage("the array is empty")
        return _elements(body)
    # One document over several lines: a line feed in valid JSON is white space.
    return _one_line(body)


def _elements(body: bytes) -> bytes:
    text = body.decode()
    # Numbers are not looked at, so they may be as long as they like.
    scan = json.JSONDecoder(parse_float=str, parse_int=str).raw_decode
    lines: list[str] = []
    position = 1
    try:
        while True:
            while text[position] in _WHITE_TEXT or text[position] == ",":
                position += 1
            if text[position] == "]":
                break
            _, end = scan(text, position)
            lines.append(text[position:end])
            position = end
    except RecursionError:
        return _one_line(body)
    return b"\n".join(_one_line(line.encode()) for line in lines)


def _one_line(document: bytes) -> bytes:
    return document.replace(b"\n", b" ")


def _gunzipped(body: bytes) -> bytes:
    pieces: list[bytes] = []
    room = MAX_BODY_BYTES + 1
    try:
        while body:
            member = zlib.decompressobj(_GZIP)
            pieces.append(member.decompress(body, room))
            room -= len(pieces[-1])
            if room <= 0:
                _too_long()
            if not member.eof:
                raise NotAMessage("the gzip body is cut off")
            body = member.unused_data
    except zlib.error as error:
        raise NotAMessage("the body is not gzip, as its content-encoding says") from error
    return b"".join(pieces)


def _too_long() -> NoReturn:
    raise NotAMessage(f"the body is longer than {MAX_BODY_BYTES // 2**20} MiB")
