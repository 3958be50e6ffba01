"""Landing what the spool holds: segment by segment, deleted once the ledger has been read back."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from importlib import resources
from typing import TYPE_CHECKING

from ingestion.batch import Batch
from ingestion.doors.collector import segment
from ingestion.doors.collector.spool import Spool, Waiting
from ingestion.landing import Entry, Lander
from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.failures import explained
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Between the beginnings of two landings, so that a trickle of events does not become a stream of tiny batches.
INTERVAL_SECONDS = 0.5
_RETRY_SECONDS, _LONGEST_RETRY_SECONDS = 0.5, 5.0

_OUTCOMES = resources.files(__package__).joinpath("outcomes.sql").read_text("utf-8")

_log = logging.getLogger("collector")


class SpoolLander:
    """Lands segments; keeps its connections until something fails.

    Args:
        spool: where the segments are.
        settings: names the ClickHouse.
    """

    def __init__(self, spool: Spool, settings: Settings) -> None:
        self._spool, self._settings = spool, settings
        self._lander: Lander | None = None
        self._client: Client | None = None

    def land(self) -> Iterator[Entry]:
        """Land and delete what the spool holds now; yields what the ledger says of each segment.

        Raises:
            WarehouseError: ClickHouse is away or refuses; what has not landed stays in the spool.
        """
        under_way: deque[Waiting] = deque()
        try:
            self._lander = self._lander or Lander(self._settings)
            # The ledger is read back segment by segment, in the order in which they are handed over.
            for entry in self._lander.land_all(self._batches(under_way)):
                waiting = under_way.popleft()
                self._tell(waiting, entry)
                self._spool.remove(waiting)
                yield entry
        except WarehouseError:
            # A ClickHouse that was started again may be at another address.
            self._lander = self._client = None
            raise

    def _batches(self, under_way: deque[Waiting]) -> Iterator[Batch]:
        for waiting in self._spool.sealed():
            try:
                content = segment.read(waiting.path)
            except segment.DamagedSegment as error:
                _log.error("%s; kept as %s", error.message, self._spool.set_aside(waiting))
                continue
            except OSError as error:
                raise WarehouseError(f"cannot read {waiting.path}: {error.strerror}", "check its disk") from error
            if content.cut:
                _log.warning("%s: cut off %d bytes that were never acknowledged", waiting.path.name, content.cut)
            if not content.lines:
                self._spool.remove(waiting)
                continue
            under_way.append(waiting)
            yield content.batch(f"spool segment {waiting.path.name}")

    def _tell(self, waiting: Waiting, entry: Entry) -> None:
        """Tell those who wait what became of their lines."""
        if not waiting.waiters:
            return
        from clickhouse_connect.driver.exceptions import ClickHouseError

        try:
            self._client = self._client or connect(Identity.LOADER, self._settings, log_comment="collector")
            rows = self._client.query(_OUTCOMES, parameters={"batch_id": entry.batch_id}).result_rows
        except ClickHouseError as error:
            raise explained(error) from None
        outcomes = [outcome for (outcome,) in rows]
        for first, count, landed in waiting.waiters:
            landed(outcomes[first : first + count])
        waiting.waiters.clear()


class LandingThread(threading.Thread):
    """Lands all day, soon after something was written, and keeps trying while ClickHouse is away.

    Args:
        spool: what is landed.
        settings: names the ClickHouse.
        died: called when the thread ends though nobody stopped it.
    """

    def __init__(self, spool: Spool, settings: Settings, died: Callable[[], None]) -> None:
        super().__init__(name="landing", daemon=True)
        self._spool, self._died = spool, died
        self._lander = SpoolLander(spool, settings)
        self._work, self._hurry, self._stopping = threading.Event(), threading.Event(), threading.Event()
        self._retry_seconds = _RETRY_SECONDS
        self.failure: str | None = None
        self.landed_at: float | None = None
        if spool.segments:
            self._work.set()

    def wake(self) -> None:
        """Something was written."""
        self._work.set()

    def hurry(self) -> None:
        """Somebody waits for what was written."""
        self._hurry.set()
        self._work.set()

    def stop(self, seconds: float) -> None:
        """Land what can be landed within this time; the rest stays in the spool."""
        self._stopping.set()
        self.hurry()
        self.join(seconds)

    def run(self) -> None:
        """Until stopped."""
        try:
            while not self._stopping.is_set():
                self._work.wait()
                started = time.monotonic()
                self._work.clear()
                self._hurry.clear()
                if not self._land():
                    self._work.set()
                    self._stopping.wait(self._retry_seconds)
                    self._retry_seconds = min(2 * self._retry_seconds, _LONGEST_RETRY_SECONDS)
                    continue
                self._hurry.wait(max(0.0, started + INTERVAL_SECONDS - time.monotonic()))
            if self._spool.segments:
                self._land()
        finally:
            if not self._stopping.is_set():
                self._died()

    def _land(self) -> bool:
        try:
            for _ in self._lander.land():
                self.landed_at = time.monotonic()
                self._goes_on()
        except WarehouseError as error:
            if self.failure != error.message:
                _log.warning("landing waits: %s", error)
            self.failure = error.message
            return False
        self._goes_on()
        return True

    def _goes_on(self) -> None:
        if self.failure is not None:
            _log.warning("landing goes on")
        self.failure, self._retry_seconds = None, _RETRY_SECONDS
