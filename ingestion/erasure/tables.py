"""Looking for a person in every table, and taking away what tables keep on disk of what they no longer say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.cluster import ONE_NODE, PART, Cluster
from warehouse.databases import are_ours
from warehouse.locks import exclusive
from warehouse.persons import pattern
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_COLUMNS = """
SELECT
    t.database,
    replaceRegexpOne(t.name, '{part}$', '') AS name,
    groupArray((c.name, c.type)),
    any(t.partition_key) != ''
FROM system.tables AS t
INNER JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE
    {chosen}
    AND t.engine LIKE '%MergeTree'
    AND c.type LIKE '%String%'
    AND c.default_kind NOT IN ('ALIAS', 'EPHEMERAL')
GROUP BY t.database, name
ORDER BY t.database, name
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with columns that could name somebody, as (name, type)."""

    database: str
    name: str
    columns: tuple[tuple[str, str], ...]
    partitioned: bool

    @property
    def address(self) -> str:
        """Quoted, for statements."""
        return f"{quote_identifier(self.database)}.{quote_identifier(self.name)}"

    @property
    def naming(self) -> str:
        """A condition on its rows, with the parameter `pattern`."""
        return " OR ".join(_naming(quote_identifier(name), kind) for name, kind in self.columns)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that name a person in one partition of a table; the partition is empty where there are none."""

    database: str
    table: str
    partition: str
    rows: int


def tables(client: Client) -> list[Table]:
    """Every table of ours with a column that holds text; of divided ones, the whole."""
    return _tables(client, are_ours("t.database"))


def logs(client: Client) -> list[Table]:
    """The tables in which ClickHouse logs; a server has them, the embedded engine does not."""
    return _tables(client, "t.database = 'system'")


def _tables(client: Client, chosen: str) -> list[Table]:
    return [
        Table(str(database), str(name), tuple((str(a), str(b)) for a, b in columns), bool(partitioned))
        for database, name, columns, partitioned in client.query(_COLUMNS.format(chosen=chosen, part=PART)).result_rows
    ]


def search(client: Client, table: Table, person: str) -> list[Found]:
    """The rows of a table that name a person, by partition."""
    rows = client.query(
        f"SELECT _partition_id, count() FROM {table.address} WHERE {table.naming} GROUP BY _partition_id ORDER BY 1",
        parameters={"pattern": pattern(person)},
    ).result_rows
    return [
        Found(table.database, table.name, str(partition) if table.partitioned else "", int(count))
        for partition, count in rows
    ]


def names(client: Client, table: Table, person: str) -> bool:
    """Whether any row of a table names a person."""
    found = client.query(
        f"SELECT 1 FROM {table.address} WHERE {table.naming} LIMIT 1", parameters={"pattern": pattern(person)}
    )
    return bool(found.result_rows)


def rename(client: Client, table: Table, person: str, pseudonym: str, cluster: Cluster = ONE_NODE) -> None:
    """Write a small table anew, with the pseudonym where the id stood; nobody else may be writing to it."""
    replaced = ", ".join(_replacing(quote_identifier(name), kind) for name, kind in table.columns)
    with _replaced(client, table, cluster) as side:
        client.command(
            f"INSERT INTO {side} SELECT * REPLACE ({replaced}) FROM {table.address}",
            parameters=replacing(person, pseudonym),
        )


def replacing(person: str, pseudonym: str) -> dict[str, str]:
    """The parameters of statements that put the pseudonym where the id stands."""
    return {
        "person": person,
        "pseudonym": pseudonym,
        "pattern": pattern(person),
        "replacement": rf"\1{pseudonym}\2",
    }


def purge(client: Client, settings: Settings, databases: Collection[str]) -> list[str]:
    """Take old parts off the disk at once; ClickHouse would keep what it has replaced for minutes. Returns the tables.

    A table with old parts hands its living ones (hard links) to a new one, which takes its place. The caller holds
    the build lock; landing waits for these milliseconds. In a cluster ClickHouse is left to it: eight minutes.
    """
    if settings.clickhouse_cluster:
        return []
    rows = client.query(
        "SELECT DISTINCT database, table FROM system.parts WHERE NOT active AND database IN {databases:Array(String)}",
        parameters={"databases": list(databases)},
    ).result_rows
    purged = []
    for database, name in rows:
        table = Table(str(database), str(name), (), partitioned=False)
        with (
            exclusive("landing", settings, wait=None),
            exclusive("erasures", settings, wait=None),
            _replaced(client, table) as side,
        ):
            client.command(f"ALTER TABLE {side} ATTACH PARTITION ALL FROM {table.address}")
        purged.append(f"{database}.{name}")
    return purged


@contextmanager
def _replaced(client: Client, table: Table, cluster: Cluster = ONE_NODE) -> Iterator[str]:
    """A table of the same shape, to be filled, that takes the place of a table when the block has ended well."""
    side = f"{quote_identifier(table.database)}.{quote_identifier(f'{table.name}__side')}"
    client.command(f"DROP TABLE IF EXISTS {side}{cluster.on} SYNC")
    client.command(f"CREATE TABLE {side}{cluster.on} AS {table.address}")
    try:
        yield side
        client.command(f"EXCHANGE TABLES {side} AND {table.address}{cluster.on}")
    finally:
        client.command(f"DROP TABLE IF EXISTS {side}{cluster.on} SYNC")


def _replacing(column: str, kind: str) -> str:
    replaced = "replaceRegexpAll({}, {{pattern:String}}, {{replacement:String}})"
    if kind in ("String", "LowCardinality(String)"):
        return replaced.format(f"if({column} = {{person:String}}, {{pseudonym:String}}, {column})") + f" AS {column}"
    # By its text, and back: arrays, tuples, and what a folded table merges.
    return f"CAST({replaced.format(f'CAST({column} AS String)')}, {_quoted(kind)}) AS {column}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _naming(column: str, kind: str) -> str:
    if kind.startswith("Map("):
        return f"arrayExists(v -> match(toString(v), {{pattern:String}}), mapValues({column}))"
    if kind.startswith("AggregateFunction("):
        return f"match(toString(finalizeAggregation({column})), {{pattern:String}})"
    if kind in ("String", "LowCardinality(String)"):
        return f"match({column}, {{pattern:String}})"
    # Within arrays and tuples, and where it may be null.
    return f"match(ifNull(toString({column}), ''), {{pattern:String}})"
