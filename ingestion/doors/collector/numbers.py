"""Numbers of JSON as ClickHouse writes them into text, digit for digit."""

from __future__ import annotations

import re

#: From here on ClickHouse reads an amount again from the text of its line (`exact_number` in land.sql).
_LONG_TEXT, _LONG_VALUE = 11, 1e11

_LONG_DIGITS = re.compile(rb"[0-9]{12,}(?:\.[0-9]+)?")
_NUMERIC = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FIXED_BELOW, _FIXED_FROM = 21, -6


def float_text(number: float) -> str:
    """The shortest digits that mean this number, in plain notation from 1e-6 up to below 1e21."""
    shortest = repr(number)
    if "e" not in shortest:
        whole, _, fraction = shortest.partition(".")
        return whole if fraction == "0" else shortest
    mantissa, _, exponent_text = shortest.partition("e")
    sign = "-" if mantissa[0] == "-" else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits, exponent = whole + fraction, int(exponent_text)
    if 0 <= exponent < _FIXED_BELOW:
        return sign + digits.ljust(exponent + 1, "0")
    if _FIXED_FROM <= exponent < 0:
        return f"{sign}0.{digits.rjust(len(digits) - exponent - 1, '0')}"
    return f"{sign}{whole}{'.' if fraction else ''}{fraction}e{exponent}"


def exact_text(text: str, line: bytes) -> str:
    """A value's text as it is checked: long numbers are looked up among the digits of the line."""
    if len(text) <= _LONG_TEXT or _NUMERIC.fullmatch(text) is None:
        return text
    value = float(text)
    if value < _LONG_VALUE:
        return text
    written = (found.decode() for found in _LONG_DIGITS.findall(line))
    return next((digits for digits in written if float(digits) == value), text)
