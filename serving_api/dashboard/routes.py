"""The page (`/`, `/dashboards`), the dashboards it draws (`/api/v1/dashboards`), and what it listens to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from serving_api.dashboard import assets, live
from serving_api.dashboard.describing import described
from serving_api.dashboard.loading import load, registry
from serving_api.endpoint import SEES_ALL, Endpoint
from serving_api.generations import Generation, instant
from serving_api.guard import caller_of
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.problems import NOT_FOUND, NOTHING_PUBLISHED, Problem
from serving_api.routes import Services
from warehouse import loopback
from warehouse.settings import Settings

PATH = "/api/v1/dashboards"


def router(services: Services, endpoints: Sequence[Endpoint], settings: Settings, closing: live.Closing) -> APIRouter:
    """The routes of the page.

    Raises:
        DashboardError: a dashboard asks for what no endpoint has.
    """
    routes = APIRouter(tags=["dashboard"])
    answers = registry(endpoints)
    pages = load(answers)
    known: dict[str, bytes] = {}

    @routes.get(
        PATH,
        responses={
            200: {
                "description": "Whom the token names, and the dashboards of that role.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **problem_responses({"401": "No valid token.", "429": TOO_MANY}),
        },
        openapi_extra={"security": [{"bearer": []}]},
    )
    async def dashboards(request: Request) -> Response:
        """The dashboards that the token's role may see: what they show, and where it comes from. Any role."""
        caller = caller_of(request)
        if caller.role not in known:
            shown = [described(page, name, caller.role, answers) for name, page in pages.items()]
            known[caller.role] = orjson.dumps([page for page in shown if page is not None])
        about: dict[str, Any] = {
            "subject": caller.subject,
            "role": caller.role,
            "dagster": _dagster(settings, request) if caller.role in SEES_ALL else None,
        }
        # A page that knows the last day asks for its numbers at once.
        generation = await _current(services)
        about["generation"] = None if generation is None else generation.number
        about["complete_through"] = None if generation is None else instant(generation.complete_through)
        content = orjson.dumps(about | {"pages": orjson.Fragment(known[caller.role])})
        headers = {"Cache-Control": "no-store", "Vary": "Authorization"}
        return Response(content, headers=headers, media_type="application/json")

    @routes.get("/", include_in_schema=False)
    @routes.get("/dashboards", include_in_schema=False)
    @routes.get("/dashboards/{name:path}", include_in_schema=False)
    async def page(request: Request) -> Response:
        found = assets.answer(assets.INDEX, request)
        if found is None:
            raise Problem(NOT_FOUND, "the page has not been built: make dashboard")
        return found

    @routes.get("/dashboard/assets/{name}", include_in_schema=False)
    async def asset(name: str, request: Request) -> Response:
        found = assets.answer(name, request)
        if found is None:
            raise Problem(NOT_FOUND, "there is no such file; reload the page")
        return found

    routes.include_router(live.router(services, closing))
    return routes


def _dagster(settings: Settings, request: Request) -> str | None:
    """Where the viewer finds Dagster, None if we cannot know."""
    if settings.dagster_url is not None:
        return str(settings.dagster_url).rstrip("/")
    return f"http://127.0.0.1:{settings.dagster_port}" if request.url.hostname in loopback.NAMES else None


async def _current(services: Services) -> Generation | None:
    try:
        return await services.generations.current()
    except Problem as problem:
        if problem.kind is NOTHING_PUBLISHED:
            return None
        raise
