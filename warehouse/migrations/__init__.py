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

from warehouse.errors import WarehouseError

_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name across folders, its statements, and a checksum of its text."""

    name: str
    statements: tuple[str, ...]
    checksum: str


def read(folder: Path) -> list[Migration]:
    """The migrations of a folder in order of their numbers; named `<package>/<file>`."""
    return [
        Migration(
            name=f"{folder.parent.name}/{path.stem}",
            statements=tuple(s.strip() for s in _COMMENT.sub("", text).split(";") if s.strip()),
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


def migrate(client: Client, folders: Sequence[Path]) -> list[str]:
    """Apply what is missing, as the admin; returns the names applied now.

    Every statement can be run again, so a migration cut off in the middle is simply repeated.

    Raises:
        WarehouseError: an applied file has been changed since.
    """
    done = applied(client)
    names = []
    for migration in (m for folder in folders for m in read(folder)):
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
