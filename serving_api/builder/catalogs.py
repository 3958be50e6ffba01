"""The catalog of metrics of a generation, as its build has left it."""

from __future__ import annotations

from pathlib import Path

import orjson

from serving_api.clickhouse import ClickHouse, GoneError
from serving_api.generations import Generation
from serving_api.problems import GENERATION_GONE, Problem
from warehouse.semantics import Catalog

_CATALOG = (Path(__file__).parents[1] / "queries" / "semantics.sql").read_text("utf-8")
_REMEMBERED = 8


class Catalogs:
    """Catalogs by generation; asked once each, as a published one never changes."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._known: dict[tuple[int, str], Catalog] = {}

    async def of(self, generation: Generation) -> Catalog:
        """What can be asked of a generation.

        Raises:
            Problem: 410, it is older than the catalog.
            UnavailableError, TimedOutError: ClickHouse does not answer.
        """
        key = (generation.number, generation.run_id)
        if key not in self._known:
            found = await self._ask(generation)
            while len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = found
        return self._known[key]

    async def _ask(self, generation: Generation) -> Catalog:
        try:
            body = await self._clickhouse.rows(_CATALOG, parameters={"param_generation": str(generation.number)})
        except GoneError:
            # Not migrated yet: there is no catalog of anything.
            body = b""
        if not body:
            raise Problem(
                GENERATION_GONE,
                f"generation {generation.number} was published before there was a catalog of metrics; the next build"
                " brings one",
            )
        return Catalog.model_validate_json(orjson.loads(body)["catalog"])
