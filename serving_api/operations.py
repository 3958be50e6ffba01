"""Whether the API and what it stands on are well: `/health` and those below it, `/status`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import orjson
from fastapi import APIRouter
from pydantic import BaseModel

from serving_api.auth import Role
from serving_api.clickhouse import ClickHouse, GoneError, QueryFailedError, TimedOutError, UnavailableError
from serving_api.endpoint import Endpoint
from serving_api.formats import FORMATS
from serving_api.generations import Generation, instant
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.problems import NOTHING_PUBLISHED, UNAVAILABLE, Problem
from serving_api.routes import Services

_DISTRIBUTION = "marketplace-warehouse"


class Health(BaseModel):
    """The process answers, and ClickHouse answers it."""

    status: str
    clickhouse: str


class Liveness(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """The process can answer questions, from this generation."""

    status: str
    generation: int


class GenerationStatus(BaseModel):
    """A published generation."""

    generation: int
    published_at: str
    complete_through: str | None


class Capabilities(BaseModel):
    """What this API can do."""

    formats: list[str]
    granularities: list[str]
    roles: list[str]
    endpoints: list[str]


class Status(BaseModel):
    """Versions, what there is, and what is published."""

    service: str
    version: str
    clickhouse_version: str | None
    generation: GenerationStatus | None
    capabilities: Capabilities


def router(services: Services, endpoints: list[Endpoint]) -> APIRouter:
    """The routes of this module."""
    routes = APIRouter(tags=["operations"])
    capabilities = Capabilities(
        formats=[form.media_type for form in FORMATS],
        granularities=sorted({g for e in endpoints for g in _granularities(e)}),
        roles=list(Role),
        endpoints=[endpoint.header.path for endpoint in endpoints],
    )

    @routes.get("/health", responses=problem_responses({"429": TOO_MANY, "503": "ClickHouse does not answer."}))
    async def health() -> Health:
        """Whether the API and ClickHouse answer. Open."""
        if await _clickhouse_version(services.clickhouse) is None:
            raise Problem(UNAVAILABLE, "the API runs, but ClickHouse does not answer it")
        return Health(status="ok", clickhouse="ok")

    @routes.get("/health/live")
    async def live() -> Liveness:
        """Whether the process answers, whatever else does not: if not, start it anew. Open, and not limited."""
        return Liveness(status="ok")

    @routes.get(
        "/health/ready",
        responses=problem_responses(
            {"503": "ClickHouse is away, or nothing is published.", "504": "ClickHouse takes too long."}
        ),
    )
    async def ready() -> Readiness:
        """Whether questions can be answered: if not, send none here for now. Open, and not limited."""
        generation = await services.generations.current()
        return Readiness(status="ready", generation=generation.number)

    @routes.get("/status", responses=problem_responses({"429": TOO_MANY}))
    async def status() -> Status:
        """Versions, capabilities and the generation in force; answers while ClickHouse is away, too. Open."""
        running = await _clickhouse_version(services.clickhouse)
        generation = None
        if running is not None:
            try:
                generation = _generation_status(await services.generations.current())
            except Problem as problem:
                if problem.kind is not NOTHING_PUBLISHED:
                    raise
        return Status(
            service=_DISTRIBUTION,
            version=_version(),
            clickhouse_version=running,
            generation=generation,
            capabilities=capabilities,
        )

    return routes


def _generation_status(generation: Generation) -> GenerationStatus:
    return GenerationStatus(
        generation=generation.number,
        published_at=instant(generation.published_at) or "",
        complete_through=instant(generation.complete_through),
    )


def _granularities(endpoint: Endpoint) -> tuple[str, ...]:
    parameter = endpoint.parameters.get("granularity")
    return () if parameter is None else parameter.choices


async def _clickhouse_version(clickhouse: ClickHouse) -> str | None:
    try:
        row = await clickhouse.rows("select version() as version", database="default", timeout_seconds=2)
    except (UnavailableError, TimedOutError, GoneError, QueryFailedError):
        return None
    found: str = orjson.loads(row)["version"]
    return found


def _version() -> str:
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "0"
