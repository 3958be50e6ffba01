"""The collector's inside: lines are judged, made durable, and landed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingestion.doors.collector.commit import Committer
from ingestion.doors.collector.landing import LandingThread
from ingestion.doors.collector.spool import Outcomes, Record, Spool, folder_of
from ingestion.doors.collector.verdict import Judge
from warehouse.settings import Settings

#: How long `?wait=stored` waits for the landing.
WAIT_SECONDS = 30.0
#: What a stop may take to land what waits.
STOP_SECONDS = 10.0
# Larger requests are judged beside the event loop, so that small ones go on.
_INLINE_EVENTS = 500

_log = logging.getLogger("collector")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Lines that are durable. `reasons`: for each why it will be quarantined, '' where it will not."""

    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """Lines that have landed, with the final reasons and counts."""

    reasons: Sequence[str]
    stored: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the collector is."""

    accepting: bool
    spool_bytes: int
    spool_limit_bytes: int
    segments: int
    oldest_waiting_seconds: float
    landing_failure: str | None
    last_landed_seconds_ago: float | None


class Service:
    """Accepts lines all day; belongs to the event loop that starts it.

    Args:
        settings: names the home and the spool's limit.
        died: called when landing has ended though nobody stopped it.

    Raises:
        SpoolError: the spool cannot be used.
    """

    def __init__(self, settings: Settings, died: Callable[[], None]) -> None:
        self._limit = settings.collector_spool_mib << 20
        self._spool = Spool(folder_of(settings))
        self._judge = Judge()
        self._landing = LandingThread(self._spool, settings, died)
        self._committer = Committer(self._spool, self._limit, self._landing.wake)
        self._stopping = False

    def start(self) -> None:
        """Begin to land, first what an earlier process left."""
        if self._spool.segments:
            _log.info("landing %d segments of an earlier run", self._spool.segments)
        self._landing.start()

    async def stop(self) -> None:
        """Land what can be landed soon; the rest stays in the spool for the next start."""
        self._stopping = True
        await self._committer.close()
        await asyncio.to_thread(self._landing.stop, STOP_SECONDS)
        self._spool.close()
        if self._spool.segments:
            _log.warning("%d segments stay in the spool and land after the next start", self._spool.segments)

    async def accept(self, lines: list[bytes], *, wait: bool) -> Accepted | Stored:
        """Judge lines and make them durable; with `wait`, until they have landed or WAIT_SECONDS are over.

        Args:
            lines: one event each, without line feeds, none blank.
            wait: answer with what became of them, if that is known in time.

        Raises:
            SpoolError: they are not durable.
        """
        joined = b"\n".join(lines) + b"\n"
        if len(lines) > _INLINE_EVENTS:
            reasons = await asyncio.to_thread(self._judge.reasons, lines, joined)
        else:
            reasons = self._judge.reasons(lines, joined)
        if not wait:
            await self._committer.commit(Record(joined, len(reasons)))
            return Accepted(reasons)
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcomes] = loop.create_future()

        def landed(outcomes: Outcomes) -> None:
            loop.call_soon_threadsafe(lambda: None if outcome.done() else outcome.set_result(outcomes))

        await self._committer.commit(Record(joined, len(reasons), landed))
        self._landing.hurry()
        try:
            outcomes = await asyncio.wait_for(outcome, WAIT_SECONDS)
        except TimeoutError:
            return Accepted(reasons)
        return Accepted(reasons) if outcomes is None else _stored(outcomes)

    def health(self) -> Health:
        """How the collector is now."""
        landed_at = self._landing.landed_at
        return Health(
            accepting=not self._stopping and not self._committer.full,
            spool_bytes=self._spool.size,
            spool_limit_bytes=self._limit,
            segments=self._spool.segments,
            oldest_waiting_seconds=round(self._spool.oldest_seconds, 3),
            landing_failure=self._landing.failure,
            last_landed_seconds_ago=None if landed_at is None else round(time.monotonic() - landed_at, 3),
        )


def _stored(outcomes: Sequence[str]) -> Stored:
    counts = Counter(outcomes)
    reasons = ["" if outcome in ("stored", "duplicate") else outcome for outcome in outcomes]
    return Stored(reasons, counts["stored"], counts["duplicate"])
