"""Where events wait: lines in segments, each the body of one request, in memory or in a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from .event import new_event_id

_LOCK = "lock"
_REJECTED = "rejected"
_SUFFIX = ".ndjson"


class Segment(Protocol):
    """Lines that are sent together; `events` and `size` (bytes) grow with each."""

    events: int
    size: int

    def append(self, line: bytes) -> None:
        """Add a line; all of it or nothing. Raises OSError."""

    def read(self) -> bytes:
        """All lines. Raises OSError."""

    def remove(self) -> None:
        """Forget it: it has been dealt with."""


class MemorySegment:
    """A segment that dies with the process."""

    def __init__(self) -> None:
        self.events = 0
        self.size = 0
        self._lines: list[bytes] = []

    def append(self, line: bytes) -> None:
        """See Segment."""
        self._lines.append(line)
        self.events += 1
        self.size += len(line)

    def read(self) -> bytes:
        """See Segment."""
        return b"".join(self._lines)

    def remove(self) -> None:
        """See Segment."""
        self._lines.clear()


class FileSegment:
    """A segment in a file; what was appended outlives the process, though not the host's power.

    Args:
        path: of the file; one that exists was left by another process and only waits to be sent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self.events = 0
        self.size = 0
        if path.exists():
            # A process killed in the middle of a line had not accepted it.
            whole = _whole_lines(path.read_bytes())
            self.events, self.size = whole.count(b"\n"), len(whole)

    def append(self, line: bytes) -> None:
        """See Segment."""
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            if os.write(self._file, line) != len(line):
                raise OSError("the disk took only a part of an event")
        except OSError:
            os.ftruncate(self._file, self.size)
            raise
        self.events += 1
        self.size += len(line)

    def read(self) -> bytes:
        """See Segment."""
        return self._path.read_bytes()[: self.size]

    def remove(self) -> None:
        """See Segment."""
        self.release()
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Close the file; no line is added any more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class BufferFolder:
    """A process's own folder of segments inside the shared one; its lock tells the living from the dead.

    Args:
        shared: the buffer folder of the service.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, shared: Path) -> None:
        self._shared = shared
        shared.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = new_event_id()
        self._own = shared / name
        # Nobody may find the folder before it is locked.
        made = shared / f".{name}"
        made.mkdir(mode=0o700)
        self._lock = os.open(made / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        made.rename(self._own)
        self._count = 0

    def new(self) -> FileSegment:
        """A segment to append to."""
        self._count += 1
        return FileSegment(self._own / f"{self._count:010d}{_SUFFIX}")

    def adopt(self) -> Iterator[FileSegment]:
        """The segments of processes that have ended, oldest first; from now on this process's own."""
        for folder in sorted(self._shared.iterdir()):
            if folder.name.startswith(".") or folder.name == _REJECTED or folder == self._own:
                continue
            yield from self._adopt(folder)

    def _adopt(self, folder: Path) -> Iterator[FileSegment]:
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            return  # Not ours, or somebody else has just adopted it.
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in sorted(folder.glob(f"*{_SUFFIX}")):
                self._count += 1
                moved = left.rename(self._own / f"{self._count:010d}{_SUFFIX}")
                segment = FileSegment(moved)
                if segment.events:
                    yield segment
                else:
                    segment.remove()
            (folder / _LOCK).unlink(missing_ok=True)
            folder.rmdir()
        except OSError:
            return  # Its process lives, or it can be adopted next time.
        finally:
            os.close(lock)

    def keep_rejected(self, lines: bytes, limit: int) -> bool:
        """Put lines aside for people, unless the folder for them already holds `limit` bytes."""
        folder = self._shared / _REJECTED
        try:
            folder.mkdir(exist_ok=True, mode=0o700)
            if sum(path.stat().st_size for path in folder.iterdir()) + len(lines) > limit:
                return False
            path = folder / f"{new_event_id()}{_SUFFIX}"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(lines)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Let go of the folder; what is left in it is adopted by the next process."""
        if not any(self._own.glob(f"*{_SUFFIX}")):
            (self._own / _LOCK).unlink(missing_ok=True)
            self._own.rmdir()
        self.forget()

    def forget(self) -> None:
        """Close the lock without a trace: after a fork it is the parent's."""
        os.close(self._lock)


def _whole_lines(data: bytes) -> bytes:
    return data[: data.rfind(b"\n") + 1]
