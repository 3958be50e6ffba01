"""Readings of an event's JSON beyond the parser's: integers ClickHouse cannot hold, names that come twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ingestion.doors.collector.numbers import float_text

#: Byte order mark; ClickHouse reads over one.
BOM = b"\xef\xbb\xbf"

# Integers that need 64 bits or more have at least 19 digits.
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
_LONG_INTEGER = b"0" * 19
_LEAST, _BEYOND, _LONGEST_INTEGER = -(2**63), 2**64, 20


class Members(list[tuple[str, Any]]):
    """An object read member by member."""


def has_long_integer(text: bytes) -> bool:
    """Whether there are so many digits in a row that an integer might not fit into 64 bits."""
    return _LONG_INTEGER in text.translate(_DIGITS)


def text_of(value: Any) -> str:
    """A JSON value as ClickHouse reads it into a String; of lists and objects only what tells them."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is int:
        return str(value)
    if type(value) is float:
        return float_text(value)
    return "[]" if type(value) is list else "{}"


def names_in(event: dict[str, Any]) -> int:
    """Names of members in a JSON object, however deep."""
    count, waiting = 0, [event]
    while waiting:
        value = waiting.pop()
        inner: Iterable[Any] = value
        if type(value) is dict:
            count += len(value)
            inner = value.values()
        waiting += [one for one in inner if type(one) in (dict, list)]
    return count


def fits(line: bytes) -> bool:
    """Whether every integer of a JSON document fits into 64 bits; others are no JSON to ClickHouse."""

    def integer(digits: str) -> int:
        if len(digits) > _LONGEST_INTEGER or not _LEAST <= int(digits) < _BEYOND:
            raise OverflowError
        return 0

    try:
        json.loads(line.removeprefix(BOM), parse_int=integer)
    except OverflowError:
        return False
    except RecursionError:
        return True
    return True


def first_of_each(line: bytes) -> dict[str, Any] | None:
    """The event with the first of each name, and with objects in it as pairs; None when it is too deep for that."""
    try:
        pairs = json.loads(line.removeprefix(BOM), object_pairs_hook=Members)
    except RecursionError:
        return None
    event: dict[str, Any] = {}
    for name, value in pairs:
        event.setdefault(name, value)
    return event
