"""Segments: the files of the spool. A header that names the segment, then records with length and checksum.

A record is durable as a whole or not at all: what a crash left half-written at the end fails its checksum and
is cut off. It was never acknowledged.
"""

from __future__ import annotations

import hashlib
import struct
import uuid
import zlib
from dataclasses import dataclass
from pathlib import Path

from ingestion.batch import Batch
from warehouse.errors import WarehouseError

SOURCE = "collector"
SUFFIX = ".segment"

_MAGIC = b"spool-segment-1 "
_HEADER_BYTES = len(_MAGIC) + 32 + 1
_FRAME = struct.Struct("<II")  # bytes of the record, their CRC-32


class DamagedSegment(WarehouseError):
    """A file among the segments that is none."""


@dataclass(frozen=True, slots=True)
class Content:
    """What can be read of a segment.

    Attributes:
        identity: drawn when the segment was made; a copy of the file has the same.
        lines: NDJSON of all whole records.
        cut: bytes after the last whole record.
    """

    identity: bytes
    lines: bytes
    cut: int

    def batch(self, origin: str) -> Batch:
        """The batch to land; the same for a copy of the segment."""
        digest = hashlib.sha256(self.identity + self.lines).hexdigest()
        return Batch(f"{SOURCE}:{digest}", SOURCE, origin, self.lines)


def header() -> bytes:
    """The first bytes of a new segment."""
    return _MAGIC + uuid.uuid4().hex.encode() + b"\n"


def record(lines: bytes) -> bytes:
    """A record of NDJSON lines, at least one."""
    return _FRAME.pack(len(lines), zlib.crc32(lines)) + lines


def read(path: Path) -> Content:
    """The content of a segment, up to its last whole record.

    Raises:
        DamagedSegment: it does not begin like one.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    if len(data) < _HEADER_BYTES:
        # Its maker died before the first record.
        return Content(b"", b"", len(data))
    if not data.startswith(_MAGIC):
        raise DamagedSegment(f"{path} is no spool segment", "move it out of the spool")
    records, position = [], _HEADER_BYTES
    while position + _FRAME.size <= len(data):
        length, checksum = _FRAME.unpack_from(data, position)
        start = position + _FRAME.size
        lines = data[start : start + length]
        # No record is empty: a hole of zeros must not pass for records.
        if not length or len(lines) < length or zlib.crc32(lines) != checksum:
            break
        records.append(lines)
        position = start + length
    return Content(data[len(_MAGIC) : _HEADER_BYTES - 1], b"".join(records), len(data) - position)
