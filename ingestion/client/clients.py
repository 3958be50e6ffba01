"""The clients of the collector."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .collector import CollectorTransport
from .options import Options
from .tracking import AsyncProducer, Producer

_TIMEOUT_SECONDS = 10.0


class Client(Producer):
    """Sends events to the collector by HTTP.

    Args:
        url: of the collector, e.g. `http://analytics.internal:3004`.
        token: API key or JWT of role `service`, or a function that gives the present one.
        options: see there.
        timeout: seconds until the collector must have answered a request.
    """

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str],
        options: Options | None = None,
        *,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(partial(CollectorTransport, url, token, timeout), options)


class AsyncClient(AsyncProducer):
    """`Client` for asyncio; the same arguments."""

    def __init__(
        self,
        url: str,
        token: str | Callable[[], str],
        options: Options | None = None,
        *,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(partial(CollectorTransport, url, token, timeout), options)
