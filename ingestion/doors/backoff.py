"""Waiting between attempts: longer each time, and out of step with whoever else waits."""

from __future__ import annotations

import random


class Backoff:
    """Lengths of waits, in seconds.

    Args:
        first: the first wait is at most this long.
        most: no wait is longer.
    """

    def __init__(self, first: float = 0.5, most: float = 10.0) -> None:
        self._first = first
        self._most = most
        self._ceiling = first

    def next(self) -> float:
        """How long to wait now; the next wait is up to twice as long."""
        ceiling, self._ceiling = self._ceiling, min(self._most, 2 * self._ceiling)
        return random.uniform(ceiling / 2, ceiling)

    def reset(self) -> None:
        """It worked: the next wait is a short one again."""
        self._ceiling = self._first
