"""Around every request: its id, what it cost, the line in the log, and the event about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving_api.observing import ids
from serving_api.observing.logs import FIELDS
from serving_api.observing.meters import Meters

#: Who only watches over the API. He is not limited, and what he asks is not what the API is for.
WATCHERS = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})

#: The stream of publications: how long somebody listens says nothing of the API's speed.
LIVE = "/api/v1/live"

#: Nobody waited for the answer.
CLIENT_LEFT = 499
_FAILED = 500
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"})
_log = logging.getLogger("serving_api.requests")


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that has been answered; nothing in it is about a person.

    Attributes:
        route: path as in OpenAPI, parameters by name; `unmatched` where there is none.
        method: HTTP method, `OTHER` for an unknown one.
        status: HTTP status; 499 where the client left first.
        began_at: instant, UTC.
        seconds: until the last byte.
    """

    route: str
    method: str
    status: int
    began_at: datetime
    seconds: float


class Observer:
    """Middleware around all the others.

    Args:
        app: what it observes.
        meters: count requests.
        tell: hears of every request that is not a watcher's; must return at once and not fail.
    """

    def __init__(self, app: ASGIApp, meters: Meters, tell: Callable[[Answered], None]) -> None:
        self._app = app
        self._meters = meters
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = ids.begin(Headers(scope=scope).get(ids.HEADER))
        said: dict[str, Any] = {}
        status, complete = CLIENT_LEFT, False

        async def observed(message: Message) -> None:
            nonlocal status, complete
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[ids.HEADER] = request_id.text
                status = message["status"]
                if generation := headers.get("x-generation"):
                    said["generation"] = int(generation)
            elif message["type"] == "http.response.body":
                complete = not message.get("more_body", False)
            await send(message)

        self._meters.began()
        began_at, began = datetime.now(UTC), perf_counter()
        try:
            await self._app(scope, receive, observed)
        except Exception:
            # The answer to what nobody expected is written outside of all middleware.
            status, complete = _FAILED, True
            raise
        finally:
            answered = Answered(
                route=route_of(scope),
                method=scope["method"] if scope["method"] in _METHODS else "OTHER",
                status=status if complete else CLIENT_LEFT,
                began_at=began_at,
                seconds=perf_counter() - began,
            )
            lasted = None if answered.route == LIVE else answered.seconds
            self._meters.ended(answered.route, answered.method, answered.status, lasted)
            self._note(answered, said)

    def _note(self, answered: Answered, said: dict[str, Any]) -> None:
        milliseconds = round(answered.seconds * 1000, 3)
        is_watcher = answered.route in WATCHERS
        _log.log(
            logging.DEBUG if is_watcher and answered.status < _FAILED else logging.INFO,
            "%s %s %d in %s ms",
            answered.method,
            answered.route,
            answered.status,
            milliseconds,
            extra={
                FIELDS: {
                    "event": "request",
                    "method": answered.method,
                    "route": answered.route,
                    "status": answered.status,
                    "duration_ms": milliseconds,
                    **said,
                }
            },
        )
        if not is_watcher and answered.route != LIVE:
            self._tell(answered)


def route_of(scope: Scope) -> str:
    """The route of a request as OpenAPI writes it; not the path, which may name a person."""
    found = getattr(scope.get("route"), "path", None)
    return "unmatched" if found is None else str(found).replace(":path}", "}")
