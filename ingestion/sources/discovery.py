"""From paths to input files: which files count, what they are, how large they are together."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from ingestion.sources.errors import MissingInputError, UnknownFormatError, UnreadableInputError

#: A path, `-` for standard input, or `s3://bucket/prefix`.
PathLike = Path | str

STDIN, S3 = "-", "s3://"


class Format(StrEnum):
    """How events are written in a file."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


class Compression(StrEnum):
    """What is wrapped around a file."""

    NONE = ""
    GZIP = "gz"
    ZSTD = "zst"


_FORMATS = {".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON, ".csv": Format.CSV, ".parquet": Format.PARQUET}
_COMPRESSIONS = {".gz": Compression.GZIP, ".zst": Compression.ZSTD}
_UNFINISHED = (".tmp", ".part")


class Readable(Protocol):
    """What is needed of anything that is read from its beginning to its end."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Fills the start of `buffer`; 0 at the end."""
        ...

    def read(self, size: int, /) -> bytes | None:
        """Reads at most `size` bytes."""
        ...


class Remote(Protocol):
    """A file that is elsewhere."""

    @property
    def url(self) -> str:
        """Its address, without a login."""
        ...

    def open(self) -> AbstractContextManager[Readable]:
        """Opens it at its beginning; failures are source errors."""
        ...


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes:
        path: the file; None is standard input, or a remote file.
        format: how events are written in it.
        compression: what is wrapped around it.
        size: bytes on disk, compressed; 0 for standard input and pipes, whose size nobody knows.
        remote: the file, where it is not on this machine.
    """

    path: Path | None
    format: Format
    compression: Compression
    size: int
    remote: Remote | None = None

    @property
    def name(self) -> str:
        """The file for people and for the ledger's `origin`."""
        if self.remote is not None:
            return self.remote.url
        return "stdin" if self.path is None else str(self.path)


def discover(paths: Sequence[PathLike]) -> list[InputFile]:
    """Lists the files behind `paths`: arguments in the order given, the content of a folder sorted.

    A folder is searched recursively for known suffixes; hidden files and folders, `*.tmp`, `*.part` and
    every other suffix in it are passed over. `s3://bucket/prefix` stands for every object whose key begins so,
    with the same exceptions. A file reached twice is listed once.

    Raises:
        MissingInputError: a path does not exist.
        UnknownFormatError: a file named explicitly has an unknown suffix.
        UnreadableInputError: a path cannot be looked at.
    """
    found: dict[object, InputFile] = {}
    for path in paths:
        if path == STDIN:
            found.setdefault("-", InputFile(None, Format.NDJSON, Compression.NONE, 0))
            continue
        if isinstance(path, str) and path.startswith(S3):
            # Its library costs a command that reads no objects half a second at its start.
            from ingestion.sources.objects import objects_under

            found.update((file.name, file) for file in objects_under(path) if file.name not in found)
            continue
        for file in _files_of(Path(path)):
            found.setdefault(os.path.realpath(file.name), file)
    return list(found.values())


def total_bytes(files: Iterable[InputFile]) -> int:
    """Bytes on disk of all files, the total of a progress bar; 0 if only standard input is read."""
    return sum(file.size for file in files)


def kind_of(name: str) -> tuple[Format, Compression] | None:
    """What a file of this name holds; None for names that are passed over."""
    stem = name.lower()
    if stem.endswith(_UNFINISHED):
        return None
    compression = Compression.NONE
    for suffix, candidate in _COMPRESSIONS.items():
        if stem.endswith(suffix):
            stem, compression = stem.removesuffix(suffix), candidate
            break
    for suffix, format_ in _FORMATS.items():
        if stem.endswith(suffix):
            return format_, compression
    return None


def unknown_format(name: str) -> UnknownFormatError:
    """The refusal of a file that was named and has a suffix no reader is known for."""
    known = ", ".join(_FORMATS)
    return UnknownFormatError(
        f"{name}: no reader for files of this suffix",
        f"known are {known}, each also with .gz or .zst; rename the file, or pipe NDJSON into `-`",
    )


def _files_of(path: Path) -> Iterator[InputFile]:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise MissingInputError(f"{path} does not exist", "check the path; `-` reads standard input") from None
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be read: {error.strerror}", "check its permissions") from None
    if stat.S_ISDIR(status.st_mode):
        yield from _files_in(path)
        return
    kind = kind_of(path.name)
    if kind is None:
        raise unknown_format(str(path))
    yield InputFile(path, *kind, _size(status))


def _files_in(folder: Path) -> Iterator[InputFile]:
    def refuse(error: OSError) -> None:
        raise UnreadableInputError(f"{error.filename} cannot be read: {error.strerror}", "check its permissions")

    listed: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        listed += [Path(parent, name) for name in names if not name.startswith(".")]
    for path in sorted(listed):
        kind = kind_of(path.name)
        if kind is None:
            continue
        try:
            status = path.stat()
        except FileNotFoundError:
            continue  # moved away since it was listed, or a dangling link
        if stat.S_ISREG(status.st_mode):
            yield InputFile(path, *kind, _size(status))


def _size(status: os.stat_result) -> int:
    return status.st_size if stat.S_ISREG(status.st_mode) else 0
