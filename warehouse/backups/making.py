"""Make a backup, list them, drop old ones."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse import publications
from warehouse.backups import home_files, tables
from warehouse.backups.manifest import FORMAT, NAME, Manifest, event_rows, ledger_events, shown_marts
from warehouse.backups.places import Place, place
from warehouse.client import Identity, connect, scalar
from warehouse.cluster import needs_one_node
from warehouse.locks import exclusive
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its address, and what it says of itself."""

    address: str
    manifest: Manifest


def kept_at(settings: Settings) -> Place:
    """Where this warehouse keeps its backups."""
    return place(settings.backups or str(settings.backup_folder))


def make(settings: Settings, progress: tables.Progress = tables.unseen) -> Made:
    """A backup of everything; builds wait meanwhile, landing goes on.

    The order is what makes it whole: an event that is accepted lies in the spool until it has landed, and a
    batch is in the ledger only when all of it is in the tables. So the spool comes first, then the ledger's
    position, then the tables; what the tables hold beyond that position is cut off again by a restore.

    Raises:
        BackupError: it could not be made; nothing is left of it.
    """
    needs_one_node(settings, "A backup", "unset WAREHOUSE_BACKUPS, and use ClickHouse's own BACKUP … ON CLUSTER")
    now = datetime.now(UTC)
    target = kept_at(settings).below(now.strftime("%Y%m%dT%H%M%S.%fZ"))
    try:
        with exclusive("build", settings, wait=None), tempfile.TemporaryDirectory() as scratch:
            return Made(target.address, _save(settings, target, now, Path(scratch), progress))
    except BaseException:
        target.remove()
        raise


def _save(settings: Settings, target: Place, now: datetime, scratch: Path, progress: tables.Progress) -> Manifest:
    client = connect(Identity.ADMIN, settings)
    files = dict(home_files.copied(settings.home, scratch))
    commit_seq = publications.ledger_position(client)
    names = tables.databases(client)
    with target.writing(settings) as to:
        tables.save(client, names, to, progress)
    generation, marts = shown_marts(client)
    manifest = Manifest(
        format=FORMAT,
        made_at=now.isoformat(timespec="milliseconds"),
        clickhouse=str(scalar(client, "SELECT version()")),
        databases=names,
        commit_seq=commit_seq,
        events=ledger_events(client, commit_seq),
        rows=event_rows(client, commit_seq),
        generation=generation,
        marts=marts,
        files={name: home_files.digest(copy) for name, copy in files.items()},
    )
    for name, copy in files.items():
        target.put(copy, f"home/{name}")
    written = scratch / NAME
    written.write_bytes(manifest.written())
    target.put(written, NAME)
    return manifest


def all_made(settings: Settings) -> list[Made]:
    """The finished backups, oldest first."""
    kept = kept_at(settings)
    return [Made(kept.below(name).address, read(kept.below(name))) for name in kept.finished()]


def read(source: Place) -> Manifest:
    """What a backup says of itself.

    Raises:
        BackupError: there is none, or not for this version.
    """
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / NAME
        source.get(NAME, file)
        return Manifest.read(file.read_bytes())


def drop_old(settings: Settings, keep: int) -> list[str]:
    """Delete all but the latest; returns the addresses of those deleted."""
    kept = kept_at(settings)
    old = [kept.below(name) for name in kept.finished()[:-keep]]
    for one in old:
        one.remove()
    return [one.address for one in old]
