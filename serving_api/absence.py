"""How long ClickHouse is waited for when it has gone: whoever starts it again does so within seconds."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

#: So long after it has gone it is expected back; later, whoever asks is told at once that it is away.
RETURN_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.1
# A query may meet an engine that is just going, and meet it again; what breaks a third connection may be the cause.
_MOST_BROKEN = 2


class Absence:
    """Since when ClickHouse has not answered; to be used in one event loop."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._is_looked_for = False
        self._back = asyncio.Event()

    def end(self) -> None:
        """It answers."""
        self._since = None
        self._back.set()

    async def wait(self) -> bool:
        """Returns when it is worth a look whether it is back, True; False when it is not expected back any more.

        Of all who wait, one looks at a time: many who wait would keep each other, and the engine that starts, busy.
        """
        if self._since is None:
            self._since = time.monotonic()
            self._back.clear()
        until = self._since + RETURN_SECONDS
        while not self._back.is_set():
            if time.monotonic() >= until:
                return False
            if not self._is_looked_for:
                self._is_looked_for = True
                try:
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
                finally:
                    self._is_looked_for = False
                return True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._back.wait(), _LOOK_AGAIN_SECONDS)
        return True


class Patience:
    """What one query, which only reads, bears: the first failure always, more while ClickHouse is just away.

    Args:
        absence: of the ClickHouse that is asked; None for a query that does not wait.
    """

    def __init__(self, absence: Absence | None) -> None:
        self._absence = absence
        self._failures = self._broken = 0

    async def lasts(self, *, begun: bool) -> bool:
        """Whether to send the query once more, after a moment; asked after each failure.

        Args:
            begun: whether ClickHouse may have had the query.
        """
        self._failures += 1
        self._broken += begun
        if self._broken > _MOST_BROKEN:
            return False
        # It may have closed an idle connection just now, or come back at another port.
        return self._failures == 1 or (self._absence is not None and await self._absence.wait())
