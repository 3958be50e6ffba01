"""CSV → NDJSON lines.

Data flow: file → whole text lines → records → one event a line. A record that cannot be an event row (more
fields than the header, broken quotes, not UTF-8) goes on as its own text, so that landing quarantines it with
the original; it never stops the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import orjson

from ingestion.sources.chunks import ByteStream, cut_lines
from ingestion.sources.errors import BadTableError
from ingestion.sources.records import Layout

_TEXT_BYTES = 1024 * 1024
# An event is at most 1 MiB; a longer field is an unclosed quote that swallows the file.
_FIELD_LIMIT = 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Record = tuple[list[str] | None, str]


def csv_events(stream: ByteStream) -> Iterator[bytes]:
    """Yields one NDJSON line, with its line end, for each record of a CSV file with a header.

    Values stay text as written; an empty cell is an absent field; blank lines are passed over.

    Raises:
        BadTableError: the header is missing or unusable, or the file is not UTF-8 text at all.
        SourceError: whatever the stream raises.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    records = _records(_text_lines(stream))
    layout: Layout | None = None
    for fields, text in records:
        if layout is None:
            if fields is None:
                raise BadTableError(f"{stream.name}: the header is not CSV: {text.strip()[:80]!r}", "check its quotes")
            if fields:
                layout = Layout.of(fields, stream.name)
            continue
        if fields is None or len(fields) > layout.width:
            yield from _as_is(text)
            continue
        if not fields:
            continue
        row: list[str | None] = [cell or None for cell in fields]
        row += [None] * (layout.width - len(row))
        try:
            yield orjson.dumps(layout.event(row), option=orjson.OPT_APPEND_NEWLINE)
        except orjson.JSONEncodeError:
            yield from _as_is(text)


def _records(lines: Iterator[str]) -> Iterator[Record]:
    """Yields the fields and the text of each record; None for a line with broken quotes.

    After a broken line the next one is tried, however far the open quote had run.
    """
    seen: list[str] = []
    again: list[str] = []

    def feed() -> Iterator[str]:
        while True:
            line = again.pop() if again else next(lines, None)
            if line is None:
                return
            seen.append(line)
            yield line

    reader = csv.reader(feed(), strict=True)
    while True:
        seen.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            again.extend(reversed(seen[1:]))
            reader = csv.reader(feed(), strict=True)
            yield None, seen[0]
            continue
        yield fields, seen[0] if len(seen) == 1 else "".join(seen)


def _text_lines(stream: ByteStream) -> Iterator[str]:
    """Yields text lines with their ends; bytes that are not UTF-8 survive as surrogates."""
    first = True
    for chunk in cut_lines(stream, _TEXT_BYTES):
        if first and (chunk.startswith(_UTF16) or b"\0" in chunk[:1024]):
            raise BadTableError(f"{stream.name} is not UTF-8 text", "save it as UTF-8 (spreadsheets: `CSV UTF-8`)")
        first = False
        yield from io.StringIO(chunk.decode("utf-8", "surrogateescape"), newline="")


def _as_is(text: str) -> Iterator[bytes]:
    line = text.rstrip("\r\n")
    for end in ("\r\n", "\n", "\r"):
        line = line.replace(end, "\\n")
    if line.strip():
        yield line.encode("utf-8", "surrogateescape") + b"\n"
