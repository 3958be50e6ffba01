"""ClickHouse's part of a backup, by its own BACKUP and RESTORE."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.backups.manifest import BackupError
from warehouse.databases import are_ours

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Told the bytes done and, once it is known, the whole.
Progress = Callable[[float, float | None], None]

_OURS = f"SELECT name FROM system.databases WHERE {are_ours('name')}"
_UNDER_WAY = {"CREATING_BACKUP", "RESTORING"}
_POLL_SECONDS = 0.2


def unseen(_done: float, _whole: float | None) -> None:
    """Progress that nobody looks at."""


def databases(client: Client) -> list[str]:
    """Those of this project that are there."""
    return sorted(str(name) for (name,) in client.query(_OURS).result_rows)


def save(client: Client, names: Sequence[str], target: str, progress: Progress) -> None:
    """Copy databases to a target.

    Raises:
        BackupError: ClickHouse could not; says why.
    """
    _run(client, f"BACKUP {_listed(names)} TO {target} ASYNC", progress)


def load(client: Client, names: Sequence[str], source: str, progress: Progress) -> None:
    """Create databases from what `save` wrote.

    Raises:
        BackupError: ClickHouse could not; says why.
    """
    _run(client, f"RESTORE {_listed(names)} FROM {source} ASYNC", progress)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"DATABASE {quote_identifier(name)}" for name in names)


def _run(client: Client, statement: str, progress: Progress) -> None:
    from clickhouse_connect.driver.exceptions import ClickHouseError

    try:
        begun = client.query(statement).result_rows[0][0]
        while True:
            status, error, done, whole = client.query(
                "SELECT status, error, uncompressed_size, total_size FROM system.backups WHERE id = {id:String}",
                parameters={"id": begun},
            ).result_rows[0]
            if status not in _UNDER_WAY:
                break
            progress(float(done), float(whole) or None)
            time.sleep(_POLL_SECONDS)
    except ClickHouseError as problem:
        raise _failed(str(problem)) from problem
    if error:
        raise _failed(str(error))


def _failed(said: str) -> BackupError:
    reason = said.split("DB::Exception: ")[-1].split(", Stack trace")[0].strip()
    if "allowed_path" in reason or "allowed for backups" in reason:
        return BackupError(
            "the embedded engine may not write there",
            "set WAREHOUSE_BACKUPS to the folder, then `warehouse stop` and `warehouse start`",
        )
    return BackupError(f"ClickHouse: {reason}", "see that the place can be written and read by ClickHouse")
