"""The core: a buffer, and a thread that sends it oldest first until the other side has taken all of it.

A caller only ever appends to the buffer. It waits for no network: the lock is never held while something is sent.
"""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from .buffer import Buffer
from .errors import ClientError, Closed
from .options import Options, Statistics
from .segments import Segment
from .transport import Receipt, Transport, Undelivered

_LOG = logging.getLogger(__name__)

#: A trouble that lasts is logged again after this long.
_LOG_EVERY_SECONDS = 60.0


class Outbox:
    """Takes lines and sees to their delivery.

    Args:
        make_transport: the way out; called in the sending thread, when there is something to send.
        options: see there.
    """

    def __init__(self, make_transport: Callable[[], Transport], options: Options) -> None:
        self._make_transport = make_transport
        self._options = options
        self._reset()
        self._buffer.open()
        self._start()

    def _reset(self) -> None:
        self._lock = threading.RLock()  # A signal handler may track in the middle of a track.
        self._due = threading.Condition(self._lock)
        self._patience = threading.Condition(self._lock)
        self._progress = threading.Condition(self._lock)
        self._buffer = Buffer(self._options)
        self._statistics = Statistics()
        self._transport: Transport | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._ended = False
        self._close_at = 0.0
        self._hurried = False
        self._given_up = False
        self._flush_until = 0
        self._failures = 0
        self._lost = 0
        self._logged: dict[str, float] = {}

    @property
    def statistics(self) -> Statistics:
        """What has happened so far."""
        with self._lock:
            return replace(self._statistics, recovered=self._buffer.recovered, buffered=self._buffer.events)

    def accept(self, line: bytes) -> None:
        """Take a line.

        Raises:
            BufferFull, Closed: it was not taken, and is counted as dropped.
        """
        with self._lock:
            self._count(tracked=1)
            idle = not self._buffer.events
            try:
                if self._closed:
                    raise Closed("the client is closed")
                self._buffer.append(line)
            except ClientError as refusal:
                self._count(dropped=1)
                self._log(logging.ERROR, "dropped", f"events are dropped: {refusal}")
                raise
            if idle or self._buffer.due_in(now=False) == 0.0:
                self._due.notify()
        self._start()

    def refuse(self, refusal: ClientError) -> None:
        """Count an event that can never be one."""
        with self._lock:
            self._count(tracked=1, rejected=1)
            self._log(logging.ERROR, "rejected", f"an event was rejected: {refusal}")

    def flush(self, timeout: float | None) -> bool:
        """Wait until all that was accepted before is sent or rejected; False when time ran out."""
        self._start()
        with self._lock:
            target = self._buffer.left + self._buffer.events
            self._flush_until = max(self._flush_until, target)
            self._due.notify()
            self._progress.wait_for(lambda: self._buffer.left >= target or self._ended, timeout)
            return self._buffer.left >= target

    def close(self, timeout: float | None) -> bool:
        """Accept nothing more and try to send the rest; False when something is still unsent."""
        timeout = self._options.close_seconds if timeout is None else timeout
        with self._lock:
            thread, first = self._thread, not self._closed
            if first:
                self._closed = True
                self._close_at = time.monotonic() + timeout
                self._due.notify()
                self._patience.notify()
        if thread is not None:
            thread.join(timeout)
        elif first:
            self._run()  # Never used in this process, or the interpreter is ending and starts no thread.
        with self._lock:
            return not self._buffer.events and not self._lost

    def hold(self) -> None:
        """Before a fork: let nobody be in the middle of anything."""
        self._lock.acquire()

    def release(self) -> None:
        """After a fork, in the parent."""
        self._lock.release()

    def after_fork(self) -> None:
        """After a fork, in the child: what was inherited is the parent's; start afresh with the next event."""
        self._buffer.forget()
        self._reset()

    def _start(self) -> None:
        """Have a sending thread: at first, after a fork, and should it have died."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._closed or (self._thread is not None and self._thread.is_alive()):
                return
            thread = threading.Thread(target=self._run, name="analytics-events", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                return  # The interpreter is ending; `close` sends what there is.
            self._thread = thread

    def _run(self) -> None:
        while (segment := self._next()) is not None:
            self._deliver(segment)
        self._end()
        if self._transport is not None:
            self._transport.close()

    def _next(self) -> Segment | None:
        """The segment to send next, when it is due; None when there is nothing more to do."""
        with self._lock:
            while not self._given_up:
                due = self._buffer.due_in(now=self._closed or self._buffer.left < self._flush_until)
                if due == 0.0:
                    return self._buffer.first()
                if due is None and self._closed:
                    return None
                self._due.wait(due)
            return None

    def _deliver(self, segment: Segment) -> None:
        try:
            if self._transport is None:
                self._transport = self._make_transport()
            receipt = self._transport.send(segment.read().splitlines(keepends=True))
        except Undelivered as failure:
            self._failed(failure)
        except FileNotFoundError:
            self._vanished(segment)
        except Exception as error:  # noqa: BLE001 - whatever it is, the events stay and the thread goes on
            self._failed(Undelivered(f"{type(error).__name__}: {error}", misconfigured=True))
        else:
            self._succeeded(segment, receipt)

    def _succeeded(self, segment: Segment, receipt: Receipt) -> None:
        for line, reason in receipt.invalid:
            self._log(logging.WARNING, "invalid", f"event {_name(line)} will be quarantined: {reason}")
        for line, reason in receipt.rejected:
            self._log(logging.ERROR, "rejected", f"event {_name(line)} was refused: {reason}")
        with self._lock:
            if receipt.rejected:
                self._buffer.keep_rejected(b"".join(line for line, _ in receipt.rejected))
            refused = len(receipt.rejected)
            self._count(sent=segment.events - refused, rejected=refused, invalid=len(receipt.invalid))
            self._statistics = replace(self._statistics, last_error=None)
            self._failures = 0
            self._buffer.done(segment)
            self._progress.notify_all()

    def _vanished(self, segment: Segment) -> None:
        with self._lock:
            self._count(dropped=segment.events)
            self._log(logging.ERROR, "vanished", "events are lost: somebody removed them from the buffer folder")
            self._buffer.done(segment)
            self._progress.notify_all()

    def _failed(self, failure: Undelivered) -> None:
        level = logging.ERROR if failure.misconfigured else logging.WARNING
        with self._lock:
            self._log(level, "undelivered", f"events wait in the buffer: {failure.reason}")
            self._statistics = replace(self._statistics, last_error=failure.reason)
            until = time.monotonic() + self._delay(failure)
            self._failures += 1
            while (remaining := until - time.monotonic()) > 0:
                if self._closed and not self._hurried and failure.retry_after is None:
                    self._hurried = True  # One more try before the end, unless patience was asked for.
                    return
                if self._closed and until > self._close_at:
                    self._given_up = True
                    return
                self._patience.wait(remaining)

    def _delay(self, failure: Undelivered) -> float:
        """Seconds: exponential with jitter, or what the other side asked for and a little more."""
        options = self._options
        if failure.retry_after is not None:
            asked = min(max(failure.retry_after, 0.0), options.max_retry_after_seconds)
            return asked + random.uniform(0, options.min_backoff_seconds)
        longest = min(options.max_backoff_seconds, options.min_backoff_seconds * 2.0 ** min(self._failures, 30))
        return random.uniform(longest / 2, longest)

    def _end(self) -> None:
        with self._lock:
            self._lost = self._buffer.close()
            self._count(dropped=self._lost)
            if self._lost:
                _LOG.error("%d events were in memory only and are lost", self._lost)
            self._ended = True
            self._progress.notify_all()

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self._statistics, name) + number for name, number in more.items()}
        self._statistics = replace(self._statistics, **counts)

    def _log(self, level: int, topic: str, message: str) -> None:
        now = time.monotonic()
        if now >= self._logged.get(topic, 0.0):
            self._logged[topic] = now + _LOG_EVERY_SECONDS
            _LOG.log(level, "%s", message)


def _name(line: bytes) -> str:
    event = json.loads(line)
    return f"{event.get('event_id')} of type {event.get('event_type')}"
