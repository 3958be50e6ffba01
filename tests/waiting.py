"""Waiting for what other processes and threads do."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 120
_POLL_SECONDS = 0.03


def until(condition: Callable[[], bool], told: Callable[[], str] = str, every: float = _POLL_SECONDS) -> None:
    """Wait until it holds; the test fails, with what is `told` then, when it does not come to hold.

    Args:
        condition: what is waited for.
        told: what to say when it does not come.
        every: seconds between two looks.
    """
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(every)
