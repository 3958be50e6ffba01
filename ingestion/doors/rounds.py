"""Landing beside a broker's connection: one round of batches at a time, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from ingestion.batch import Batch
from ingestion.doors.backoff import Backoff
from ingestion.landing import Entry, Lander
from warehouse.errors import WarehouseError
from warehouse.failures import explained
from warehouse.settings import Settings

#: What can go wrong between here and ClickHouse, and may be over in a while.
_FAILURES = (WarehouseError, ClickHouseError, HTTPError, OSError)


class Rounds:
    """Lands rounds of batches while its owner keeps the broker's connection alive.

    Args:
        settings: names the ClickHouse.
        say: prints a line for people.
        patient: try again, with backoff, for as long as it takes; otherwise the first failure is raised.
    """

    def __init__(self, settings: Settings, say: Callable[[str], None], *, patient: bool) -> None:
        self._settings = settings
        self._say = say
        self.patient = patient
        self._lander: Lander | None = None
        self._thread: threading.Thread | None = None
        self._given_up = threading.Event()
        self._landed: list[Entry] = []
        self._failure: Exception | None = None

    @property
    def busy(self) -> bool:
        """A round is under way, or has ended and was not collected."""
        return self._thread is not None

    def start(self, batches: Sequence[Batch], ended: Callable[[], None] = lambda: None) -> None:
        """Begin a round; `ended` is called in its thread when it is over."""
        self._landed, self._failure = [], None
        self._given_up.clear()
        # A daemon: a ClickHouse that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._run, args=(batches, ended), name="round", daemon=True)
        self._thread.start()

    def collect(self, timeout: float = 0) -> list[Entry] | None:
        """The ledger's entries of a round that is over, in the order of its batches; None while it is not.

        A round that was given up has fewer entries than batches: those that had been landed.

        Raises:
            WarehouseError: the round failed, and the owner is not patient.
        """
        if self._thread is None:
            return None
        self._thread.join(timeout)
        if self._thread.is_alive():
            return None
        self._thread = None
        if self._failure is not None:
            raise self._failure
        return self._landed

    def give_up(self) -> None:
        """No further attempts at the present round; the one under way goes on to its end."""
        self._given_up.set()

    def _run(self, batches: Sequence[Batch], ended: Callable[[], None]) -> None:
        try:
            self._land(batches)
        except Exception as error:  # noqa: BLE001 - raised again where the round is collected
            self._failure = error
        finally:
            ended()

    def _land(self, batches: Sequence[Batch]) -> None:
        backoff = Backoff()
        failed = False
        while len(self._landed) < len(batches):
            try:
                self._lander = self._lander or Lander(self._settings)
                rest = batches[len(self._landed) :]
                for entry in self._lander.land_all(rest) if len(rest) > 1 else [self._lander.land(rest[0])]:
                    self._landed.append(entry)
            except _FAILURES as error:
                # An engine that was started again may be at another address.
                self._lander = None
                failure = explained(error) if isinstance(error, ClickHouseError) else error
                if not self.patient:
                    raise _readable(failure) from None
                failed = True
                wait = backoff.next()
                self._say(f"nothing can be landed: {failure}; trying again in {wait:.1f} s, nothing is acknowledged")
                if self._given_up.wait(wait):
                    return
        if failed:
            self._say("landing again")


def _readable(failure: Exception) -> WarehouseError:
    if isinstance(failure, WarehouseError):
        return failure
    return WarehouseError("the connection to ClickHouse broke", "run the same again: nothing counts twice")
