"""Whether the engine of a loopback port answers yet; imported by its own processes, so it imports little."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

_SECONDS = 60.0
_PROBE_SECONDS = 0.05


def wait(http_port: int, alive: Callable[[], bool]) -> bool:
    """Wait until it answers, at most a minute and only while `alive`; False when it did not."""
    deadline = time.monotonic() + _SECONDS
    while alive() and time.monotonic() < deadline:
        if _answers(http_port):
            return True
        time.sleep(_PROBE_SECONDS)
    return False


def _answers(http_port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", http_port, timeout=1)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().read() is not None
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()
