"""Bring a backup back: into an empty home, or a ClickHouse server that has none of our databases yet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.backups import home_files, making, tables
from warehouse.backups.manifest import BackupError, Manifest, event_rows, shown_marts
from warehouse.backups.places import Folder, Place
from warehouse.client import Identity, connect
from warehouse.cluster import needs_one_node
from warehouse.engine import process
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, found equal to what was saved: counts, and the settings with which to go on."""

    manifest: Manifest
    settings: Settings


def restore(settings: Settings, source: Place, progress: tables.Progress = tables.unseen) -> Restored:
    """Restore a backup and hold it against its manifest. Migrations newer than it are still to be applied.

    Args:
        settings: names the home, or the server.
        source: the backup.
        progress: told of ClickHouse's part.

    Raises:
        BackupError: the home is not empty, the backup is not finished or damaged, or what came back differs.
    """
    needs_one_node(settings, "A restore", "restore into one node: unset CLICKHOUSE_CLUSTER")
    manifest = making.read(source)
    if settings.embedded:
        if settings.engine_home.exists():
            raise BackupError(
                f"{settings.home} is in use; a restore never overwrites",
                "set WAREHOUSE_HOME to a new folder, or move the old one away",
            )
        if isinstance(source, Folder):
            settings = settings.model_copy(update={"backups": str(Path(source.address).parent)})
    for name, expected in manifest.files.items():
        target = settings.home / name
        if not target.resolve().is_relative_to(settings.home.resolve()):
            raise BackupError(f"the backup names a file outside of a home: {name}", "choose another backup")
        source.get(f"home/{name}", target)
        if home_files.digest(target) != expected:
            raise BackupError(f"{name} of the backup is damaged", "choose another backup")
    if settings.embedded:
        process.start(settings)
    client = connect(Identity.ADMIN, settings)
    there = tables.databases(client)
    if there:
        raise BackupError(f"ClickHouse has {', '.join(there)} already", "restore into a server without them")
    with source.reading(settings) as found:
        tables.load(client, manifest.databases, found, progress)
    _cut_off(client, manifest.commit_seq)
    _check(client, manifest)
    return Restored(manifest, settings)


def _cut_off(client: Client, commit_seq: int) -> None:
    """Forget the commits that came while the tables were copied: some of their events may be missing."""
    client.command(
        "ALTER TABLE raw.batches DELETE WHERE commit_seq > {commit_seq:UInt64} SETTINGS mutations_sync = 2",
        parameters={"commit_seq": commit_seq},
    )


def _check(client: Client, manifest: Manifest) -> None:
    rows = event_rows(client, manifest.commit_seq)
    generation, marts = shown_marts(client)
    differing = sorted({name for name, _ in marts.items() ^ manifest.marts.items()})
    if (rows, generation) != (manifest.rows, manifest.generation) or differing:
        raise BackupError(
            f"what came back is not what was saved: {rows:,} of {manifest.rows:,} rows of events,"
            f" generation {generation} for {manifest.generation},"
            f" marts that differ: {', '.join(differing[:5]) or 'none'}",
            "choose another backup, and keep this one for a look",
        )
