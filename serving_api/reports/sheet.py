"""The rows of a sheet as SpreadsheetML, column by column: Arrow batches in, XML out, no Python per cell."""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Day 0 of a sheet, 1899-12-30, as days before 1970-01-01.
_EPOCH_DAYS = 25_569
_DAY_MS = 86_400_000
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# XML 1.0 has no way to write these.
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f]|\x{FFFE}|\x{FFFF}"
_UUID_DASHES = np.array([8, 13, 18, 23])


class Totals:
    """Exact sums of some columns over all batches, by name; null counts as nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self.sums: dict[str, Decimal | int] = dict.fromkeys(names, 0)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the rows of a batch in."""
        for name in self.sums:
            column = batch.column(name)
            if pa.types.is_decimal(column.type):
                # Its own type may be too narrow for the sum.
                column = column.cast(pa.decimal256(76, column.type.scale))
            self.sums[name] += pc.sum(column).as_py() or 0


def rows_xml(batch: pa.RecordBatch, styles: Sequence[str]) -> bytes:
    """The `<row>` elements of a batch.

    Args:
        batch: rows; numbers, days and instants become numbers, everything else text; null is an empty cell.
        styles: the number of the cell format by column.
    """
    cells = [_cells(column, style) for column, style in zip(batch.columns, styles, strict=True)]
    rows = pc.binary_join_element_wise(pa.scalar("<row>"), *cells, pa.scalar("</row>"), pa.scalar(""))
    return "".join(rows.to_pylist()).encode()


def total_xml(names: Sequence[str], sums: Mapping[str, Decimal | int], styles: Sequence[str]) -> bytes:
    """The row below all others: its sums, and in the first column, which has none, what it is."""
    cells = []
    for number, (name, style) in enumerate(zip(names, styles, strict=True)):
        if name in sums:
            cells.append(f'<c s="{style}"><v>{sums[name]}</v></c>')
        elif number == 0:
            cells.append(f'<c s="{style}" t="inlineStr"><is><t>Total</t></is></c>')
        else:
            cells.append(f'<c s="{style}"/>')
    return f"<row>{''.join(cells)}</row>".encode()


def _cells(column: pa.Array, style: str) -> pa.Array:
    values, is_number = _values(column)
    start, end = (
        (f'<c s="{style}"><v>', "</v></c>")
        if is_number
        else (f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>")
    )
    made = pc.binary_join_element_wise(pa.scalar(start), values, pa.scalar(end), pa.scalar(""))
    return made.fill_null(f'<c s="{style}"/>') if made.null_count else made


def _values(column: pa.Array) -> tuple[pa.Array, bool]:
    """The values as text, and whether they are numbers."""
    kind = column.type
    if pa.types.is_date32(kind):
        return pc.add(column.cast(pa.int32()), _EPOCH_DAYS).cast(pa.string()), True
    if pa.types.is_timestamp(kind):
        since = column.cast(pa.timestamp("ms", kind.tz)).cast(pa.int64()).cast(pa.float64())
        return pc.add(pc.divide(since, float(_DAY_MS)), float(_EPOCH_DAYS)).cast(pa.string()), True
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string()), True
    if pa.types.is_floating(kind):
        # A sheet has neither infinities nor what is not a number.
        return pc.if_else(pc.is_finite(column), column, None).cast(pa.string()), True
    if isinstance(column, pa.ExtensionArray):
        return _uuids(column), False
    text = column.cast(pa.string())
    for character, escaped in _ESCAPES:
        text = pc.replace_substring(text, character, escaped)
    return pc.replace_substring_regex(text, _UNWRITABLE, "\ufffd"), False


def _uuids(column: pa.ExtensionArray) -> pa.Array:
    """UUIDs, sixteen bytes each, in their usual spelling."""
    stored = column.storage
    data = stored.buffers()[1].slice(stored.offset * 16, len(stored) * 16)
    digits = np.frombuffer(binascii.hexlify(data), dtype="S1").reshape(-1, 32)
    spelled = np.full((len(digits), 36), b"-", dtype="S1")
    spelled[:, np.setdiff1d(np.arange(36), _UUID_DASHES)] = digits
    text = pa.array(spelled.view("S36").ravel(), type=pa.binary()).cast(pa.string())
    return pc.if_else(column.is_valid(), text, None)
