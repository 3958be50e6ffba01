"""Finding a person's id in text and in files, whatever they are packed in."""

from __future__ import annotations

import gzip
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Characters that an id goes on with; `.`, `@` and `+` only where something follows, for sentences end with a dot.
_INSIDE = "A-Za-z0-9_.@+-"
_PIECE = 1 << 20
#: More than any id and what stands around it, so that none is missed where two pieces meet.
_OVERLAP = 1 << 11
#: What these hold is not to be read as it stands.
_OPAQUE = (".pdf",)
_COLUMNAR = (".parquet", ".arrow", ".feather")

_Finder = Callable[[bytes], bool]


def pattern(person: str) -> str:
    """A pattern (RE2 and Python's) that finds an id, and no longer one; its groups are what stands around it."""
    return rf"(^|[^{_INSIDE}])(?:{re.escape(person)})($|[^{_INSIDE}]|[.@+](?:$|[^A-Za-z0-9]))"


def names(path: Path, person: str) -> bool:
    """Whether a file names a person; one that cannot be read is taken to.

    Args:
        path: plain text, or text in gzip, zstd or zip (as XLSX is), Parquet or Arrow.
        person: the id.
    """
    wanted = _finder(person)
    if path.suffix in _OPAQUE:
        return True
    if path.suffix in _COLUMNAR:
        return _columns_name(path, wanted)
    try:
        return any(_stream_names(stream, wanted) for stream in _opened(path))
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, zstd.ZstdError):
        # Damaged, or packed in a way of its own: its bytes are all there is to look at.
        return wanted(path.read_bytes())


def _finder(person: str) -> _Finder:
    # As it stands, and as JSON may write it; the plain search is many times faster than the pattern.
    forms = {person, json.dumps(person)[1:-1]}
    wanted = [(form.encode(), re.compile(pattern(form).encode())) for form in forms]
    return lambda data: any(plain in data and exact.search(data) is not None for plain, exact in wanted)


def _opened(path: Path) -> Iterator[BinaryIO]:
    if path.suffix == ".gz":
        with gzip.open(path) as packed:
            yield packed  # type: ignore[misc]
    elif path.suffix == ".zst":
        with zstd.open(path) as unpacked:
            yield unpacked  # type: ignore[misc]
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield member  # type: ignore[misc]
    else:
        with path.open("rb") as plain:
            yield plain


def _stream_names(stream: BinaryIO, wanted: _Finder) -> bool:
    tail = b""
    while piece := stream.read(_PIECE):
        tail += piece
        if wanted(tail):
            return True
        tail = tail[-_OVERLAP:]
    return False


def _columns_name(path: Path, wanted: _Finder) -> bool:
    import pyarrow as pa
    import pyarrow.dataset as ds

    try:
        found = ds.dataset(path, format="parquet" if path.suffix == ".parquet" else "arrow")
        return any(wanted(str(row).encode()) for batch in found.to_batches() for row in batch.to_pylist())
    except (pa.ArrowException, OSError):
        return True
