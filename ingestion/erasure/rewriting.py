"""Rewriting what is kept of a person's events, where they lie: refused lines, raw events and their copy in `build`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

from ingestion.catalog import load
from ingestion.erasure.tables import names, rename, replacing, tables
from ingestion.erasure.tags import tag_key
from ingestion.erasure.tombstones import Tombstone
from warehouse.client import scalar
from warehouse.cluster import EVENTS, cluster
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_SQL = resources.files(__package__).joinpath("sql")
_SCRATCH, _FILL, _TOUCHED, _REFUSED = (
    _SQL.joinpath(f"{name}.sql").read_text("utf-8") for name in ("scratch", "fill", "touched", "refused")
)
#: Every other table in these databases is small and written anew, where it names somebody, or built.
_WRITTEN_ANEW = ("raw", "closed", "marts", "warehouse")
_NUMBERED = "int_users__numbered"
_ENGINE = re.compile(r"ENGINE = Join\(.*\)")
_DONE = {"mutations_sync": 2, "allow_nondeterministic_mutations": 1}


class Rewriting:
    """One person's rewriting; every step can be repeated, and finds nothing to do the second time.

    Args:
        client: connected as the admin; the caller holds the build lock.
        settings: names the secrets.
        person: the id.
        tombstone: with the pseudonym.
    """

    def __init__(self, client: Client, settings: Settings, person: str, tombstone: Tombstone) -> None:
        first, second = tag_key(settings)
        self._client, self._settings, self._cluster = client, settings, cluster(settings)
        self._person, self._pseudonym = person, tombstone.pseudonym
        self._parameters: dict[str, Any] = {
            **replacing(person, tombstone.pseudonym),
            "pii_key": settings.pii_secret(),
            "erasure_key_0": first,
            "erasure_key_1": second,
            "outlasting_properties": load().outlasting(),
        }

    def refused(self) -> int:
        """Take the bytes of refused lines that name the person; returns how many."""
        with self._scratch():
            self._fill(_REFUSED, {**self._parameters, "emails": self._emails()})
            return self._mutate("raw.quarantine", "original = ''")

    def events(self) -> int:
        """Put the pseudonym into events and drop what would not outlast the person; returns how many rows."""
        rows = 0
        there = {f"{table.database}.{table.name}" for table in tables(self._client)}
        for address in (one for one in EVENTS if one in there):
            where = dict(zip(("database", "table"), address.split("."), strict=True))
            with self._scratch():
                self._fill(_FILL, {**self._parameters, **where})
                self._client.command(_TOUCHED, parameters=where)
                columns = ("user_id", "session_id", "context", "properties")
                changes = ", ".join(f"{name} = joinGet('raw.erasing', '{name}', received_seq)" for name in columns)
                rows += self._mutate(address, changes)
        return rows

    def others(self) -> None:
        """Put the pseudonym into the tables that no build makes anew: positions, origins, and the user's number."""
        for table in tables(self._client):
            kept = f"{table.database}.{table.name}" not in {*EVENTS, "raw.quarantine", "raw.erasing"}
            ours = table.database in _WRITTEN_ANEW or (table.database, table.name) == ("build", _NUMBERED)
            if kept and ours and names(self._client, table, self._person):
                rename(self._client, table, self._person, self._pseudonym, self._cluster)

    def _emails(self) -> list[str]:
        rows = self._client.query(
            "SELECT DISTINCT properties['email_hmac'] FROM raw.events"
            " WHERE user_id = {person:String} AND properties['email_hmac'] != ''",
            parameters={"person": self._person},
        ).result_rows
        return [str(value) for (value,) in rows]

    @contextmanager
    def _scratch(self) -> Iterator[None]:
        self._drop_scratch()
        try:
            yield
        finally:
            self._drop_scratch()

    def _drop_scratch(self) -> None:
        for table in ("raw.erasing", "raw.erasing_rows"):
            self._client.command(f"DROP TABLE IF EXISTS {table}{self._cluster.on} SYNC")

    def _fill(self, statement: str, parameters: dict[str, Any]) -> None:
        """Make the scratch table. In a cluster every node has it, of rows that are replicated: mutations look there."""
        if self._cluster.name is None:
            self._client.command(_SCRATCH)
            self._client.command(statement, parameters=parameters)
            return
        self._client.command(_ENGINE.sub(self._cluster.whole("received_seq"), self._on_cluster("raw.erasing_rows")))
        self._client.command(statement.replace("INTO raw.erasing", "INTO raw.erasing_rows"), parameters=parameters)
        self._client.command(self._cluster.waited_for("raw.erasing_rows"))
        self._client.command(f"{self._on_cluster('raw.erasing')} AS SELECT * FROM raw.erasing_rows")

    def _on_cluster(self, table: str) -> str:
        return _SCRATCH.rstrip().replace("raw.erasing", f"{table}{self._cluster.on}")

    def _mutate(self, address: str, changes: str) -> int:
        """Change the rows of the scratch table, in the partitions that have some and no others."""
        rows = int(scalar(self._client, "SELECT count() FROM raw.erasing"))
        if not rows:
            return 0
        chosen = "received_seq IN (SELECT received_seq FROM raw.erasing)"
        partitions = self._client.query(
            f"SELECT DISTINCT _partition_id FROM {address}"
            " WHERE received_seq GLOBAL IN (SELECT received_seq FROM raw.erasing)"
        ).result_rows
        updates = ", ".join(
            f"UPDATE {changes} IN PARTITION ID '{partition}' WHERE {chosen}" for (partition,) in partitions
        )
        self._client.command(f"ALTER TABLE {self._cluster.altered(address)} {updates}", settings=_DONE)
        return rows
