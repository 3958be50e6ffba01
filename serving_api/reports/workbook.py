"""Workbooks: a cover that says where the numbers are from, then sheets of rows.

XlsxWriter makes the workbook: cover, formats, header, widths. The rows themselves would take it a minute a million, so
its data sheets have one sample row, whose cell formats are read from them and in whose place the rows are streamed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range

from serving_api.reports.definition import ReportColumn, Style
from serving_api.reports.sheet import Totals, rows_xml, total_xml
from serving_api.reports.table import SHEET_ROWS

_FORMATS: dict[Style, dict[str, object]] = {
    "text": {},
    "count": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00##;[Red]-#,##0.00##"},
    "number": {"num_format": "#,##0.00"},
    "rate": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm:ss.000", "align": "left"},
}
_WIDTHS: dict[Style, int] = {
    "text": 22, "count": 14, "money": 18, "number": 14, "rate": 12, "date": 12, "instant": 24,
}  # fmt: skip
_HEADER = {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "align": "left", "valign": "vcenter"}
_SAMPLE = re.compile(rb'<row r="2"[^>]*>(.*?)</row>\s*<row r="3"[^>]*>(.*?)</row>', re.DOTALL)
_CELL_STYLE = re.compile(rb'<c [^>]*?s="(\d+)"')
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first sheet says.

    Attributes:
        title: what it is.
        description: how the rows are to be read.
        facts: name and value, in order: period, filters, generation, how far it is complete.
        made_at: date of the document; that of the generation, so that it is the same every time.
    """

    title: str
    description: str
    facts: Mapping[str, str]
    made_at: datetime


def write(
    path: Path,
    cover: Cover,
    columns: Mapping[str, ReportColumn],
    batches: Iterator[pa.RecordBatch],
    rows: int,
    told: Callable[[int], None],
) -> int:
    """Write a workbook of rows; returns how many there were.

    Args:
        path: where to; must not exist.
        cover: its first sheet.
        columns: of the rows, in order.
        batches: the rows.
        rows: how many there will be; more than `SHEET_ROWS` go on in further sheets.
        told: called with the number of rows written so far.
    """
    skeleton = path.with_suffix(".skeleton")
    sizes = [min(SHEET_ROWS, rows - first) for first in range(0, max(rows, 1), SHEET_ROWS)]
    _skeleton(skeleton, cover, columns, sizes)
    totals = Totals([name for name, column in columns.items() if column.total])
    pieces = _Pieces(batches)
    with zipfile.ZipFile(skeleton) as old, zipfile.ZipFile(path, "x") as new:
        for member in old.infolist():
            content = old.read(member)
            number = _sheet_number(member.filename)
            if number is None:
                new.writestr(member, content, zipfile.ZIP_DEFLATED)
                continue
            size, is_last = sizes[number], number == len(sizes) - 1
            head, styles, total_styles, tail = _split(content)
            has_total = is_last and bool(totals.sums)
            area = xl_range(0, 0, size + has_total, len(columns) - 1)
            with new.open(_like(member), "w", force_zip64=True) as sheet:
                sheet.write(_DIMENSION.sub(f'<dimension ref="{area}"/>'.encode(), head))
                for batch in pieces.take(size):
                    totals.add(batch)
                    sheet.write(rows_xml(batch, styles))
                    told(pieces.taken)
                if has_total:
                    sheet.write(total_xml(list(columns), totals.sums, total_styles))
                sheet.write(tail)
    skeleton.unlink()
    pieces.end()
    return pieces.taken


def _sheet_number(member: str) -> int | None:
    """Which sheet of data a member of the archive is, from 0; the sheet before these is the cover."""
    found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", member)
    return int(found[1]) - 2 if found and int(found[1]) > 1 else None


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.filename, member.date_time)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, member.external_attr
    return info


class _Pieces:
    """Batches, cut where a sheet is full."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self._rest: pa.RecordBatch | None = None
        self.taken = 0

    def take(self, rows: int) -> Iterator[pa.RecordBatch]:
        """The next rows."""
        while rows:
            batch = self._rest if self._rest is not None else next(self._batches, None)
            if batch is None:
                return
            piece, self._rest = batch.slice(0, rows), batch.slice(rows) if batch.num_rows > rows else None
            rows -= piece.num_rows
            self.taken += piece.num_rows
            yield piece

    def end(self) -> None:
        """Make sure that nothing is left.

        Raises:
            RuntimeError: there are more rows than were counted.
        """
        if self._rest is not None or next(self._batches, None) is not None:
            raise RuntimeError("there are more rows than were counted")


def _split(content: bytes) -> tuple[bytes, Sequence[str], Sequence[str], bytes]:
    """The sheet up to its sample rows, the formats of their cells (rows, totals), and what comes after them."""
    found = _SAMPLE.search(content)
    if found is None:
        raise RuntimeError("XlsxWriter writes rows otherwise than it used to")
    styles = [[number.decode() for number in _CELL_STYLE.findall(row)] for row in found.groups()]
    return content[: found.start()], styles[0], styles[1], content[found.end() :]


def _skeleton(path: Path, cover: Cover, columns: Mapping[str, ReportColumn], sizes: Sequence[int]) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties(
        {"title": cover.title, "comments": cover.description, "created": cover.made_at.replace(tzinfo=None)}
    )
    _write_cover(book, cover, columns, sizes)
    header = book.add_format(_HEADER)
    styles: list[Format] = [book.add_format({"valign": "top", **_FORMATS[column.style]}) for column in columns.values()]
    sums = [book.add_format({"bold": True, "top": 1, **_FORMATS[column.style]}) for column in columns.values()]
    for number, size in enumerate(sizes, start=1):
        sheet = book.add_worksheet("Data" if len(sizes) == 1 else f"Data {number}")
        for place, (name, column) in enumerate(columns.items()):
            sheet.set_column(place, place, max(_WIDTHS[column.style], len(name) + 4))
            sheet.write_string(0, place, name, header)
            sheet.write_blank(1, place, None, styles[place])
            sheet.write_blank(2, place, None, sums[place])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, size, len(columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    book.close()


def _write_cover(
    book: xlsxwriter.Workbook, cover: Cover, columns: Mapping[str, ReportColumn], sizes: Sequence[int]
) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    label = book.add_format({"bold": True, "valign": "top", "font_color": "#1F3A5F"})
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, cover.title, book.add_format({"bold": True, "font_size": 20, "font_color": "#1F3A5F"}))
    sheet.merge_range(1, 0, 1, 1, cover.description, wrapped)
    sheet.set_row(1, 15 * (1 + len(cover.description) // 120))
    row = 3
    facts = dict(cover.facts)
    if len(sizes) > 1:
        facts["Sheets"] = f"{len(sizes)}, because a sheet ends at 1,048,576 rows; totals are below the last"
    for name, value in facts.items():
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, value, wrapped)
        row += 1
    row += 1
    sheet.write_string(row, 0, "Column", book.add_format(_HEADER))
    sheet.write_string(row, 1, "Meaning", book.add_format(_HEADER))
    for name, column in columns.items():
        row += 1
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, column.description, wrapped)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
