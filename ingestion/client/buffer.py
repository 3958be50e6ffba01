"""The bounded buffer: segments in the order of their making, the last of them still growing.

Not safe for threads by itself; the outbox holds its lock around every call.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

from .errors import BufferFull
from .options import Options
from .segments import BufferFolder, FileSegment, MemorySegment, Segment

_LOG = logging.getLogger(__name__)


class Buffer:
    """What waits to be sent.

    Args:
        options: size of the buffer and of its segments, and the folder.

    Attributes:
        recovered: events that other processes had left.
        events: events that wait.
        left: events that have been dealt with. Segments leave in the order of their making, so this
            count says which events they were.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._sealed: deque[Segment] = deque()
        self._growing: Segment | None = None
        self._growing_since = 0.0
        self._size = 0
        self._folder: BufferFolder | None = None
        self._opened = False
        self.events = 0
        self.left = 0
        self.recovered = 0

    def open(self) -> None:
        """Take the folder and what other processes have left in it; done by the first event at the latest."""
        if self._opened:
            return
        self._opened = True
        self._folder = _folder(self._options.buffer_dir)
        if self._folder is not None:
            for segment in self._folder.adopt():
                self._sealed.append(segment)
                self._size += segment.size
                self.recovered += segment.events
        self.events = self.recovered

    def append(self, line: bytes) -> None:
        """Keep a line.

        Raises:
            BufferFull: there is no room.
        """
        self.open()
        if self._size + len(line) > self._options.buffer_bytes:
            raise BufferFull(f"the buffer holds {self.events} events, {self._size} bytes, and may not grow")
        if self._growing is not None and self._growing.size + len(line) > self._options.batch_bytes:
            self._seal()
        try:
            segment = self._segment()
            segment.append(line)
        except OSError as error:
            # Better in memory than lost.
            _LOG.warning("the buffer folder does not take an event: %s", error.strerror or error)
            self._seal()
            self._growing = segment = MemorySegment()
            segment.append(line)
        self._size += len(line)
        self.events += 1
        if segment.events >= self._options.batch_events:
            self._seal()

    def _segment(self) -> Segment:
        if self._growing is None:
            self._growing = self._folder.new() if self._folder is not None else MemorySegment()
            self._growing_since = time.monotonic()
        return self._growing

    def due_in(self, *, now: bool) -> float | None:
        """Seconds until something is to be sent; None when nothing waits.

        Args:
            now: do not wait for company.
        """
        if self._sealed:
            return 0.0
        if self._growing is None:
            return None
        return 0.0 if now else max(0.0, self._growing_since + self._options.linger_seconds - time.monotonic())

    def first(self) -> Segment:
        """The oldest segment; nothing is added to it any more."""
        if not self._sealed:
            self._seal()
        return self._sealed[0]

    def done(self, segment: Segment) -> None:
        """The oldest segment has been dealt with."""
        self._sealed.remove(segment)
        self._size -= segment.size
        self.events -= segment.events
        self.left += segment.events
        try:
            segment.remove()
        except OSError as error:
            _LOG.warning("a sent segment stays in the buffer folder and will be sent again: %s", error.strerror)

    def keep_rejected(self, lines: bytes) -> None:
        """Put lines that were refused aside, where there is a folder with room for them."""
        if self._folder is not None and not self._folder.keep_rejected(lines, self._options.buffer_bytes):
            _LOG.warning("refused events are not kept: the folder for them is full or cannot be written")

    def close(self) -> int:
        """Let go of all; returns how many events die with the process because they were in memory only."""
        self._seal()
        lost = sum(segment.events for segment in self._sealed if isinstance(segment, MemorySegment))
        self.events -= lost
        self._sealed = deque(segment for segment in self._sealed if not isinstance(segment, MemorySegment))
        if self._folder is not None:
            try:
                self._folder.close()
            except OSError as error:
                _LOG.warning("the buffer folder was not tidied up: %s", error.strerror)
            self._folder = None
        return lost

    def forget(self) -> None:
        """Close inherited files without touching what is in them: after a fork all is the parent's."""
        if isinstance(self._growing, FileSegment):
            self._growing.release()
        if self._folder is not None:
            self._folder.forget()

    def _seal(self) -> None:
        segment, self._growing = self._growing, None
        if segment is None:
            return
        if segment.events:
            self._sealed.append(segment)
        with suppress(OSError):
            if isinstance(segment, FileSegment):
                segment.release()
            if not segment.events:
                segment.remove()


def _folder(path: Path | str | None) -> BufferFolder | None:
    if path is None:
        return None
    try:
        return BufferFolder(Path(path))
    except OSError as error:
        _LOG.error("events wait in memory only: the buffer folder %s cannot be used: %s", path, error.strerror)
        return None
