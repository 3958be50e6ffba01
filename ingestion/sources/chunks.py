"""Cutting bytes into batches at line ends, always at the same places for the same content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Protocol

from ingestion.batch import Batch
from ingestion.sources.errors import LineTooLongError

CHUNK_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 64 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class Tail(Enum):
    """What to do with bytes after the last line end when the input has ended."""

    TAKE = auto()
    LEAVE = auto()
    MORE = auto()


class ByteStream(Protocol):
    """Uncompressed bytes of one input, in order.

    Attributes:
        name: the input, for messages.
        consumed: bytes taken so far from the file on disk (compressed), for progress.
    """

    name: str
    consumed: int

    def readinto(self, buffer: memoryview) -> int:
        """Fills the start of `buffer`; 0 means that the input has ended, for now."""
        ...

    def at_end(self, tail: bytes) -> Tail:
        """Decides about an unterminated last line. MORE: the input has grown, read on."""
        ...


def cut_lines(stream: ByteStream, chunk_bytes: int, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """Yields whole lines, at most `chunk_bytes` at a time (more only where a single line is longer).

    The cuts depend on the content alone, not on how the bytes arrive, so that the same file gives the same
    chunks again. An unterminated last line gets its line end, which makes it equal to its later, finished
    self. A byte order mark at the start is dropped. Memory: one buffer and the chunk yielded.

    Raises:
        LineTooLongError: a line is longer than `max_line_bytes`.
        SourceError: whatever the stream raises; only whole chunks before it have been yielded.
    """
    buffer = bytearray(chunk_bytes)
    fill = offset = 0
    at_start = True
    while True:
        fill = _fill(stream, buffer, fill)
        ended = fill < len(buffer)
        if at_start and (fill >= len(_BOM) or ended):
            at_start = False
            if buffer.startswith(_BOM):
                buffer[: fill - len(_BOM)] = buffer[len(_BOM) : fill]
                fill, offset = fill - len(_BOM), len(_BOM)
                continue
        cut = _chunk_end(buffer, fill, chunk_bytes)
        if cut == 0 and not ended:
            if fill > max_line_bytes:
                raise _too_long(stream.name, offset, max_line_bytes)
            buffer += bytes(min(len(buffer), max_line_bytes + 1 - fill))
            continue
        if cut == 0:
            last = buffer.rfind(b"\n", 0, fill) + 1
            if fill - last > max_line_bytes:
                raise _too_long(stream.name, offset + last, max_line_bytes)
            verdict = _verdict(stream, bytes(memoryview(buffer)[last:fill]))
            if verdict is Tail.MORE:
                continue
            if verdict is Tail.TAKE and last < fill:
                yield bytes(memoryview(buffer)[:fill]) + b"\n"
            elif last:
                yield bytes(memoryview(buffer)[:last])
            return
        yield bytes(memoryview(buffer)[:cut])
        rest = fill - cut
        kept = bytes(memoryview(buffer)[cut:fill])
        if len(buffer) > chunk_bytes and rest <= chunk_bytes:
            buffer = bytearray(chunk_bytes)
        buffer[:rest] = kept
        offset, fill = offset + cut, rest


def pack_lines(lines: Iterable[bytes], chunk_bytes: int) -> Iterator[bytes]:
    """Joins lines (each with its line end) to chunks of at most `chunk_bytes`, or of one longer line."""
    held = bytearray()  # not a list of lines: a short bytes object costs several times its content
    for line in lines:
        if held and len(held) + len(line) > chunk_bytes:
            yield bytes(held)
            held.clear()
        held += line
    if held:
        yield bytes(held)


def content_batch(source: str, origin: str, lines: bytes) -> Batch:
    """A batch whose identity is its source and content: the same bytes are the same batch, wherever from."""
    digest = hashlib.sha256(source.encode())
    digest.update(lines)
    return Batch(f"{source}:{digest.hexdigest()}", source, origin, lines)


def _fill(stream: ByteStream, buffer: bytearray, fill: int) -> int:
    with memoryview(buffer) as view:
        while fill < len(view):
            count = stream.readinto(view[fill:])
            if count == 0:
                break
            fill += count
    return fill


def _chunk_end(buffer: bytearray, fill: int, chunk_bytes: int) -> int:
    """Length of the next chunk; 0 while undecided. A line longer than a chunk makes the chunk longer."""
    if fill < chunk_bytes:
        return 0
    newline = buffer.rfind(b"\n", 0, chunk_bytes)
    if newline < 0:
        newline = buffer.find(b"\n", chunk_bytes, fill)
    return newline + 1


def _verdict(stream: ByteStream, tail: bytes) -> Tail:
    return stream.at_end(tail) if tail.strip() else Tail.LEAVE


def _too_long(name: str, offset: int, limit: int) -> LineTooLongError:
    return LineTooLongError(
        f"{name}: the line at byte {offset} has no end within {limit} bytes",
        "write one event a line, ended by a line feed; a JSON array or pretty-printed JSON is not NDJSON",
    )
