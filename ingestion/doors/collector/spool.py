"""The spool: accepted lines on disk, in segments, until they have landed.

One segment is written at a time; sealed ones wait for landing in the order in which they were made. Their
names are counted, not timed, so that a clock that steps back changes nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.doors.collector import segment
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

#: A segment is sealed when it has this many bytes, landed or not.
SEGMENT_BYTES = 32 << 20


class SpoolError(WarehouseError):
    """The spool cannot be written; nothing of the group is acknowledged."""


#: What became of a line: ('stored' | 'duplicate' | the reason of its quarantine). None = not landed in time.
Outcomes = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Record:
    """The lines of one request.

    Attributes:
        lines: NDJSON, every line ended, none blank.
        count: number of lines.
        landed: called from another thread with the outcome of each line, once they have landed.
    """

    lines: bytes
    count: int
    landed: Callable[[Outcomes], None] | None = None


@dataclass(slots=True)
class Waiting:
    """A segment on disk: `size` in bytes, `lines` written by this process, and who waits for which of them."""

    path: Path
    size: int
    since: float
    lines: int = 0
    waiters: list[tuple[int, int, Callable[[Outcomes], None]]] = field(default_factory=list)


class Spool:
    """Segments in a folder; safe to use from several threads.

    Args:
        folder: made when it is not there; whoever opens it must hold the lock of its collector.

    Raises:
        SpoolError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: int | None = None
        self._active: Waiting | None = None
        self._sealed: list[Waiting] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = sorted(folder.glob(f"*{segment.SUFFIX}"))
            for path in found:
                state = path.stat()
                age = max(0.0, time.time() - state.st_mtime)
                self._sealed.append(Waiting(path, state.st_size, time.monotonic() - age))
        except OSError as error:
            raise SpoolError(f"the spool {folder} cannot be used: {error.strerror}", "make it writable") from error
        self._sealed_bytes = sum(waiting.size for waiting in self._sealed)
        self._number = max((_number(path) for path in found), default=0)

    @property
    def size(self) -> int:
        """Bytes of all segments."""
        active = self._active
        return self._sealed_bytes + (active.size if active else 0)

    @property
    def segments(self) -> int:
        """Segments that hold something."""
        return len(self._sealed) + (self._active is not None)

    @property
    def oldest_seconds(self) -> float:
        """Age of the oldest segment; 0 without any."""
        waiting = next(iter(self._sealed), self._active)
        return time.monotonic() - waiting.since if waiting else 0.0

    def write(self, group: Sequence[Record]) -> None:
        """Append records with one write and one flush; when this returns, they survive a crash.

        Raises:
            SpoolError: they are not written, none of them.
        """
        data = segment.record(b"".join([record.lines for record in group]))
        with self._lock:
            try:
                active = self._opened()
                self._append(active, data)
            except OSError as error:
                self._seal()
                raise SpoolError(
                    f"the spool {self._folder} cannot be written: {error.strerror}", "free space on its disk"
                ) from error
            for record in group:
                if record.landed is not None:
                    active.waiters.append((active.lines, record.count, record.landed))
                active.lines += record.count
            if active.size >= SEGMENT_BYTES:
                self._seal()

    def sealed(self) -> list[Waiting]:
        """All segments with something in them, oldest first; whatever is written later goes to a new one."""
        with self._lock:
            self._seal()
            return list(self._sealed)

    def remove(self, waiting: Waiting) -> None:
        """Delete a segment that has landed."""
        with self._lock:
            self._forget(waiting)
            waiting.path.unlink(missing_ok=True)

    def set_aside(self, waiting: Waiting) -> Path:
        """Take a file that is no segment out of the way; returns its new name."""
        with self._lock:
            self._forget(waiting)
            return waiting.path.rename(waiting.path.with_suffix(".damaged"))

    def close(self) -> None:
        """Seal what is being written."""
        with self._lock:
            self._seal()

    def _forget(self, waiting: Waiting) -> None:
        self._sealed.remove(waiting)
        self._sealed_bytes -= waiting.size

    def _opened(self) -> Waiting:
        if self._active is None or self._file is None:
            self._number += 1
            path = self._folder / f"{self._number:012d}{segment.SUFFIX}"
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            self._active = Waiting(path, 0, time.monotonic())
        return self._active

    def _append(self, active: Waiting, data: bytes) -> None:
        assert self._file is not None  # noqa: S101
        new = active.size == 0
        if new:
            data = segment.header() + data
        try:
            _write_all(self._file, data)
            _flush(self._file)
            if new:
                _flush_folder(self._folder)
        except OSError:
            # A flush that failed once may succeed later without having written: this segment is done with.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, active.size)
            raise
        active.size += len(data)

    def _seal(self) -> None:
        active, file = self._active, self._file
        if active is None or file is None:
            return
        os.close(file)
        self._active = self._file = None
        if active.size:
            self._sealed.append(active)
            self._sealed_bytes += active.size
        else:
            active.path.unlink(missing_ok=True)


def folder_of(settings: Settings) -> Path:
    """Where the collector has its spool: several of one home have one each."""
    return settings.home / "spool" / (settings.collector_name or "")


def folders(settings: Settings) -> dict[str | None, Path]:
    """The spools of a home by the name of their collector, whether it runs or not."""
    found = settings.home / "spool"
    if not found.is_dir():
        return {}
    return {None: found, **{path.name: path for path in sorted(found.iterdir()) if path.is_dir()}}


def _number(path: Path) -> int:
    stem = path.name.removesuffix(segment.SUFFIX)
    return int(stem) if stem.isdecimal() else 0


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _flush(file: int) -> None:
    # macOS has no fdatasync, and its fsync leaves the data in the disk's cache.
    if sys.platform == "darwin":
        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(file)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
