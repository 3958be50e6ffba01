"""The rows of a table as a file: by ClickHouse itself where it has the format, else through Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from serving_api.formats import ARROW, CSV, NDJSON, PARQUET, Format
from serving_api.generations import Generation, instant
from serving_api.reports import workbook
from serving_api.reports.definition import ReportColumn
from serving_api.reports.origin import Origin
from serving_api.reports.table import Table

_JSON = Format("json", "application/json", "JSONEachRow", {"output_format_json_array_of_rows": "1"})
_FORMATS = {form.name: form for form in (CSV, NDJSON, PARQUET, _JSON)}
# Formats in which each line is a row, but for the line breaks in quotes.
_LINES = ("csv", "ndjson", "json")


@dataclass(frozen=True, slots=True)
class Made:
    """A file in the making: complete, but not in its place yet."""

    path: Path
    title: str
    rows: int
    conditions: Mapping[str, str]
    columns: Mapping[str, ReportColumn]


def write(form: str, table: Table, source: Origin, folder: Path, progress: Callable[[int, int | None], None]) -> Made:
    """Write the rows of a table into a file in a folder, in memory of a constant size.

    Raises:
        ReportError, Unreachable: ClickHouse did not make the rows.
    """
    progress(0, None)
    rows = source.count(table)
    progress(0, rows)
    path = folder / f"{table.name}_g{source.generation.number:06d}.{form}"
    if form == "xlsx":
        facts = facts_of(table.conditions, source.generation) | {"Rows": f"{rows:,}"}
        cover = workbook.Cover(table.title, table.description, facts, source.generation.published_at)
        workbook.write(path, cover, table.columns, batches(source, table), rows, lambda done: progress(done, rows))
    else:
        chosen, done = _FORMATS[form], 0
        with path.open("xb") as file:
            for piece in source.stream(table, chosen.written_as, **chosen.settings):
                file.write(piece)
                done += piece.count(b"\n") if form in _LINES else 0
                progress(min(done, rows), rows)
    progress(rows, rows)
    return Made(path, table.title, rows, table.conditions, table.columns)


def facts_of(conditions: Mapping[str, str], generation: Generation) -> dict[str, str]:
    """What a cover says of where numbers are from."""
    return {
        **conditions,
        "Generation": str(generation.number),
        "Published": instant(generation.published_at) or "",
        "Complete through": instant(generation.complete_through) or "no events yet",
    }


def batches(source: Origin, table: Table) -> Iterator[pa.RecordBatch]:
    """The rows of a table, read as they come."""
    pieces = source.stream(table, ARROW.written_as, **ARROW.settings)
    with pa.ipc.open_stream(cast(IO[bytes], _Reader(pieces))) as stream:
        yield from stream


class _Reader:
    """Pieces of bytes as a file that is read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, as many as asked for while there are any."""
        parts, wanted = [self._left], size - len(self._left)
        while size < 0 or wanted > 0:
            piece = next(self._pieces, b"")
            if not piece:
                break
            parts.append(piece)
            wanted -= len(piece)
        found = b"".join(parts)
        taken, self._left = (found, b"") if size < 0 else (found[:size], found[size:])
        return taken

    def close(self) -> None:
        """Stop reading."""
        self.closed = True
        close: Any = getattr(self._pieces, "close", None)
        if close is not None:
            close()
