"""What has just been published, as server-sent events: one for each generation, and a sign of life in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from serving_api.clickhouse import ClickHouseError
from serving_api.generations import Generation, instant
from serving_api.guard import caller_of
from serving_api.observing.requests import LIVE
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.problems import Problem
from serving_api.routes import Services

PATH = LIVE
#: How often the pointer is looked at; all listeners share one look, which `Generations` remembers.
LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
#: A stream ends after this long, and whoever still listens shows the token anew.
LONGEST_SECONDS = 900.0
RETRY_MS = 2000

_EVENT = {
    "type": "object",
    "required": ["generation", "published_at", "complete_through"],
    "properties": {
        "generation": {"type": "integer"},
        "published_at": {"type": "string", "format": "date-time"},
        "complete_through": {"type": ["string", "null"], "format": "date-time"},
    },
}


class Closing:
    """Tells streams that the server is about to stop, which waits for them."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def close(self) -> None:
        """End all streams."""
        self._event.set()

    async def within(self, seconds: float) -> bool:
        """Wait for so long; whether the server is about to stop."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True


def router(services: Services, closing: Closing) -> APIRouter:
    """The route of this module."""
    routes = APIRouter(tags=["operations"])

    @routes.get(
        PATH,
        responses={
            200: {
                "description": "Events `publication` with data as described, and now and then a comment.",
                "content": {"text/event-stream": {"schema": {"type": "string", "contentSchema": _EVENT}}},
            },
            **problem_responses({"401": "No valid token.", "429": TOO_MANY}),
        },
        response_class=StreamingResponse,
        openapi_extra={"security": [{"bearer": []}]},
    )
    async def live(request: Request) -> StreamingResponse:
        """An event for the generation in force, and one for each published from then on. Any role.

        The stream ends after a quarter of an hour; ask again.
        """
        caller_of(request)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_events(services, closing), media_type="text/event-stream", headers=headers)

    return routes


async def _events(services: Services, closing: Closing) -> AsyncIterator[bytes]:
    yield b"retry: %d\n\n" % RETRY_MS
    clock = asyncio.get_running_loop().time
    told: Generation | None = None
    began = spoke = clock()
    while clock() - began < LONGEST_SECONDS:
        current = told
        # Nothing published yet, or ClickHouse is away: the next look may find more.
        with suppress(Problem, ClickHouseError):
            current = await services.generations.current()
        if current is not None and current != told:
            told, spoke = current, clock()
            yield _written(current)
        elif clock() - spoke >= HEARTBEAT_SECONDS:
            spoke = clock()
            yield b": still here\n\n"
        if await closing.within(LOOK_SECONDS):
            return


def _written(generation: Generation) -> bytes:
    data: dict[str, Any] = {
        "generation": generation.number,
        "published_at": instant(generation.published_at),
        "complete_through": instant(generation.complete_through),
    }
    return b"event: publication\nid: %d\ndata: %s\n\n" % (generation.number, orjson.dumps(data))
