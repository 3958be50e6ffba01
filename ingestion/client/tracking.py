"""`track` and its relatives, and the two skins: one whose waiting blocks, one whose waiting is awaited."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import weakref
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from .errors import ClientError, InvalidEvent
from .event import encode
from .options import Options, Statistics
from .outbox import Outbox
from .transport import Transport

_OUTBOXES: weakref.WeakSet[Outbox] = weakref.WeakSet()


class Tracker:
    """Takes events. Every method returns at once and none raises, unless `strict` asks for it.

    Args:
        make_transport: the way out.
        options: see there.
    """

    def __init__(self, make_transport: Callable[[], Transport], options: Options | None) -> None:
        self._options = options or Options()
        self._outbox = Outbox(make_transport, self._options)
        _OUTBOXES.add(self._outbox)

    @property
    def statistics(self) -> Statistics:
        """What became of the events so far."""
        return self._outbox.statistics

    def track(
        self,
        event_type: str,
        user_id: str | int | UUID | None = None,
        properties: Mapping[str, Any] | None = None,
        *,
        session_id: str | None = None,
        context: Mapping[str, Any] | None = None,
        occurred_at: datetime | str | None = None,
        event_id: str | UUID | None = None,
    ) -> str | None:
        """Take an event.

        Args:
            event_type: a name of the catalog.
            user_id: the user the event is about.
            properties: see the catalog; give money as `Decimal` or text.
            session_id: the visit it belongs to.
            context: `page_url`, `referrer`, `user_agent`, `ip`.
            occurred_at: with a time zone; now where left out.
            event_id: a UUID; made here where left out. Give one when the same event may be tracked again.

        Returns:
            The event's id; None when it was not accepted, which the statistics count.

        Raises:
            ClientError: it was not accepted, and the client is strict.
        """
        try:
            identity, line = self._encoded(
                event_type,
                event_id=event_id,
                occurred_at=occurred_at,
                user_id=user_id,
                session_id=session_id,
                source=self._options.source,
                context=context,
                properties=properties,
            )
            self._outbox.accept(line)
        except ClientError:
            if self._options.strict:
                raise
            return None
        return identity

    def _encoded(self, event_type: str, **fields: Any) -> tuple[str, bytes]:
        try:
            return encode(event_type, **fields)
        except InvalidEvent as refusal:
            self._outbox.refuse(refusal)
            raise

    def track_page_view(
        self, user_id: str | int | UUID | None, url: str, referrer: str | None = None, **more: Any
    ) -> str | None:
        """Take a `page.view`; further arguments as in `track`."""
        return self.track("page.view", user_id, _present(url=url, referrer=referrer), **more)

    def track_conversion(
        self,
        user_id: str | int | UUID | None,
        type: str,  # noqa: A002
        value: Decimal | float | None = None,
        **more: Any,
    ) -> str | None:
        """Take a `conversion`; further arguments as in `track`."""
        return self.track("conversion", user_id, _present(type=type, value=value), **more)

    # The spellings of the source systems' own plans.
    trackPageView = track_page_view  # noqa: N815
    trackConversion = track_conversion  # noqa: N815


class Producer(Tracker):
    """The skin for threads: waiting blocks."""

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything tracked before has been sent or rejected; False when `timeout` seconds ran out."""
        return self._outbox.flush(timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Accept nothing more, and send the rest within `timeout` seconds (`Options.close_seconds`).

        Returns:
            False when something is unsent: with a buffer folder it waits there for the next process.
        """
        return self._outbox.close(timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncProducer(Tracker):
    """The skin for asyncio. `track` is no coroutine: it never waits, and one that nobody awaited would be lost."""

    async def flush(self, timeout: float | None = None) -> bool:
        """As `Producer.flush`."""
        return await asyncio.to_thread(self._outbox.flush, timeout)

    async def close(self, timeout: float | None = None) -> bool:
        """As `Producer.close`."""
        return await asyncio.to_thread(self._outbox.close, timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _close_all() -> None:
    for outbox in list(_OUTBOXES):
        outbox.close(None)


# Nobody may be in the middle of anything when a process forks; one fork at a time, each lets go of what it held.
_forking = threading.Lock()
_held: list[Outbox] = []


def _before_fork() -> None:
    _forking.acquire()
    _held.extend(_OUTBOXES)
    for outbox in _held:
        outbox.hold()


def _after_fork_in_parent() -> None:
    for outbox in _held:
        outbox.release()
    _held.clear()
    _forking.release()


def _after_fork_in_child() -> None:
    for outbox in list(_OUTBOXES):
        outbox.after_fork()
    _held.clear()
    _forking.release()


atexit.register(_close_all)
os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
