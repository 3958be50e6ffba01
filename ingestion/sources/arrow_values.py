"""Arrow arrays → Python values that say in JSON exactly what the column says."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_EXACT_INTEGERS = 2.0**53
_UUID_BYTES = 16
_SECONDS = "%Y-%m-%dT%H:%M:%S"  # Arrow writes the fraction of the unit with %S


def plain_values(array: pa.Array) -> list[Any]:
    """Converts an array, also nested, to values orjson writes; null becomes None.

    Decimals become exact text; instants RFC 3339 in UTC with milliseconds; timestamps without zone stay
    without (the contract refuses them, a guess would be wrong by hours); 16-byte values UUIDs; NaN None;
    whole floats integers (a column of integers with gaps arrives as floats).

    Raises:
        pyarrow.ArrowNotImplementedError: the type has no form in an event.
    """
    if isinstance(array, pa.ExtensionArray):
        return plain_values(array.storage)
    kind = array.type
    if pa.types.is_dictionary(kind):
        return plain_values(array.dictionary_decode())
    for matches, convert in _CONVERSIONS:
        if matches(kind):
            return convert(array)
    raise pa.ArrowNotImplementedError(f"type {kind}")


def _as_they_are(array: pa.Array) -> list[Any]:
    values: list[Any] = array.to_pylist()
    return values


def _floats(array: pa.Array) -> list[Any]:
    if not pa.types.is_float64(array.type):
        # By way of text: 0.1 as a 32-bit float is 0.1, not 0.10000000149011612.
        array = array.cast(pa.float32()).cast(pa.string()).cast(pa.float64())
    return [None if value is None else _float(value) for value in array.to_pylist()]


def _float(value: float) -> float | int | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return str(value)  # JSON has no infinity, and null would mean absent
    return int(value) if value.is_integer() and abs(value) < _EXACT_INTEGERS else value


def _decimals(array: pa.Array) -> list[Any]:
    return [None if value is None else format(value, "f") for value in array.to_pylist()]


def _timestamps(array: pa.Array) -> list[Any]:
    if array.type.tz is None:
        return _as_they_are(pc.strftime(_to_ms(array, None), format=_SECONDS))
    return _as_they_are(pc.strftime(_to_ms(array, "UTC"), format=_SECONDS + "Z"))


def _to_ms(array: pa.Array, zone: str | None) -> pa.Array:
    return array.cast(pa.timestamp("ms", tz=zone), safe=False)


def _isoformat(array: pa.Array) -> list[Any]:
    if pa.types.is_time64(array.type):
        array = array.cast(pa.time64("us"), safe=False)
    return [None if value is None else value.isoformat() for value in array.to_pylist()]


def _bytes(array: pa.Array) -> list[Any]:
    fixed = pa.types.is_fixed_size_binary(array.type)
    return [None if value is None else _text(value, fixed) for value in array.to_pylist()]


def _text(value: bytes, fixed: bool) -> str:
    if fixed and len(value) == _UUID_BYTES:
        return str(uuid.UUID(bytes=value))
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return str(uuid.UUID(bytes=value)) if len(value) == _UUID_BYTES else value.hex()


def _structs(array: pa.StructArray) -> list[Any]:
    names = [field.name for field in array.type]
    columns = [plain_values(column) for column in array.flatten()]
    rows = zip(*columns, strict=True) if columns else iter([()] * len(array))
    valid = array.is_valid().to_pylist()
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None} if known else None
        for row, known in zip(rows, valid, strict=True)
    ]


def _lists(array: Any) -> list[Any]:
    values = iter(plain_values(array.flatten()))  # leaves out what stands behind null lists
    lengths = pc.list_value_length(array).to_pylist()
    return [None if length is None else [next(values) for _ in range(length)] for length in lengths]


def _maps(array: pa.MapArray) -> list[Any]:
    if not len(array):
        plain_values(pa.nulls(0, array.type.key_type))
        plain_values(pa.nulls(0, array.type.item_type))
        return []
    offsets = array.offsets.to_pylist()
    start, size = offsets[0], offsets[-1] - offsets[0]
    keys = plain_values(array.keys.slice(start, size))
    items = plain_values(array.items.slice(start, size))
    return [
        {str(keys[i]): items[i] for i in range(low - start, high - start)} if known else None
        for low, high, known in zip(offsets, offsets[1:], array.is_valid().to_pylist(), strict=False)
    ]


_types = pa.types
_CONVERSIONS: tuple[tuple[Callable[[Any], bool], Callable[[Any], list[Any]]], ...] = (
    (_types.is_string, _as_they_are),
    (_types.is_large_string, _as_they_are),
    (_types.is_string_view, _as_they_are),
    (_types.is_integer, _as_they_are),
    (_types.is_boolean, _as_they_are),
    (_types.is_null, _as_they_are),
    (_types.is_floating, _floats),
    (_types.is_decimal, _decimals),
    (_types.is_timestamp, _timestamps),
    (_types.is_date, _isoformat),
    (_types.is_time, _isoformat),
    (_types.is_fixed_size_binary, _bytes),
    (_types.is_binary, _bytes),
    (_types.is_large_binary, _bytes),
    (_types.is_binary_view, _bytes),
    (_types.is_struct, _structs),
    (_types.is_map, _maps),
    (_types.is_list, _lists),
    (_types.is_large_list, _lists),
    (_types.is_fixed_size_list, _lists),
)
