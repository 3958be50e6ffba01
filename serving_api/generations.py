"""Which generation of the marts an answer comes from: asked once per request, remembered for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

import orjson

from serving_api import absence
from serving_api.clickhouse import AwayError, ClickHouse, GoneError
from serving_api.parameters import FIRST_DATE
from serving_api.parameters import UTC as UTC_ZONE
from serving_api.problems import GENERATION_GONE, NOTHING_PUBLISHED, Problem

#: A publication is seen by every request that begins this much later.
REMEMBERED_SECONDS = 0.5
_REMEMBERED_GENERATIONS = 64

T = TypeVar("T")

_QUERIES = Path(__file__).parent / "queries"
_CURRENT = (_QUERIES / "current.sql").read_text("utf-8")
_KEPT = (_QUERIES / "kept.sql").read_text("utf-8")
_NUMBERED = (_QUERIES / "numbered.sql").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation.

    Attributes:
        number: its number.
        database: where it is.
        run_id: the run that made it.
        published_at: since when readers see it.
        complete_through: how far its events reach; None without any.
        left: marts of which older rows have left, each with the first day it still has.
    """

    number: int
    database: str
    run_id: str
    published_at: datetime
    complete_through: datetime | None
    left: tuple[tuple[str, date], ...] = ()

    def last_day(self, zone: str = UTC_ZONE) -> date:
        """Day of the last event by the clocks of a zone; today when there is none."""
        return (self.complete_through or datetime.now(UTC)).astimezone(ZoneInfo(zone)).date()

    def first_day(self, marts: Collection[str], zone: str = UTC_ZONE) -> date:
        """The first day by the clocks of a zone of which all of some marts is kept."""
        first = max((day for mart, day in self.left if mart in marts), default=FIRST_DATE)
        # What has left are days of UTC, of which the first one kept elsewhere has a part.
        return first if zone == UTC_ZONE or first == FIRST_DATE else first + timedelta(days=1)

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers that say where an answer comes from."""
        headers = {"X-Generation": str(self.number)}
        if self.complete_through is not None:
            headers["X-Complete-Through"] = instant(self.complete_through) or ""
        return headers


def instant(value: datetime | None) -> str | None:
    """An instant as the API writes it: ISO 8601, UTC, milliseconds."""
    return None if value is None else value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Remembered(Generic[T]):
    """What ClickHouse answered a moment ago, asked once for all who want to know.

    While it is away nothing is published: for as long as it is expected back, what it said before holds.

    Args:
        ask: asks it; told whether to wait until it is back.
    """

    def __init__(self, ask: Callable[[bool], Awaitable[T]]) -> None:
        self._ask = ask
        self._asking = asyncio.Lock()
        self._answer: T | None = None
        self._asked_at = float("-inf")

    async def get(self, *, bridging: bool = True) -> T:
        """The answer.

        Args:
            bridging: whether to get over a short absence; otherwise it is an error at once.
        """
        async with self._asking:
            # The age counts from before the question, so that it is never understated.
            asked_at = time.monotonic()
            if asked_at - self._asked_at >= REMEMBERED_SECONDS:
                known = bridging and asked_at - self._asked_at < absence.RETURN_SECONDS
                try:
                    self._answer = await self._ask(bridging and not known)
                    self._asked_at = asked_at
                except AwayError:
                    if not known:
                        raise
            return cast("T", self._answer)

    def forget(self) -> None:
        """Ask again the next time."""
        self._asked_at = float("-inf")


class Generations:
    """The publication pointer."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._current = _Remembered(lambda patient: self._ask(_CURRENT, {}, patient=patient))
        self._kept = _Remembered(lambda patient: self._ask_all(_KEPT, {}, patient=patient))
        self._numbered: dict[int, Generation] = {}

    async def current(self, *, bridging: bool = True) -> Generation:
        """The generation in force.

        Answers that are at hand can so be given again at once while ClickHouse is away for a moment.

        Args:
            bridging: whether to get over a short absence; otherwise it is an error at once.

        Raises:
            Problem: 503, nothing has been published.
            UnavailableError, TimedOutError: ClickHouse does not answer.
        """
        current = await self._current.get(bridging=bridging)
        if current is None:
            raise Problem(NOTHING_PUBLISHED, "no generation of the marts has been published")
        return current

    async def numbered(self, number: int) -> Generation | None:
        """A generation by its number, None if there was none; its database may have been dropped since."""
        known = self._numbered.get(number)
        if known is None:
            known = await self._ask(_NUMBERED, {"param_generation": str(number)})
            if known is not None:
                if len(self._numbered) >= _REMEMBERED_GENERATIONS:
                    self._numbered.clear()
                self._numbered[number] = known
        return known

    async def kept(self, number: int) -> Generation:
        """A generation that can still be read, by its number.

        Raises:
            Problem: 410, it is not kept (any more); names those that are.
            UnavailableError, TimedOutError: ClickHouse does not answer.
        """
        kept = await self._all_kept()
        if number not in kept:
            raise Problem(GENERATION_GONE, f"generation {number} is not kept; kept are: {_ranges(kept)}")
        return kept[number]

    async def earlier(self, generation: Generation) -> Generation | None:
        """The last generation of a day before the one on which `generation` was published, None if none is kept.

        Raises:
            UnavailableError, TimedOutError: ClickHouse does not answer.
        """
        kept = await self._all_kept()
        # A rollback puts an old generation in force anew.
        published_at = kept.get(generation.number, generation).published_at
        before = [other for other in kept.values() if other.published_at.date() < published_at.date()]
        return max(before, key=lambda other: other.number, default=None)

    def forget(self) -> None:
        """Ask again at the next request."""
        self._current.forget()
        self._kept.forget()
        self._numbered.clear()

    async def _all_kept(self) -> dict[int, Generation]:
        return {found.number: found for found in await self._kept.get()}

    async def _ask(self, sql: str, parameters: dict[str, str], *, patient: bool = True) -> Generation | None:
        return next(iter(await self._ask_all(sql, parameters, patient=patient)), None)

    async def _ask_all(self, sql: str, parameters: dict[str, str], *, patient: bool = True) -> list[Generation]:
        try:
            body = await self._clickhouse.rows(sql, parameters=parameters, patient=patient)
        except GoneError:
            # Not migrated yet: as good as nothing published.
            return []
        return [_generation(orjson.loads(line)) for line in body.splitlines()]


def _generation(row: dict[str, Any]) -> Generation:
    complete_through = row["complete_through"]
    return Generation(
        number=row["generation"],
        database=row["database"],
        run_id=row["run_id"],
        published_at=datetime.fromisoformat(row["published_at"]),
        complete_through=None if complete_through is None else datetime.fromisoformat(complete_through),
        left=tuple((mart, date.fromisoformat(day)) for mart, day in sorted(row["kept_from"].items())),
    )


def _ranges(numbers: Collection[int]) -> str:
    """Numbers as text, those in a row as a range."""
    ordered = sorted(numbers)
    starts = [n for n in ordered if n - 1 not in numbers]
    ends = [n for n in ordered if n + 1 not in numbers]
    texts = (str(a) if a == b else f"{a} to {b}" for a, b in zip(starts, ends, strict=True))
    return ", ".join(texts) or "none"
