"""PostgreSQL: the operational tables of the creator platform → events, from where the last load came to.

Data flow: table → `reading` (rows of one moment, in the order of their last change) → `events` (all transitions
a row shows) → `held` (less what the warehouse has) → batches → landing → position.
Identity: an event's id is made from table, key and transition, so reading a row again is free.
Failure: a position is noted after the ledger has been read back; whatever dies, the next load begins there.
Memory: a few batches, whatever the size of the tables.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from ingestion.batch import Batch
from ingestion.doors import Drained
from ingestion.landing import Lander, Totals
from ingestion.sources.chunks import content_batch
from ingestion.sources.errors import SourceError
from ingestion.sources.positions import Position, Positions
from ingestion.sources.postgres.connection import DatabaseError, connected
from ingestion.sources.postgres.events import events_of
from ingestion.sources.postgres.held import Held
from ingestion.sources.postgres.mapping import UPDATED_AT, Mapping, mapping
from ingestion.sources.postgres.reading import ChangedTableError, Reader, Snapshot
from warehouse.errors import LockHeld
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["SOURCE", "ChangedTableError", "DatabaseError", "Extracted", "TableReport", "drain", "extract", "mapping"]

SOURCE = "postgres"
BATCH_BYTES = 8 * 1024 * 1024
_SHRUNK_TO = 0.5

#: Told the table, the rows read of it so far, and how many it has (None where only changes are read).
Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class TableReport:
    """One table of a load.

    Attributes:
        rows: how many the table has.
        read: rows read: those changed since the last load, and those of the overlap.
        events: events that these rows show.
        held: those of them that the warehouse had already.
        removed: rows fewer than at the last load, where it shrank; the events of deleted rows stay.
        position: changes before this instant will not be read again, except for the overlap; PostgreSQL's text.
    """

    rows: int = 0
    read: int = 0
    events: int = 0
    held: int = 0
    removed: int = 0
    position: str = ""


@dataclass(slots=True)
class Extracted:
    """What a load did: the ledger's figures, a report per table, and the tables it refused with the reasons."""

    totals: Totals = field(default_factory=Totals)
    tables: dict[str, TableReport] = field(default_factory=dict)
    refused: dict[str, ChangedTableError] = field(default_factory=dict)

    def check(self) -> None:
        """Fail if a table was refused.

        Raises:
            ChangedTableError: names every refused table, and what was expected and found.
        """
        if self.refused:
            messages = "; ".join(failure.message for failure in self.refused.values())
            raise ChangedTableError(messages, "; ".join(dict.fromkeys(f.hint for f in self.refused.values())))


def drain(settings: Settings) -> Drained:
    """Land what has changed in all tables since the last load.

    Raises:
        ChangedTableError: tables were refused; the others have been landed.
        DatabaseError: the database cannot be reached or read.
        WarehouseError: ClickHouse refuses a batch or does not answer.
    """
    try:
        done = extract(settings)
    except LockHeld as held:
        return Drained(notes=[held.message])
    done.check()
    removed = [
        f"{name}: {report.removed} rows fewer than at the last load; their events stay"
        for name, report in done.tables.items()
        if report.removed
    ]
    return Drained(totals=done.totals, waiting=0, notes=removed)


def extract(
    settings: Settings,
    *,
    tables: Sequence[str] = (),
    full: bool = False,
    accept_shrunk: bool = False,
    progress: Progress | None = None,
    mapped: Mapping | None = None,
    batch_bytes: int = BATCH_BYTES,
) -> Extracted:
    """Land the changes of tables, one load at a time.

    Args:
        settings: names the database (POSTGRES_URL) and the ClickHouse.
        tables: which of the mapping; all by default.
        full: read every row, not only what has changed.
        accept_shrunk: also load a table that has lost more than half of its rows.
        progress: told how far reading has come.
        mapped: another mapping than the deployment's.
        batch_bytes: about the size of a batch.

    Returns:
        the report; refused tables are in it, the others have been landed (`Extracted.check` raises).

    Raises:
        SourceError: a name is not in the mapping, or the database cannot be read.
        LockHeld: another load is running.
    """
    mapped = mapped or mapping()
    if unknown := [name for name in tables if name not in mapped.tables]:
        raise SourceError(f"no table {', '.join(unknown)} in the mapping", f"known are {', '.join(mapped.tables)}")
    done = Extracted()
    with exclusive(SOURCE, settings), connected(settings) as connection:
        load = _Load(settings, mapped, Reader(connection, mapped), progress or _unheard, batch_bytes)
        for name in tables or mapped.tables:
            try:
                done.tables[name] = load.table(name, done.totals, full=full, accept_shrunk=accept_shrunk)
            except ChangedTableError as error:
                done.refused[name] = error
    return done


class _Load:
    def __init__(
        self, settings: Settings, mapped: Mapping, reader: Reader, progress: Progress, batch_bytes: int
    ) -> None:
        self._lander, self._held = Lander(settings), Held(settings, SOURCE)
        self._positions = Positions(settings, SOURCE)
        self._last = self._positions.last()
        self._mapping, self._reader, self._progress = mapped, reader, progress
        self._batch_bytes = batch_bytes

    def table(self, name: str, totals: Totals, *, full: bool, accept_shrunk: bool) -> TableReport:
        snapshot = self._reader.open(name)
        last = self._last.get(snapshot.full_name, Position())
        if snapshot.rows < last.rows * _SHRUNK_TO and not accept_shrunk:
            raise ChangedTableError(
                f"{snapshot.full_name}: {snapshot.rows:,} rows, {last.rows:,} at the last load",
                "if rows were deleted on purpose: --accept-shrunk; until then nothing of such a table lands",
            )
        report = TableReport(snapshot.rows, removed=max(0, last.rows - snapshot.rows), position=last.position)
        after = None if full else last.position or None
        reached: deque[str] = deque()
        for entry in self._lander.land_all(self._batches(snapshot, after, report, reached)):
            totals.add(entry)
            # A full load that is cut off must not count as having read the rest.
            if not full:
                self._note(snapshot, report, max(report.position, reached.popleft()))
        self._reader.close()
        self._note(snapshot, report, max([report.position, *reached]))
        return report

    def _note(self, snapshot: Snapshot, report: TableReport, position: str) -> None:
        noted = Position(position, snapshot.rows)
        if noted != self._last.get(snapshot.full_name):
            self._positions.note(snapshot.full_name, noted)
            self._last[snapshot.full_name] = noted
        report.position = position

    def _batches(
        self, snapshot: Snapshot, after: str | None, report: TableReport, reached: deque[str]
    ) -> Iterator[Batch]:
        """The batches of a table; with each, and after the last, what reading has reached is noted in `reached`."""
        events = events_of(snapshot.name, self._mapping.tables[snapshot.name])
        waiting = bytearray()
        position = ""
        for rows in self._reader.rows(snapshot.name, after):
            shown = [(event["event_id"], orjson.dumps(event)) for row in rows for event in events(row)]
            new = self._held.without(shown) if shown else []
            for line in new:
                waiting += line + b"\n"
            changed = [row[UPDATED_AT] for row in rows if row[UPDATED_AT] is not None]
            if changed:
                # Such texts sort as the instants do; what claims to come from the future moves nothing beyond now.
                position = max(position, min(changed[-1], snapshot.settled))
            report.read += len(rows)
            report.events += len(shown)
            report.held += len(shown) - len(new)
            self._progress(snapshot.name, report.read, None if after else snapshot.rows)
            if len(waiting) >= self._batch_bytes:
                reached.append(position)
                yield self._batch(snapshot, position, bytes(waiting))
                waiting.clear()
        reached.append(position)
        if waiting:
            yield self._batch(snapshot, position, bytes(waiting))

    def _batch(self, snapshot: Snapshot, position: str, lines: bytes) -> Batch:
        return content_batch(SOURCE, f"{snapshot.full_name} through {position or 'its end'}", lines)


def _unheard(table: str, read: int, total: int | None) -> None:
    """Stands in for an absent progress callback."""
