"""Comparing the warehouse with the oracle: frames row by row, stored properties value by value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import pandas as pd

from tests.oracle.catalog import Invalid, from_ms, instant_ms
from tests.oracle.jsontext import NotJson, parse_json

# The contract rounds jss to two digits and does not say where a tie goes.
TOLERANCE = {"jss": 0.005 + 1e-9}
IGNORED_PROPERTIES = frozenset({"email_hmac"})


def _missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        # A naive one is a day that pandas has widened.
        return value.astimezone(UTC) if value.tzinfo else value.date()
    if isinstance(value, bytes):
        return value.decode()
    return str(value) if isinstance(value, UUID) else value


def same(expected: object, actual: object, tolerance: float = 1e-9) -> bool:
    """Whether two cells agree: null with null, money and counts exactly, floats within `tolerance` (absolute
    and relative)."""
    if _missing(expected) or _missing(actual):
        return _missing(expected) and _missing(actual)
    expected, actual = _plain(expected), _plain(actual)
    if isinstance(expected, float):
        return isinstance(actual, (int, float, Decimal)) and math.isclose(
            expected, float(actual), rel_tol=tolerance if tolerance < 1e-6 else 0.0, abs_tol=tolerance
        )
    if isinstance(expected, (str, date)):
        return expected == actual
    return bool(expected == actual)


def frame_differences(
    mart: str, keys: Sequence[str], expected: pd.DataFrame, actual: pd.DataFrame, limit: int = 20
) -> list[str]:
    """What differs between the oracle's frame of a mart and the warehouse's, as sentences; empty when they
    agree.

    Rows are matched by `keys`; every column of the contract is compared, further columns of `actual`
    are not. `actual` must carry money as Decimal (a float there is a difference worth seeing, so cells are
    compared as they come).
    """
    columns = [name for name in expected.columns if name not in keys and name != "jss_exact"]
    lacking = [name for name in (*keys, *columns) if name not in actual.columns]
    if lacking:
        return [f"{mart}: no column {name}" for name in lacking]

    def by_key(frame: pd.DataFrame) -> dict[tuple[object, ...], dict[str, object]]:
        records: Sequence[Mapping[str, object]] = frame.to_dict("records")  # type: ignore[assignment]
        return {tuple(_plain(row[name]) for name in keys): dict(row) for row in records}

    wanted, found = by_key(expected), by_key(actual)
    problems = [f"{mart}: {len(actual)} rows but {len(found)} keys"] if len(found) != len(actual) else []
    problems += [f"{mart}: no row {key}" for key in wanted if key not in found]
    problems += [f"{mart}: unexpected row {key}" for key in found if key not in wanted]
    for key in wanted.keys() & found.keys():
        for name in columns:
            want = wanted[key]["jss_exact" if name == "jss" else name]
            if not same(want, found[key][name], TOLERANCE.get(name, 1e-9)):
                problems.append(f"{mart} {key}: {name} is {found[key][name]!r}, the oracle says {wanted[key][name]!r}")
    return problems[:limit]


def _same_text(expected: object, stored: str) -> bool:
    if isinstance(expected, bool):
        return stored == ("true" if expected else "false")
    if isinstance(expected, (Decimal, int)):
        try:
            return Decimal(stored) == expected
        except InvalidOperation:
            return False
    if isinstance(expected, datetime):
        try:
            return from_ms(instant_ms(stored)) == expected
        except Invalid:
            return False
    if isinstance(expected, (list, dict)):
        try:
            return parse_json(stored) == expected
        except NotJson:
            return False
    return stored == expected


def property_differences(expected: Mapping[str, object], stored: Mapping[str, str]) -> list[str]:
    """What differs between typed properties and the stored texts (numbers by value, lists and objects as
    JSON, instants in UTC)."""
    names = (expected.keys() | stored.keys()) - IGNORED_PROPERTIES
    return [
        f"{name}: stored {stored.get(name)!r}, expected {expected.get(name)!r}"
        for name in sorted(names)
        if name not in expected or name not in stored or not _same_text(expected[name], stored[name])
    ]
