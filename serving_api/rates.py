"""How often a caller may ask: counts of the past minute, a caller at a time, in this process."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

WINDOW_SECONDS = 60
#: The callers that asked longest ago are forgotten first.
REMEMBERED_CALLERS = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a request: whether it may pass, and what its caller has left.

    Attributes:
        allowed: whether it may.
        limit: requests in a minute.
        remaining: how many are left now.
        reset: seconds until the earliest of those counted counts no more.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """The same for the caller."""
        numbers = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset}
        headers = {f"RateLimit-{name}": str(number) for name, number in numbers.items()}
        return headers if self.allowed else headers | {"Retry-After": str(self.reset)}


@dataclass(slots=True)
class _Count:
    total: int = 0
    # [second, requests in it]: as small for a limit of a million as for one of a hundred.
    seconds: deque[list[int]] = field(default_factory=deque)


class Rates:
    """At most `limit` requests of a caller in any minute; refused ones do not count.

    Args:
        limit: requests in a minute.
        clock: seconds that only ever grow.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def ask(self, caller: str) -> Verdict:
        """Count a request, unless it is one too many."""
        now = self._clock()
        count = self._counts.setdefault(caller, _Count())
        self._counts.move_to_end(caller)
        if len(self._counts) > REMEMBERED_CALLERS:
            self._counts.popitem(last=False)
        # A second leaves when its last moment is a minute ago, so that a minute never has more than the limit.
        while count.seconds and count.seconds[0][0] + 1 + WINDOW_SECONDS <= now:
            count.total -= count.seconds.popleft()[1]
        allowed = count.total < self._limit
        if allowed:
            if not count.seconds or count.seconds[-1][0] != int(now):
                count.seconds.append([int(now), 0])
            count.seconds[-1][1] += 1
            count.total += 1
        reset = ceil(count.seconds[0][0] + 1 + WINDOW_SECONDS - now)
        return Verdict(allowed, self._limit, self._limit - count.total, reset)
