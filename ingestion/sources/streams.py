"""The byte streams behind the inputs: plain files (also growing ones), gzip, Zstandard, standard input, objects."""

from __future__ import annotations

import logging
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Protocol, cast

import orjson

from ingestion.sources.chunks import ByteStream, Tail
from ingestion.sources.discovery import Compression, InputFile, Readable
from ingestion.sources.errors import MissingInputError, UnreadableInputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

QUIET_SECONDS = 2.0
PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.05
_PIECE_BYTES = 256 * 1024

log = logging.getLogger(__name__)

Complete = Callable[[bytes], bool]


def is_complete_object(tail: bytes) -> bool:
    """Whether an unterminated last line is a whole JSON object, which nothing written later can change."""
    try:
        return isinstance(orjson.loads(tail), dict)
    except orjson.JSONDecodeError:
        return False


def is_never_complete(tail: bytes) -> bool:
    """For CSV, where `12.3` may become `12.34`: only a line end, or quiet, completes a line."""
    return False


@contextmanager
def open_stream(file: InputFile, complete: Complete = is_complete_object) -> Iterator[ByteStream]:
    """Opens an input, uncompressed.

    Args:
        file: the input.
        complete: whether an unterminated last line may be handed over while the file is being written.

    Raises:
        MissingInputError: the file has gone since it was discovered.
        UnreadableInputError: the file cannot be opened or read, or its archive is corrupt.
    """
    if file.remote is not None:
        with file.remote.open() as body:
            if file.compression is Compression.NONE:
                yield PipeStream(file.name, body)
            else:
                yield ArchiveStream(file.name, body, file.compression)
        return
    if file.path is None:
        yield PipeStream("stdin", cast(RawFile, sys.stdin.buffer))
        return
    with open_binary(file.path) as raw:
        if file.compression is not Compression.NONE:
            yield ArchiveStream(file.name, raw, file.compression)
        elif stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            yield PlainStream(file.name, raw, complete)
        else:
            yield PipeStream(file.name, raw)


def open_binary(path: Path) -> FileIO:
    """Opens a file unbuffered, its failures as source errors."""
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise MissingInputError(f"{path} has gone since it was listed", "run again") from None
    except OSError as error:
        raise UnreadableInputError(f"{path} cannot be opened: {error.strerror}", "check its permissions") from None


class RawFile(Readable, Protocol):
    """What is needed of an open file, unbuffered or standard input's buffer."""

    def fileno(self) -> int:
        """The descriptor."""
        ...


class PipeStream:
    """Standard input, a named pipe or an object of a bucket: its end is its end."""

    def __init__(self, name: str, raw: Readable) -> None:
        self.name = name
        self.consumed = 0
        self._raw = raw

    def readinto(self, buffer: memoryview) -> int:
        """Reads what is there; 0 at the end."""
        try:
            count: int = self._raw.readinto(buffer) or 0
        except OSError as error:
            raise UnreadableInputError(f"{self.name} cannot be read: {error.strerror}", "") from None
        self.consumed += count
        return count

    def at_end(self, tail: bytes) -> Tail:
        """The writer has closed: what there is, is all."""
        return Tail.TAKE


class PlainStream(PipeStream):
    """A regular file, which its producer may still be writing."""

    def __init__(self, name: str, raw: RawFile, complete: Complete) -> None:
        super().__init__(name, raw)
        self._file = raw
        self._complete = complete
        self._deadline: float | None = None

    def at_end(self, tail: bytes) -> Tail:
        """Takes a tail that is complete or has been quiet; otherwise waits for it, within limits.

        The limit is for the file, not for each wait, so that a producer which writes without pause
        cannot hold the reader: its unfinished line is left for the next run.
        """
        if self._complete(tail):
            return Tail.TAKE
        status = os.fstat(self._file.fileno())
        now = time.monotonic()
        # A time stamp from the future (another machine's clock) says nothing about quiet: watch and see.
        age = max(0.0, time.time() - status.st_mtime)
        quiet_since = now - age if status.st_size == self.consumed else now
        if self._deadline is None:
            self._deadline = now + PATIENCE_SECONDS
        while time.monotonic() - quiet_since < QUIET_SECONDS:
            if time.monotonic() >= self._deadline:
                return self._left(tail, "is still growing")
            size = os.fstat(self._file.fileno()).st_size
            if size > self.consumed:
                return Tail.MORE
            if size < self.consumed:
                return self._left(tail, "was truncated while it was read")
            time.sleep(_POLL_SECONDS)
        return Tail.TAKE

    def _left(self, tail: bytes, why: str) -> Tail:
        log.warning("%s %s: its unfinished last line (%d bytes) is left for the next run", self.name, why, len(tail))
        return Tail.LEAVE


class ArchiveStream:
    """A gzip file of any number of members, or a Zstandard file of any number of frames."""

    def __init__(self, name: str, raw: Readable, compression: Compression) -> None:
        self.name = name
        self.consumed = 0
        self._raw = raw
        self._new: Callable[[], _Decoder] = _Gzip if compression is Compression.GZIP else _Zstd
        self._decoder: _Decoder | None = None
        self._pending = b""
        self._exhausted = False

    def readinto(self, buffer: memoryview) -> int:
        """Decompresses at most `len(buffer)` bytes, however much an archive expands; 0 at the end.

        Raises:
            UnreadableInputError: the archive is truncated, corrupt, or not one.
        """
        while True:
            self._refill()
            if self._decoder is None:
                # gzip files on block devices and tapes are padded with zeros
                self._pending = self._pending.lstrip(b"\0") if self._new is _Gzip else self._pending
                if not self._pending:
                    if self._exhausted:
                        return 0
                    continue
                self._decoder = self._new()
            try:
                piece, self._pending = self._decoder.decompress(self._pending, len(buffer))
            except (zlib.error, zstd.ZstdError) as error:
                raise UnreadableInputError(
                    f"{self.name} is corrupt near byte {self.consumed} of the archive: {error}",
                    "fetch or write the file again; what was landed before is kept and not landed twice",
                ) from None
            truncated = not piece and self._exhausted and not self._pending and not self._decoder.eof
            if self._decoder.eof:
                self._decoder = None
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
            if truncated:
                raise UnreadableInputError(
                    f"{self.name} is truncated: the archive ends at byte {self.consumed}, its data does not",
                    "wait until it is written (use a name ending in .part until then) or fetch it again",
                )

    def at_end(self, tail: bytes) -> Tail:
        """A whole archive has a whole last line."""
        return Tail.TAKE

    def _refill(self) -> None:
        wanted = self._decoder is None or self._decoder.needs_input
        if self._pending or self._exhausted or not wanted:
            return
        try:
            self._pending = self._raw.read(_PIECE_BYTES) or b""
        except OSError as error:
            raise UnreadableInputError(f"{self.name} cannot be read: {error.strerror}", "") from None
        self.consumed += len(self._pending)
        self._exhausted = not self._pending


class _Decoder(Protocol):
    eof: bool
    needs_input: bool

    def decompress(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        """Returns at most `limit` bytes of output, and the input not taken."""
        ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self.eof = False
        self.needs_input = True

    def decompress(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        piece = self._inner.decompress(data, limit)
        self.eof = self._inner.eof
        # zlib may hold output back with no input left over; a full piece is the sign of it
        self.needs_input = len(piece) < limit
        return piece, self._inner.unused_data if self.eof else self._inner.unconsumed_tail


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor()
        self.eof = False
        self.needs_input = True

    def decompress(self, data: bytes, limit: int) -> tuple[bytes, bytes]:
        piece = self._inner.decompress(data, limit)
        self.eof = self._inner.eof
        self.needs_input = not self.eof and self._inner.needs_input
        return piece, self._inner.unused_data if self.eof else b""
