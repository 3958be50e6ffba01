"""Statements for a ClickHouse of several shards: `CLICKHOUSE_CLUSTER` names it (ADR 25).

Few tables grow with every event. These are divided: `raw.events` is then a Distributed table over `raw.events__shard`,
of which each shard has its part. Every other table is whole on every node. Without a cluster nothing here changes a
statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from clickhouse_connect.driver.binding import quote_identifier

from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.settings import Settings

#: Name of the part of a divided table that a shard has: the table's, with this behind it.
PART = "__shard"
#: Where a table that is whole on every node keeps its log in Keeper, and the name of each copy. Nodes of different
#: shards may have the same `{replica}`.
WHOLE_REPLICA = "'/clickhouse/tables/{uuid}/whole', '{shard}-{replica}'"
#: The same of a part, which only the replicas of its shard have.
PART_REPLICA = "'/clickhouse/tables/{uuid}/{shard}', '{replica}'"

#: Divided tables of whole events, the same in both; the second, a model of dbt, is there once something is built.
#: Receipts are divided as well, without their columns.
EVENTS = ("raw.events", "build.stg_events")

_KEYS = "sharding.yaml"
_TABLE = r"(?P<table>[\w.]+)"
_DATABASE = re.compile(r"CREATE DATABASE (IF NOT EXISTS )?\w+")
_CREATED = re.compile(rf"CREATE TABLE (IF NOT EXISTS )?{_TABLE}")
_VIEW = re.compile(r"CREATE (OR REPLACE |MATERIALIZED )?VIEW (IF NOT EXISTS )?[\w.]+")
_ALTERED = re.compile(rf"ALTER TABLE {_TABLE}")
_ENGINE = re.compile(r"ENGINE = (?P<engine>\w*MergeTree)\b")
_SETTINGS = re.compile(r"\nSETTINGS ")
# Replicated tables would pass over an insert that equals an earlier one; ours mean what they say.
_NOTHING_PASSED_OVER = "replicated_deduplication_window = 0"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster that statements are for; without a name, one node.

    Attributes:
        name: as in the server's `remote_servers`.
    """

    name: str | None = None

    @property
    def on(self) -> str:
        """What stands behind the name of what a statement makes, changes or drops on every node."""
        return f" ON CLUSTER {_quoted(self.name)}" if self.name else ""

    def rendered(self, statement: str, keys: Mapping[str, str]) -> list[str]:
        """A statement of a migration as statements for the cluster.

        Args:
            statement: one of those that migrations are made of.
            keys: the sharding keys of the divided tables, by `database.table`.

        Raises:
            ValueError: the statement is of a kind that no migration had so far.
        """
        if not self.name:
            return [statement]
        if found := _CREATED.match(statement):
            return self._created(statement, found, keys)
        if found := _ALTERED.match(statement):
            if found["table"] not in keys:
                # Its own log carries the change to every node.
                return [statement]
            rest = f"{self.on}{statement[found.end() :]}"
            return [f"ALTER TABLE {found['table']}{PART}{rest}", f"ALTER TABLE {found['table']}{rest}"]
        if found := _DATABASE.match(statement) or _VIEW.match(statement):
            return [f"{found[0]}{self.on}{statement[found.end() :]}"]
        raise ValueError(f"cluster mode does not know this kind of statement: {statement[:60]}")

    def _created(self, statement: str, found: re.Match[str], keys: Mapping[str, str]) -> list[str]:
        table = found["table"]
        key = keys.get(table)
        replica = PART_REPLICA if key else WHOLE_REPLICA
        rest = statement[found.end() :]
        if _ENGINE.search(rest):
            rest = _ENGINE.sub(lambda engine: f"ENGINE = Replicated{engine['engine']}({replica})", rest)
            # Last in a statement, as in every migration.
            rest += f"{',' if _SETTINGS.search(rest) else chr(10) + 'SETTINGS'} {_NOTHING_PASSED_OVER}"
        made = f"{found[0]}{PART if key else ''}{self.on}{rest}"
        return [made, self.divided(table, key)] if key else [made]

    def divided(self, table: str, key: str) -> str:
        """The table that stands for its parts.

        Args:
            table: `database.table`.
            key: by which rows are given to shards.
        """
        database, _, name = table.partition(".")
        return (
            f"CREATE TABLE IF NOT EXISTS {table}{self.on} AS {table}{PART}"
            f" ENGINE = Distributed({_quoted(self.name or '')}, {_quoted(database)}, {_quoted(name + PART)}, {key})"
        )

    def part_of(self, table: str) -> str:
        """What a node has of a table itself: its part of one of `EVENTS`, any other whole."""
        return f"{table}{PART}" if self.name and table in EVENTS else table

    def altered(self, table: str) -> str:
        """What a change of rows or partitions names: a divided table's parts on every node.

        What is whole on every node carries a change to its copies by itself.
        """
        return _address(self.part_of(table)) + (self.on if table in EVENTS else "")

    @property
    def reading_settings(self) -> dict[str, Any]:
        """What divided tables are read with by a user who has not the settings of ours (identities.yaml)."""
        return {"allow_push_predicate_ast_for_distributed_subqueries": 0} if self.name else {}

    def whole(self, order: str) -> str:
        """The engine of a table that is whole on every node, in the order of some columns."""
        return f"ENGINE = ReplicatedMergeTree({WHOLE_REPLICA}) ORDER BY {order} SETTINGS {_NOTHING_PASSED_OVER}"

    def waited_for(self, table: str) -> str:
        """The statement that returns when every node has all rows of a whole table."""
        return f"SYSTEM SYNC REPLICA{self.on} {table} LIGHTWEIGHT"

    def parts_of(self, table: str) -> str:
        """`system.parts` that has all of a table's: one node's, of a divided table those of a node of each shard."""
        return f"cluster({_quoted(self.name)}, system.parts)" if self.name and table in EVENTS else "system.parts"

    def copied(self, source: str, target: str) -> list[str]:
        """Statements that make a whole table with the parts of another one, by hard links.

        Args:
            source: the quoted table to copy.
            target: the quoted table to make.
        """
        if not self.name:
            return [f"CREATE TABLE {target} CLONE AS {source}"]
        # CLONE AS on every node would attach the same parts once for each; attached once, they are replicated. A reader
        # on any node sees them all before he is pointed here.
        return [
            f"CREATE TABLE {target}{self.on} AS {source}",
            f"ALTER TABLE {target} ATTACH PARTITION ALL FROM {source} SETTINGS alter_sync = 2",
        ]


ONE_NODE = Cluster()


def cluster(settings: Settings) -> Cluster:
    """The cluster of these settings."""
    return Cluster(settings.clickhouse_cluster)


def sharding_keys(folder: Path) -> dict[str, str]:
    """The sharding keys of the tables that a folder of migrations divides, by `database.table`."""
    file = folder / _KEYS
    return dict(yaml.safe_load(file.read_text("utf-8"))) if file.is_file() else {}


def needs_one_node(settings: Settings, what: str, instead: str = "") -> None:
    """Refuse what cluster mode cannot do yet.

    Args:
        settings: with the name of the cluster.
        what: the work, as the beginning of a sentence.
        instead: what to do.

    Raises:
        WarehouseError: CLICKHOUSE_CLUSTER is set.
    """
    if settings.clickhouse_cluster:
        raise WarehouseError(f"{what} does not work in cluster mode yet, and CLICKHOUSE_CLUSTER is set", instead)


def _address(table: str) -> str:
    return ".".join(quote_identifier(name) for name in table.split("."))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"
