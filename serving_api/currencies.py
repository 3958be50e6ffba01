"""The currencies that money can be told in: those with a rate in a generation, which its marts keep."""

from __future__ import annotations

from pathlib import Path

import orjson

from serving_api.clickhouse import ClickHouse
from serving_api.generations import Generation
from serving_api.parameters import CURRENCY, DOLLAR, Values, invalid
from serving_api.problems import ParameterError

_CURRENCIES = (Path(__file__).parent / "queries" / "currencies.sql").read_text("utf-8")


class Currencies:
    """Asked once each generation, as a published one never changes."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._known: tuple[Generation, list[str]] | None = None

    async def check(self, values: Values, generation: Generation) -> None:
        """Refuse a currency that never had a rate.

        Raises:
            Problem: 400, it is not known; names those that are.
            GoneError: the generation has been dropped, or is older than its rates.
        """
        asked = values.get(CURRENCY, DOLLAR)
        if asked == DOLLAR:
            return
        if self._known is None or self._known[0] != generation:
            rows = await self._clickhouse.rows(_CURRENCIES, database=generation.database)
            self._known = (generation, [orjson.loads(line)["currency"] for line in rows.splitlines()])
        known = self._known[1]
        if asked not in known:
            raise invalid(ParameterError(CURRENCY, f"is not a currency with a rate; those are: {', '.join(known)}"))
