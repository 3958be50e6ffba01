"""How long ClickHouse is waited for when it has gone: whoever starts it again does so within seconds."""

from __future__ import annotations

import asyncio
import time

#: So long after it has gone it is expected back; later, whoever asks is told at once that it is away.
RETURN_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.1
# A query may meet an engine that is just going, and meet it again; what breaks a third connection may be the cause.
_MOST_BROKEN = 2


class Absence:
    """Since when ClickHouse has not answered."""

    def __init__(self) -> None:
        self._since: float | None = None

    def end(self) -> None:
        """It answers."""
        self._since = None

    def until(self) -> float:
        """It does not answer; instant of the monotonic clock up to which it is waited for."""
        if self._since is None:
            self._since = time.monotonic()
        return self._since + RETURN_SECONDS


class Patience:
    """What one query, which only reads, bears: the first failure always, more while ClickHouse is just away.

    Args:
        absence: of the ClickHouse that is asked.
        seconds: how long the query waits at most.
    """

    def __init__(self, absence: Absence, seconds: float) -> None:
        self._absence = absence
        self._until = time.monotonic() + seconds
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
        if self._failures == 1:
            # It may have closed an idle connection just now, or come back at another port.
            return True
        if time.monotonic() >= min(self._until, self._absence.until()):
            return False
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return True
