"""A consumer in a thread, as the command runs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType

from ingestion.doors.tally import Tally
from warehouse.settings import Settings

SECONDS = 60


@dataclass(slots=True)
class Service:
    """A running consumer: what it said, and its sums when it has ended."""

    stop: threading.Event = field(default_factory=threading.Event)
    said: list[str] = field(default_factory=list)
    tally: Tally | None = None

    def heard(self, words: str) -> bool:
        return any(words in line for line in list(self.said))


@contextmanager
def running(door: ModuleType, settings: Settings) -> Iterator[Service]:
    """A consumer until the end of the block; its failure is the test's."""
    service, failures = Service(), []

    def run() -> None:
        try:
            service.tally = door.consume(settings, service.stop, service.said.append)
        except Exception as error:  # noqa: BLE001 - raised in the test's thread
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield service
    finally:
        service.stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()
    if failures:
        raise failures[0]
