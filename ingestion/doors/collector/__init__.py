"""The HTTP collector: what it answers 202 for is on disk, and lands once.

Requests are judged by the catalog, appended to a segment of the spool (many requests share one flush) and
acknowledged; a thread lands sealed segments and deletes each after its ledger entry was read back.
"""

from __future__ import annotations

from ingestion.doors import Drained
from ingestion.doors.collector.landing import SpoolLander
from ingestion.doors.collector.spool import Spool, folder_of
from warehouse.errors import LockHeld
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["LOCK", "drain", "is_running", "left_over"]

#: Held by whoever works with the spool.
LOCK = "collector"


def drain(settings: Settings) -> Drained:
    """Land what a collector that is gone has left; a running one lands by itself.

    Raises:
        WarehouseError: ClickHouse is away or refuses; what has not landed stays in the spool.
    """
    drained = Drained()
    folder = folder_of(settings)
    if not folder.is_dir():
        drained.waiting = 0
        return drained
    try:
        with exclusive(LOCK, settings):
            spool = Spool(folder)
            for entry in SpoolLander(spool, settings).land():
                drained.totals.add(entry)
            drained.waiting = spool.segments
    except LockHeld:
        drained.notes.append("the collector is running and lands by itself")
    return drained


def is_running(settings: Settings) -> bool:
    """Whether a collector of this home, or a drain, is at work."""
    try:
        with exclusive(LOCK, settings):
            return False
    except LockHeld:
        return True


def left_over(settings: Settings) -> int:
    """Segments of the spool that nobody is landing."""
    folder = folder_of(settings)
    if not folder.is_dir() or is_running(settings):
        return 0
    return Spool(folder).segments
