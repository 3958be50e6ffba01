"""How old the published numbers are, overall and mart by mart, and how long events take: `/freshness`."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from serving_api.clickhouse import ClickHouse, GoneError
from serving_api.generations import Generation, instant
from serving_api.guard import caller_of
from serving_api.openapi import TOO_MANY, problem_responses
from serving_api.problems import UNAVAILABLE, Problem
from serving_api.routes import PARTS_AT_ONCE, Services

_QUERIES = Path(__file__).parent / "queries"
_MARTS = (_QUERIES / "marts.sql").read_text("utf-8")
_DATED = (_QUERIES / "mart_dated.sql").read_text("utf-8")
_UNDATED = (_QUERIES / "mart_undated.sql").read_text("utf-8")
_CANARIES = (_QUERIES / "canaries.sql").read_text("utf-8")
_CANARY_MART = "canary_latency"


class MartFreshness(BaseModel):
    """Rows of a mart; the last date in its first column of dates, null for a mart without one; and the first day that
    is kept of it, null while nothing has left."""

    mart: str
    rows: int
    last_date: date | None
    kept_from: date | None


class DoorLatency(BaseModel):
    """The last canary through a door: milliseconds from its sending to each hop, null where it was not seen."""

    door: str
    minute: str
    lost: int
    accepted_ms: int | None
    stored_ms: int | None
    published_ms: int | None
    served_ms: int | None


class Freshness(BaseModel):
    """How old the published numbers are: since the last event in them, and since their publication."""

    generation: int
    published_at: str
    complete_through: str | None
    age_seconds: float | None
    published_age_seconds: float
    marts: list[MartFreshness]
    doors: list[DoorLatency]


class Marts:
    """The marts of the generation in force; asked once each generation, as a published one never changes."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._turns = asyncio.Semaphore(PARTS_AT_ONCE)
        self._known: tuple[Generation, list[MartFreshness]] | None = None

    async def of(self, generation: Generation) -> list[MartFreshness]:
        """What there is in a generation.

        Raises:
            GoneError: it has been dropped.
        """
        if self._known is None or self._known[0] != generation:
            rows = await self._clickhouse.rows(_MARTS, database=generation.database)
            found = [orjson.loads(line) for line in rows.splitlines()]
            marts = await asyncio.gather(*(self._measured(generation, m["mart"], m["date_column"]) for m in found))
            self._known = (generation, marts)
        return self._known[1]

    async def doors(self, generation: Generation) -> list[DoorLatency]:
        """The last canary through each door that a generation knows of.

        Raises:
            GoneError: it has been dropped.
        """
        if not any(mart.mart == _CANARY_MART for mart in await self.of(generation)):
            return []
        rows = await self._clickhouse.rows(_CANARIES, database=generation.database)
        return [DoorLatency.model_validate_json(line) for line in rows.splitlines()]

    async def _measured(self, generation: Generation, mart: str, date_column: str) -> MartFreshness:
        parameters = {"param_mart": mart} | ({"param_date_column": date_column} if date_column else {})
        sql = _DATED if date_column else _UNDATED
        async with self._turns:
            answer = await self._clickhouse.rows(sql, database=generation.database, parameters=parameters)
        row = orjson.loads(answer)
        return MartFreshness(
            mart=mart, rows=row["row_count"], last_date=row["last_date"], kept_from=dict(generation.left).get(mart)
        )


def router(services: Services, marts: Marts) -> APIRouter:
    """The route of this module."""
    routes = APIRouter(tags=["operations"])

    @routes.get(
        "/freshness",
        responses=problem_responses(
            {"401": "No valid token.", "429": TOO_MANY, "503": "ClickHouse is away, or nothing is published."}
        ),
        openapi_extra={"security": [{"bearer": []}]},
    )
    async def freshness(request: Request, response: Response) -> Freshness:
        """How old the numbers are, overall and per mart, and how long events take by door. Any role."""
        caller_of(request)
        generation = await services.generations.current()
        try:
            found, doors = await marts.of(generation), await marts.doors(generation)
        except GoneError as error:
            services.generations.forget()
            raise Problem(UNAVAILABLE, f"generation {generation.number} cannot be read") from error
        now = datetime.now(UTC)
        through = generation.complete_through
        response.headers.update(generation.headers | {"Cache-Control": "no-store"})
        return Freshness(
            generation=generation.number,
            published_at=instant(generation.published_at) or "",
            complete_through=instant(through),
            age_seconds=None if through is None else round((now - through).total_seconds(), 3),
            published_age_seconds=round((now - generation.published_at).total_seconds(), 3),
            marts=found,
            doors=sorted(doors, key=lambda door: door.door),
        )

    return routes
