"""Creates and upgrades what ClickHouse holds: numbered SQL files, each applied once.

A package that owns tables keeps its files in a `migrations` folder; the command line names the folders
in order. A file, once applied, never changes: a later one alters what it made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.client import Client

from warehouse.cluster import ONE_NODE, Cluster, sharding_keys
from warehouse.errors import WarehouseError

_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name across folders, its statements, and a checksum of its text."""

    name: str
    statements: tuple[str, ...]
    checksum: str


def read(folder: Path, cluster: Cluster = ONE_NODE) -> list[Migration]:
    """The migrations of a folder in order of their numbers; named `<package>/<file>`.

    Args:
        folder: of the files, with the sharding keys of the tables that a cluster divides.
        cluster: that the statements are for; the checksum is of the file in any case.
    """
    keys = sharding_keys(folder)
    return [
        Migration(
            name=f"{folder.parent.name}/{path.stem}",
            statements=tuple(
                rendered
                for statement in _COMMENT.sub("", text).split(";")
                if statement.strip()
                for rendered in cluster.rendered(statement.strip(), keys)
            ),
            checksum=hashlib.sha256(text.encode()).hexdigest(),
        )
        for path in sorted(folder.glob("*.sql"))
        for text in [path.read_text("utf-8")]
    ]


def applied(client: Client) -> dict[str, str]:
    """Name and checksum of what has been applied; empty before the first time."""
    if not client.command("EXISTS TABLE warehouse.migrations"):
        return {}
    rows = client.query("SELECT name, checksum FROM warehouse.migrations").result_rows
    return {str(name): str(checksum) for name, checksum in rows}


def migrate(client: Client, folders: Sequence[Path], cluster: Cluster = ONE_NODE) -> list[str]:
    """Apply what is missing, as the admin; returns the names applied now.

    Every statement can be run again, so a migration cut off in the middle is simply repeated.

    Raises:
        WarehouseError: an applied file has been changed since, a newer version has applied more, or what is there was
            made for one node and is now to be a cluster, or the other way round.
    """
    _check_kind(client, folders, cluster)
    done = applied(client)
    known = [migration for folder in folders for migration in read(folder, cluster)]
    if newer := sorted(done.keys() - {migration.name for migration in known}):
        raise WarehouseError(
            f"a newer version has migrated this ClickHouse: it has {', '.join(newer)}, which this one does not know",
            "install the version that did, or a later one; or restore a backup that this version made",
        )
    names = []
    for migration in known:
        if migration.name in done:
            if done[migration.name] != migration.checksum:
                raise WarehouseError(
                    f"migration {migration.name} was changed after it had been applied",
                    "restore the file and put the change into a new one",
                )
            continue
        for statement in migration.statements:
            client.command(statement)
        client.insert(
            "warehouse.migrations",
            [[migration.name, migration.checksum]],
            column_names=["name", "checksum"],
        )
        names.append(migration.name)
    return names


def _check_kind(client: Client, folders: Sequence[Path], cluster: Cluster) -> None:
    """See that the tables that a cluster divides are divided exactly where this is one."""
    divided = [table for folder in folders for table in sharding_keys(folder)]
    rows = client.query(
        "SELECT engine FROM system.tables WHERE concat(database, '.', name) IN {tables:Array(String)}",
        parameters={"tables": divided},
    ).result_rows
    if any((engine == "Distributed") != bool(cluster.name) for (engine,) in rows):
        raise WarehouseError(
            "the tables were made for one node, and CLICKHOUSE_CLUSTER is set"
            if cluster.name
            else "the tables were made for a cluster, and CLICKHOUSE_CLUSTER is not set",
            "use an empty ClickHouse, or set CLICKHOUSE_CLUSTER as it was",
        )
