"""The application: endpoints, operations, documentation, and every error as a problem document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import ClientDisconnect

from serving_api import clickhouse, dbt_docs, docs, freshness, operations, privacy, problems, vitals
from serving_api.auth import Authority, authority
from serving_api.builder import routes as builder
from serving_api.cache import Answers, ByteCache
from serving_api.clickhouse import ClickHouse
from serving_api.currencies import Currencies
from serving_api.dashboard import routes as dashboard
from serving_api.dashboard.live import Closing
from serving_api.endpoint import ENDPOINTS, load
from serving_api.files import Files
from serving_api.formats import PACKED_TYPES
from serving_api.freshness import Marts
from serving_api.generations import Generations
from serving_api.guard import Guard
from serving_api.observing import ids, metrics, traces
from serving_api.observing.events import Reporter
from serving_api.observing.meters import Meters
from serving_api.observing.queries import Watch
from serving_api.observing.requests import Observer
from serving_api.openapi import COMPONENTS, operation
from serving_api.parameters import CURRENCY, ZONE
from serving_api.problems import Problem
from serving_api.rates import Rates
from serving_api.reports import routes as reports
from serving_api.routes import Services, handler
from warehouse.settings import Identity, Settings, get_settings

TITLE = "Marketplace warehouse API"
DESCRIPTION = (
    "Numbers of the marketplace, to read and to take away as files. Every answer comes from one published, tested"
    " generation of the marts (`X-Generation`), complete through the instant in `X-Complete-Through`. Days are UTC"
    " days; money is a JSON number with all its digits, rates are fractions of 1."
)
VERSION = "1"
#: What scripts of other origins may read of an answer besides its content.
EXPOSED_HEADERS = (
    "Content-Disposition",
    "ETag",
    "Retry-After",
    ids.HEADER,
    "X-Complete-Through",
    "X-Generation",
    *(f"RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")),
)

#: Status of requests whose client has left before the answer; no client ever sees it.
CLIENT_LEFT = 499

# What fits into a packet or two does not get there sooner; the level is where bytes saved begin to cost time.
_WORTH_PACKING_BYTES, _PACKING_LEVEL = 1_000, 4

_NO_PUNCTUATION = str.maketrans({"/": "_", "-": "_", "{": None, "}": None})

_log = logging.getLogger("serving_api")


def create_app(settings: Settings | None = None, keys: Authority | None = None, endpoints: Path = ENDPOINTS) -> FastAPI:
    """The API as an ASGI application; connects to nothing before the first request.

    Args:
        settings: from the environment by default.
        keys: what tokens are checked with; API_JWT_SECRET or API_JWKS_URL by default.
        endpoints: folder of endpoint files.

    Raises:
        SettingsError: keys or the reader's password are not configured.
        EndpointError: an endpoint file is not sound.
    """
    settings = settings or get_settings()
    settings.password(Identity.READER)
    meters, reporter, spans = Meters(), Reporter(settings), traces.provider(settings)
    pool = ClickHouse(settings, Watch(meters, None if spans is None else spans.get_tracer("serving_api")))
    redis = None
    if settings.api_redis_url is not None:
        # Whoever has no Redis need not load its client.
        from serving_api.redis_cache import redis_cache

        redis = redis_cache(settings.api_redis_url.get_secret_value())
    answers = Answers(ByteCache(settings.api_cache_mib << 20), redis)
    services = Services(pool, Generations(pool), answers, Files(pool, answers), Currencies(pool), meters)
    marts = Marts(pool)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.open()
        reporter.open()
        yield
        await reporter.close()
        await pool.close()
        if redis is not None:
            await redis.close()
        if spans is not None:
            await asyncio.to_thread(spans.shutdown)

    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=traces.telemetry(spans),
    )
    found = load(endpoints)
    takers = {name: [e.header.path for e in found if name in e.parameters] for name in (ZONE, CURRENCY)}
    for endpoint in found:
        header = endpoint.header
        app.add_api_route(
            # What the braces stand for may have slashes of its own.
            header.path.replace("}", ":path}"),
            handler(endpoint, services, takers),
            methods=["GET"],
            response_class=Response,
            summary=header.summary,
            description=header.description,
            operation_id=header.path.strip("/").translate(_NO_PUNCTUATION),
            tags=[endpoint.area],
            openapi_extra=operation(endpoint),
        )
    app.include_router(operations.router(services, found))
    app.include_router(freshness.router(services, marts))
    app.include_router(vitals.router(services))
    app.include_router(metrics.router(settings, pool, services.generations, marts, meters))
    app.include_router(reports.router(settings))
    app.include_router(privacy.router(settings))
    app.include_router(builder.router(services))
    app.state.closing = Closing()
    if endpoints == ENDPOINTS:
        app.include_router(dashboard.router(services, found, settings, app.state.closing))

    app.include_router(dbt_docs.router(settings))

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    async def documentation() -> str:
        return docs.page(app.openapi())

    app.add_middleware(
        GZipMiddleware,
        minimum_size=_WORTH_PACKING_BYTES,
        compresslevel=_PACKING_LEVEL,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *PACKED_TYPES),
    )
    limit = settings.api_rate_per_minute
    app.add_middleware(Guard, authority=keys or authority(settings), rates=Rates(limit) if limit else None)
    if settings.api_cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.api_cors_origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", ids.HEADER],
            expose_headers=EXPOSED_HEADERS,
        )
    app.add_middleware(Observer, meters=meters, tell=reporter.tell)
    _describe(app)
    _handle_errors(app)
    return app


def _describe(app: FastAPI) -> None:
    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            components = made.setdefault("components", {})
            for name, members in COMPONENTS.items():
                components.setdefault(name, {}).update(members)
            components["schemas"].update(builder.SCHEMAS)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return problems.response(error, request.url.path)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        kinds = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED}
        kind = kinds.get(error.status_code, problems.INTERNAL)
        return problems.response(Problem(kind, kind.advice, headers=error.headers), request.url.path)

    @app.exception_handler(ClientDisconnect)
    async def left(_: Request, __: Exception) -> Response:
        # Nobody reads it; it is what the log says of the request.
        return Response(status_code=CLIENT_LEFT)

    @app.exception_handler(clickhouse.UnavailableError)
    async def unavailable(request: Request, _: Exception) -> Response:
        _log.warning("%s: ClickHouse is away", _route(request))
        return problems.response(Problem(problems.UNAVAILABLE, "ClickHouse does not answer"), request.url.path)

    @app.exception_handler(clickhouse.TimedOutError)
    async def timed_out(request: Request, _: Exception) -> Response:
        _log.warning("%s: the query took too long", _route(request))
        return problems.response(Problem(problems.TIMED_OUT, problems.TIMED_OUT.advice), request.url.path)

    @app.exception_handler(clickhouse.TooLargeError)
    async def too_large(request: Request, error: clickhouse.TooLargeError) -> Response:
        problem = Problem(problems.ANSWER_TOO_LARGE, str(error))
        return problems.response(problem, request.url.path)

    # Named besides the rest, because what nobody expected is logged by the server as well, with all it was about.
    @app.exception_handler(clickhouse.QueryFailedError)
    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        # A query's error code helps; messages may hold what callers sent, so they are not logged.
        code = error.args[0] if isinstance(error, clickhouse.QueryFailedError) else ""
        _log.error("%s: %s %s", _route(request), type(error).__name__, code)
        return problems.response(Problem(problems.INTERNAL, "this should not have happened"), request.url.path)


def _route(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "path", "?"))
