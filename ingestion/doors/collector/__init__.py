"""The HTTP collector: what it answers 202 for is on disk, and lands once.

Requests are judged by the catalog, appended to a segment of the spool (many requests share one flush) and
acknowledged; a thread lands sealed segments and deletes each after its ledger entry was read back.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.doors import Drained
from ingestion.doors.collector.landing import SpoolLander
from ingestion.doors.collector.spool import Spool, folder_of, folders
from warehouse.errors import LockHeld
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["LOCK", "drain", "is_running", "lock_of", "waiting"]

#: Held by whoever works with the spool of the only collector of a home.
LOCK = "collector"


def lock_of(settings: Settings) -> str:
    """The lock that is held by whoever works with the spool of this collector."""
    return LOCK if settings.collector_name is None else f"{LOCK}-{settings.collector_name}"


def drain(settings: Settings) -> Drained:
    """Land what collectors that are gone have left; a running one lands by itself.

    Raises:
        WarehouseError: ClickHouse is away or refuses; what has not landed stays in the spool.
    """
    drained = Drained()
    drained.waiting = 0
    for one in _collectors(settings):
        try:
            with exclusive(lock_of(one), one):
                spool = Spool(folder_of(one))
                for entry in SpoolLander(spool, one).land():
                    drained.totals.add(entry)
                if drained.waiting is not None:
                    drained.waiting += spool.segments
        except LockHeld:
            drained.waiting = None
            drained.notes.append(f"{_called(one)} is running and lands by itself")
    return drained


def is_running(settings: Settings) -> bool:
    """Whether this collector, or a drain of its spool, is at work."""
    try:
        with exclusive(lock_of(settings), settings):
            return False
    except LockHeld:
        return True


def waiting(settings: Settings) -> int:
    """Segments of spools that nobody is landing."""
    return sum(Spool(folder_of(one)).segments for one in _collectors(settings) if not is_running(one))


def _collectors(settings: Settings) -> Iterator[Settings]:
    """The settings of each collector that has a spool in the home."""
    for name in folders(settings):
        yield settings.model_copy(update={"collector_name": name})


def _called(settings: Settings) -> str:
    return "the collector" if settings.collector_name is None else f"the collector {settings.collector_name}"
