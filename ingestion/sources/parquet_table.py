"""Parquet → NDJSON lines, a few thousand rows at a time.

Data flow: file → Arrow batches → plain values (`arrow_values`) → one event a line.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from typing import BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.sources.arrow_values import plain_values
from ingestion.sources.discovery import Compression, InputFile
from ingestion.sources.errors import BadTableError, UnreadableInputError
from ingestion.sources.records import Layout
from ingestion.sources.streams import open_binary, open_stream

_ROWS = 4096
_BUFFER_BYTES = 1024 * 1024


def parquet_events(file: InputFile, consumed: Callable[[int], None]) -> Iterator[bytes]:
    """Yields one NDJSON line, with its line end, for each row.

    Args:
        file: the Parquet file; one inside .gz or .zst is unpacked to a temporary file first, because
            Parquet is read from its end.
        consumed: told the bytes of `file` that the rows so far stand for, cumulative.

    Raises:
        BadTableError: columns are unusable, or of a type that has no form in an event.
        UnreadableInputError: the file is truncated, corrupt or not Parquet.
    """
    with _opened(file) as raw:
        try:
            table = pq.ParquetFile(raw, buffer_size=_BUFFER_BYTES, pre_buffer=False)
            layout = _layout(table.schema_arrow, file.name)
            done, total = 0, table.metadata.num_rows
            for batch in table.iter_batches(batch_size=_ROWS, use_threads=False):
                columns = [plain_values(column) for column in batch.columns]
                done += batch.num_rows
                consumed(file.size * done // total)
                for row in zip(*columns, strict=True):
                    yield orjson.dumps(layout.event(row), option=orjson.OPT_APPEND_NEWLINE)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise UnreadableInputError(
                f"{file.name} is not a whole Parquet file: {str(error).splitlines()[0]}",
                "wait until it is written (use a name ending in .part until then) or fetch it again",
            ) from None


def _layout(schema: pa.Schema, name: str) -> Layout:
    for field in schema:
        try:
            plain_values(pa.nulls(0, field.type))
        except pa.ArrowNotImplementedError:
            raise BadTableError(
                f"{name}: the column {field.name!r} is of type {field.type}, which has no form in an event",
                "write it as text or as a number",
            ) from None
    return Layout.of(schema.names, name)


@contextmanager
def _opened(file: InputFile) -> Iterator[BinaryIO | FileIO]:
    if file.path is not None and file.compression is Compression.NONE:
        with open_binary(file.path) as raw:
            yield raw
        return
    with tempfile.TemporaryFile(prefix="warehouse-parquet-") as unpacked:
        with open_stream(file) as stream:
            piece = memoryview(bytearray(_BUFFER_BYTES))
            while count := stream.readinto(piece):
                unpacked.write(piece[:count])
        unpacked.seek(0)
        yield unpacked
