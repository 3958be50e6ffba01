"""What Prometheus reads: the meters of the processes, and what the generation in force says: `/metrics`."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from time import monotonic

from fastapi import APIRouter, Request, Response
from prometheus_client.core import CollectorRegistry, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from serving_api.auth import Role
from serving_api.clickhouse import ClickHouse, ClickHouseError
from serving_api.freshness import Marts
from serving_api.generations import Generation, Generations
from serving_api.guard import caller_of
from serving_api.observing.catalog import GAUGES, Gauges, load
from serving_api.observing.meters import Meters
from serving_api.openapi import problem_responses
from serving_api.problems import Problem
from warehouse.settings import Settings

_QUERIES_AT_ONCE = 2
#: What changes without a generation is measured once a minute.
_LIVE_SECONDS = 15.0
#: What is said of a generation besides what files of gauges declare: meaning and labels by name.
ABOUT: dict[str, tuple[str, tuple[str, ...]]] = {
    "warehouse_clickhouse_up": ("Whether ClickHouse answers the API: 1 or 0.", ()),
    "warehouse_generation": ("Number of the generation in force.", ()),
    "warehouse_published_timestamp_seconds": ("When it was put in force. Seconds since: `time()` less this.", ()),
    "warehouse_complete_through_timestamp_seconds": (
        "Instant of the last event in it, through which all its marts go. The lag: `time()` less this.",
        (),
    ),
    "warehouse_mart_rows": ("Rows of a mart.", ("mart",)),
    "warehouse_mart_last_date_timestamp_seconds": (
        "First instant of the last date in a mart; marts without dates have none.",
        ("mart",),
    ),
    "warehouse_gauges_failed": ("Files of gauges that this generation does not answer: 1.", ("file",)),
}


class Published:
    """Gauges of the generation in force; asked once each generation, as a published one never changes."""

    def __init__(self, clickhouse: ClickHouse, generations: Generations, marts: Marts, files: list[Gauges]) -> None:
        self._clickhouse = clickhouse
        self._generations = generations
        self._marts = marts
        self._files = [gauges for gauges in files if not gauges.header.live]
        self._live_files = [gauges for gauges in files if gauges.header.live]
        self._live: tuple[float, list[Metric]] = (-_LIVE_SECONDS, [])
        self._asking = asyncio.Lock()
        self._known: tuple[Generation, list[Metric]] | None = None

    async def families(self) -> list[Metric]:
        """All of them; while ClickHouse is away those last known, whose instants stay true."""
        up = _gauge("warehouse_clickhouse_up")
        # Any number of scrapes at once are one question.
        async with self._asking:
            try:
                generation = await self._generations.current(bridging=False)
                if self._known is None or self._known[0] != generation:
                    self._known = (generation, await self._ask(generation))
                up.add_metric([], 1)
            except Problem:
                # Nothing is published.
                up.add_metric([], 1)
            except ClickHouseError:
                up.add_metric([], 0)
            return [up, *(self._known[1] if self._known is not None else []), *await self._live_families()]

    async def _live_families(self) -> list[Metric]:
        """What is measured meanwhile; nothing while ClickHouse is away, for it would be said to be so now."""
        asked_at, found = self._live
        if monotonic() - asked_at >= _LIVE_SECONDS:
            found = []
            try:
                for gauges in self._live_files:
                    answer = await self._clickhouse.rows(gauges.sql, database="marts", patient=False)
                    found += gauges.families(answer.splitlines())
            except ClickHouseError:
                found = []
            self._live = (monotonic(), found)
        return found

    async def _ask(self, generation: Generation) -> list[Metric]:
        marts = await self._marts.of(generation)
        rows, dates = _gauge("warehouse_mart_rows"), _gauge("warehouse_mart_last_date_timestamp_seconds")
        failed = _gauge("warehouse_gauges_failed")
        for mart in marts:
            rows.add_metric([mart.mart], mart.rows)
            if mart.last_date is not None:
                dates.add_metric([mart.mart], datetime.combine(mart.last_date, datetime.min.time(), UTC).timestamp())
        there = {mart.mart for mart in marts}
        turns = asyncio.Semaphore(_QUERIES_AT_ONCE)

        async def asked(gauges: Gauges) -> list[Metric]:
            async with turns:
                try:
                    answer = await self._clickhouse.rows(gauges.sql, database=generation.database, patient=False)
                except ClickHouseError:
                    failed.add_metric([gauges.name], 1)
                    return []
                return list(gauges.families(answer.splitlines()))

        possible = [gauges for gauges in self._files if there.issuperset(gauges.header.reads)]
        found = await asyncio.gather(*map(asked, possible))
        return [*_about(generation), rows, dates, *(family for families in found for family in families), failed]


def _gauge(name: str, value: float | None = None) -> GaugeMetricFamily:
    text, labels = ABOUT[name]
    return GaugeMetricFamily(name, text, value=value, labels=labels or None)


def _about(generation: Generation) -> Iterator[Metric]:
    yield _gauge("warehouse_generation", generation.number)
    yield _gauge("warehouse_published_timestamp_seconds", generation.published_at.timestamp())
    if generation.complete_through is not None:
        yield _gauge("warehouse_complete_through_timestamp_seconds", generation.complete_through.timestamp())


class _Together(Collector):
    def __init__(self, meters: CollectorRegistry, families: Iterable[Metric]) -> None:
        self._meters = meters
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._meters.collect()
        yield from self._families


def router(
    settings: Settings, clickhouse: ClickHouse, generations: Generations, marts: Marts, meters: Meters
) -> APIRouter:
    """The route of this module.

    Raises:
        GaugeError: a file of gauges is not sound.
    """
    routes = APIRouter(tags=["operations"])
    published = Published(clickhouse, generations, marts, load(GAUGES))
    # Without a key for tokens the API listens on loopback only, where everything may be read.
    is_open = settings.api_jwt_secret is None and settings.api_jwks_url is None and settings.api_metrics_token is None

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={
            200: {
                "description": "Prometheus text format, or OpenMetrics where `Accept` asks for it.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
            **problem_responses({"401": "No valid token.", "403": "Not for the role of the token."}),
        },
        openapi_extra={"security": [{"bearer": []}, {}]},
    )
    async def metrics(request: Request) -> Response:
        """Figures of the processes and of the generation in force, for Prometheus. `API_METRICS_TOKEN` and admins."""
        if not (is_open or _is_scraper(request, settings)):
            caller_of(request).require(frozenset({Role.ADMIN}))
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        content = encode(_Together(meters.registry, await published.families()))
        return Response(content, headers={"Cache-Control": "no-store", "Content-Type": media_type})

    return routes


def _is_scraper(request: Request, settings: Settings) -> bool:
    if settings.api_metrics_token is None:
        return False
    wanted = f"Bearer {settings.api_metrics_token.get_secret_value()}"
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode())
