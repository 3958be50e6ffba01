"""What a backup says of itself, written last: a place without it holds no finished backup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.client import scalar
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

NAME = "manifest.json"
FORMAT = 1

# By columns there have always been: a backup of an older version is looked at before it is migrated.
_SHOWN = "SELECT generation, database FROM marts.publications ORDER BY sequence DESC LIMIT 1"


class BackupError(WarehouseError):
    """A backup cannot be made, found or restored."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A finished backup.

    Attributes:
        format: of the backup; a newer one than `FORMAT` is not for this version.
        made_at: UTC instant at which it was begun.
        clickhouse: version that wrote it.
        databases: those it holds.
        commit_seq: last commit of the ledger in it; what landed meanwhile is cut off when it is restored.
        events: events these commits stored; `rows` of them are in `raw`, resends included.
        generation: the generation readers saw, None before the first publication.
        marts: digest of every mart of that generation.
        files: SHA-256 of the other files, by their path in the home.
    """

    format: int
    made_at: str
    clickhouse: str
    databases: list[str]
    commit_seq: int
    events: int
    rows: int
    generation: int | None
    marts: dict[str, str]
    files: dict[str, str]

    def written(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """From JSON.

        Raises:
            BackupError: it is damaged, or of a later version.
        """
        try:
            loaded = json.loads(content)
            if loaded["format"] > FORMAT:
                raise BackupError(
                    f"the backup has format {loaded['format']}, this version knows up to {FORMAT}",
                    "restore it with the version that made it, or a later one",
                )
            return cls(**loaded)
        except (ValueError, KeyError, TypeError) as error:
            raise BackupError(f"{NAME} of the backup is damaged", "choose another backup") from error


def ledger_events(client: Client, commit_seq: int) -> int:
    """Events stored up to a commit, as the ledger says."""
    statement = "SELECT sum(stored) FROM raw.batches WHERE commit_seq <= {commit_seq:UInt64}"
    return int(scalar(client, statement, {"commit_seq": commit_seq}))


def event_rows(client: Client, commit_seq: int) -> int:
    """Rows of `raw.events` that the ledger's commits up to this one admit."""
    statement = (
        "SELECT count() FROM raw.events WHERE batch_seq IN"
        " (SELECT batch_seq FROM raw.batches WHERE commit_seq <= {commit_seq:UInt64})"
    )
    return int(scalar(client, statement, {"commit_seq": commit_seq}))


def shown_marts(client: Client) -> tuple[int | None, dict[str, str]]:
    """The generation in force, and for each of its marts the rows and a sum of their hashes, whatever their order."""
    shown = client.query(_SHOWN).result_rows
    if not shown:
        return None, {}
    ((generation, database),) = shown
    return int(generation), dict(_digests(client, database))


def _digests(client: Client, database: str) -> Iterator[tuple[str, str]]:
    tables = client.query(
        "SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name",
        parameters={"database": database},
    ).result_rows
    for (name,) in tables:
        table = f"{quote_identifier(database)}.{quote_identifier(name)}"
        rows, digest = client.query(f"SELECT count(), sum(cityHash64(tuple(*))) FROM {table}").result_rows[0]
        yield str(name), f"{rows} rows, {int(digest or 0):016x}"
