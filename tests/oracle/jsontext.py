"""JSON read exactly: every number a Decimal, nothing that is not JSON."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation


class NotJson(ValueError):
    """A text that is no JSON document."""


def _decimal(literal: str) -> Decimal:
    try:
        return Decimal(literal)
    except InvalidOperation:
        return Decimal("Infinity")


def _no_constant(literal: str) -> object:
    raise NotJson(literal)


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_decimal, parse_constant=_no_constant)


def parse_json(document: str) -> object:
    """A JSON document with every number as Decimal; raises `NotJson`."""
    try:
        parsed: object = _DECODER.decode(document)
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotJson(str(error)) from None
    return parsed
