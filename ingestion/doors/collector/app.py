"""The HTTP application: `POST` of events is answered here, everything else by FastAPI.

The paths that take events bypass the framework: what it does for each request costs more than the request.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ingestion.doors.collector import openapi, shapes
from ingestion.doors.collector.access import Access, require
from ingestion.doors.collector.body import Body, Budget, Gone, lines_of
from ingestion.doors.collector.problems import MALFORMED, METHOD_NOT_ALLOWED, NOT_FOUND, UNAVAILABLE
from ingestion.doors.collector.service import Accepted, Service, Stored
from ingestion.doors.collector.shapes import Shape
from ingestion.doors.collector.spool import SpoolError
from warehouse.problems import MEDIA_TYPE, Problem
from warehouse.settings import Settings
from warehouse.tokens import Role

_SENDERS = frozenset({Role.SERVICE, Role.ADMIN})
_ADMINS = frozenset({Role.ADMIN})
_JSON = b"application/json"

_log = logging.getLogger("collector")


@dataclass(frozen=True, slots=True)
class _Door:
    """A path that takes events: what its bodies look like, and who may send them."""

    shape: Shape
    roles: frozenset[Role]


DOORS = {
    "/api/analytics/events": _Door(shapes.event, _SENDERS),
    "/api/analytics/financials": _Door(shapes.financial, _SENDERS),
    "/api/metrics/upsert": _Door(shapes.metric, _ADMINS),
}


def create_app(settings: Settings, access: Access, died: Callable[[], None] = lambda: None) -> ASGIApp:
    """The collector as an ASGI application; whoever runs it holds the lock `collector`.

    Args:
        settings: names the home, the spool's limit and the origins of CORS.
        access: checks keys and tokens.
        died: called when landing has ended though nobody stopped it.
    """
    collector = _Collector(settings, access, died)
    origins = [origin.strip() for origin in (settings.collector_cors_origins or "").split(",") if origin.strip()]
    if not origins:
        return collector
    return CORSMiddleware(
        collector,
        allow_origins=origins,
        allow_methods=["POST"],
        allow_headers=["Authorization", "Content-Encoding", "Content-Type", "X-API-Key"],
        expose_headers=["Retry-After"],
    )


class _Collector:
    def __init__(self, settings: Settings, access: Access, died: Callable[[], None]) -> None:
        self._access = access
        self._budget = Budget()
        self._service: Service | None = None

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            self._service = Service(settings, died)
            self._service.start()
            yield
            await self._service.stop()

        self._others = _framework(lifespan, self._running)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = DOORS.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._others(scope, receive, send)
            return
        body = Body(self._budget, dict(scope["headers"]))
        try:
            status, answer = await self._take(door, scope, body, receive)
        except Gone:
            return
        except SpoolError as error:
            _log.warning("refused with 503: %s", error)
            problem = Problem(UNAVAILABLE, "the spool is full; nothing of this request was kept")
            await _refuse(problem, scope, body, send)
        except Problem as problem:
            await _refuse(problem, scope, body, send)
        else:
            await _answer(send, status, answer, [(b"content-type", _JSON)])
        finally:
            body.release()

    def _running(self) -> Service:
        if self._service is None:
            raise RuntimeError("the collector answers only between start and stop of its lifespan")
        return self._service

    async def _take(self, door: _Door, scope: Scope, body: Body, receive: Receive) -> tuple[int, bytes]:
        if scope["method"] != "POST":
            raise Problem(METHOD_NOT_ALLOWED, "events are sent with POST", {"Allow": "POST"})
        require(await self._access.role(body.headers), door.roles)
        wait = _waits(scope["query_string"])
        lines = lines_of(await body.read(receive), body.headers.get(b"content-type"))
        if door.shape is not shapes.event:
            lines = [door.shape(line) for line in lines]
        return _described(await self._running().accept(lines, wait=wait))


def _waits(query: bytes) -> bool:
    if not query:
        return False
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True)
    if set(given) - {"wait"} or given.get("wait") != ["stored"]:
        raise Problem(MALFORMED, "the only parameter is wait=stored")
    return True


def _described(outcome: Accepted | Stored) -> tuple[int, bytes]:
    reasons = outcome.reasons
    invalid = _invalid(reasons)
    counts: dict[str, Any] = {
        "received": len(reasons),
        "accepted": len(reasons) - len(invalid),
        "quarantined": len(invalid),
    }
    if isinstance(outcome, Stored):
        counts |= {"stored": outcome.stored, "duplicates": outcome.duplicates}
        return 200, orjson.dumps(counts | {"invalid": invalid})
    return 202, orjson.dumps(counts | {"invalid": invalid})


def _invalid(reasons: Sequence[str]) -> list[dict[str, Any]]:
    if not any(reasons):
        return []
    return [{"index": index, "reason": reason} for index, reason in enumerate(reasons) if reason]


async def _refuse(problem: Problem, scope: Scope, body: Body, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in problem.headers.items()]
    headers += [(b"content-type", MEDIA_TYPE.encode()), (b"cache-control", b"no-store")]
    if body.is_unread:
        headers.append((b"connection", b"close"))  # else it would be read to its end, however long it is
    await _answer(send, problem.kind.status, problem.document(scope["path"]), headers)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _framework(lifespan: Callable[[FastAPI], Any], running: Callable[[], Service]) -> FastAPI:
    """The rest: health and documentation."""
    app = FastAPI(title=openapi.TITLE, lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False)

    @app.get("/health")
    async def health() -> Response:
        state = running().health()
        return Response(
            orjson.dumps({"status": "ok" if state.accepting else "refusing"} | asdict(state)),
            status_code=200 if state.accepting else 503,
            headers={"Cache-Control": "no-store"},
            media_type="application/json",
        )

    @app.get("/docs", response_class=HTMLResponse)
    async def documentation() -> str:
        return openapi.page()

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        kind = METHOD_NOT_ALLOWED if error.status_code == 405 else NOT_FOUND
        problem = Problem(kind, kind.advice, error.headers)
        document = problem.document(request.url.path)
        return Response(document, kind.status, problem.headers, MEDIA_TYPE)

    app.openapi = openapi.document  # type: ignore[method-assign]
    return app
