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
_WHITE_TEXT = " \t\r\n"

# Numbers are not looked at, so they may be as long as they like.
_SCAN = json.JSONDecoder(parse_float=str, parse_int=str).raw_decode


class NotAMessage(Exception):
    """A body that holds no events, not even bad ones; says why."""


def unpacked(body: bytes, encoding: str | None = None) -> bytes:
    """The body without its content encoding.

    Raises:
        NotAMessage: the encoding is not gzip, the body is not what its encoding says, or is too long.
    """
    if encoding:
        name = encoding.strip().lower()
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
    if body.startswith(b"["):
        elements = _elements(body)
        if elements == []:
            raise NotAMessage("the array is empty")
        return body if elements is None else b"\n".join(map(_one_line, elements))
    try:
        orjson.loads(body)
    except ValueError:
        return body
    # One document over several lines: a line feed in valid JSON is white space.
    return _one_line(body)


def _elements(body: bytes) -> list[bytes] | None:
    """The elements of an array as they are written; None where it is no array.

    Only where elements begin and end is looked at, so that one which the landing refuses costs the others nothing.
    """
    text = body.decode(errors="surrogateescape")
    elements: list[bytes] = []
    position = _skip(text, 1)
    try:
        while text[position] != "]" or elements:
            _, end = _SCAN(text, position)
            elements.append(text[position:end].encode(errors="surrogateescape"))
            position = _skip(text, end)
            if text[position] == "]":
                break
            if text[position] != ",":
                return None
            position = _skip(text, position + 1)
    except (ValueError, IndexError, RecursionError):
        return None
    return elements if position == len(text) - 1 else None


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _WHITE_TEXT:
        position += 1
    return position


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
