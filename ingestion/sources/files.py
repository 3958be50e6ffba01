"""Files → batches: NDJSON, CSV and Parquet, plain or in .gz or .zst, folders, standard input, objects of a bucket.

Data flow: path → `discovery` → `streams` (bytes) → `csv_table`, `parquet_table` → `chunks` → batch.
Identity: a batch is its content, so a file landed twice, under whatever name, stores nothing twice.
Failure: an input that cannot be read raises after its whole batches were handed over; running again is safe.
Memory: a few chunks, whatever the size of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ingestion.batch import Batch
from ingestion.sources.chunks import CHUNK_BYTES, content_batch, cut_lines, pack_lines
from ingestion.sources.csv_table import csv_events
from ingestion.sources.discovery import Format, InputFile, PathLike, discover, total_bytes
from ingestion.sources.streams import is_never_complete, open_stream

__all__ = ["Progress", "discover", "read", "read_files", "total_bytes"]

Progress = Callable[[int], None]


def read(
    paths: Sequence[PathLike],
    *,
    source: str = "files",
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """Reads files, folders, `s3://` prefixes and `-` (standard input) as batches of NDJSON lines.

    Args:
        paths: what to read, in this order.
        source: name of the connector, part of each batch's identity.
        chunk_bytes: size of a batch in bytes of NDJSON; exceeded only by a single longer line.
        progress: told, whenever the consumer comes back for the next batch, by how many (compressed) bytes
            of the inputs the last one has moved on; the sum is `total_bytes` plus standard input.

    Raises:
        SourceError: at the call for paths that cannot be read at all, while iterating for bad content.
    """
    return read_files(discover(paths), source=source, chunk_bytes=chunk_bytes, progress=progress)


def read_files(
    files: Sequence[InputFile],
    *,
    source: str = "files",
    chunk_bytes: int = CHUNK_BYTES,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """As `read`, for files already discovered."""
    if chunk_bytes < 1:
        raise ValueError(f"chunk_bytes must be positive, not {chunk_bytes}")
    return _batches(files, source, chunk_bytes, progress or _unheard)


def _batches(files: Sequence[InputFile], source: str, chunk_bytes: int, progress: Progress) -> Iterator[Batch]:
    for file in files:
        told = position = 0
        for lines, position in _chunks(file, chunk_bytes):
            if not lines.isspace():
                yield content_batch(source, file.name, lines)
            del lines  # not held while the next chunk is read
            progress(position - told)
            told = position
        if (end := max(file.size, position)) > told:
            progress(end - told)


def _chunks(file: InputFile, chunk_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Yields NDJSON and the bytes of the file consumed with it."""
    if file.format is Format.NDJSON:
        with open_stream(file) as stream:
            for lines in cut_lines(stream, chunk_bytes):
                yield lines, stream.consumed
    elif file.format is Format.CSV:
        with open_stream(file, complete=is_never_complete) as stream:
            for lines in pack_lines(csv_events(stream), chunk_bytes):
                yield lines, stream.consumed
    else:
        # pyarrow costs a command that reads no Parquet a quarter of a second at its start
        from ingestion.sources.parquet_table import parquet_events

        reached = [0]
        for lines in pack_lines(parquet_events(file, lambda n: reached.__setitem__(0, n)), chunk_bytes):
            yield lines, reached[0]


def _unheard(count: int) -> None:
    """Stands in for an absent progress callback."""
