"""Reading a table as it is at one moment: its columns checked, its rows in the order of their last change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from ingestion.sources.errors import SourceError
from ingestion.sources.postgres.connection import Connection
from ingestion.sources.postgres.mapping import KEY, UPDATED_AT, Family, Mapping, Table

#: Rows in memory at a time.
ROWS = 8000

_FAMILIES: dict[Family, frozenset[str]] = {
    "uuid": frozenset({"uuid"}),
    "integer": frozenset({"smallint", "integer", "bigint"}),
    "text": frozenset({"text", "character varying", "character", "citext"}),
    "text[]": frozenset({"text[]", "character varying[]"}),
    "numeric": frozenset({"numeric"}),
    "boolean": frozenset({"boolean"}),
    "timestamptz": frozenset({"timestamp with time zone"}),
    "timestamp": frozenset({"timestamp without time zone"}),
}

# Whoever commits after the coming snapshot began before this moment at the earliest: a transaction that is open
# now, or, on a replica, one that is still to be replayed. Sessions of other users are seen with pg_read_all_stats.
_SETTLED = """
SELECT least(
    clock_timestamp(),
    CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END,
    (
        SELECT min(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid != pg_backend_pid()
    )
)
"""

_COLUMNS = """
SELECT attname, CASE typtype WHEN 'e' THEN 'text' ELSE format_type(atttypid, NULL) END
FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
"""


class ChangedTableError(SourceError):
    """A table is not as the mapping says, or has lost most of its rows; nothing of it was landed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table at the moment its transaction began.

    Attributes:
        name: the table.
        full_name: `database.schema.table`.
        rows: how many it has.
        settled: nothing that commits later was written before this instant, as far as one can see.
    """

    name: str
    full_name: str
    rows: int
    settled: str


class Reader:
    """Reads mapped tables over one connection."""

    def __init__(self, connection: Connection, mapping: Mapping) -> None:
        self._connection = connection
        self._mapping = mapping

    def open(self, name: str) -> Snapshot:
        """Begin a transaction on a table; every later read of it sees the same moment.

        Raises:
            ChangedTableError: a table or column is missing or of another type than the mapping says.
        """
        self._connection.rollback()
        settled = str(self._one(_SETTLED)[0])
        self._connection.rollback()
        wrong = [
            line for table, columns in self._mapping.expected(name).items() for line in self._wrong(table, columns)
        ]
        if wrong:
            raise ChangedTableError(
                "; ".join(wrong),
                "correct ingestion/sources/postgres/mapping.yaml or the table; until then nothing of it lands",
            )
        counted = sql.SQL("SELECT current_database(), count(*) FROM {}").format(self._identifier(name))
        database, rows = self._one(counted)
        return Snapshot(name, f"{database}.{self._mapping.database_schema}.{name}", int(str(rows)), settled)

    def rows(self, name: str, after: str | None) -> Iterator[list[dict[str, Any]]]:
        """Rows changed at or after an instant (less the overlap), all with None, a few thousand at a time.

        In the order of `updated_at` and id. Rows without `updated_at` come each time, at the end.
        """
        table = self._mapping.tables[name]
        # Named: a cursor on the server, so that memory is bounded whatever the size of the table.
        with self._connection.cursor(f"warehouse_{name}") as cursor:
            cursor.execute(self._select(name, table, after), {"after": after, "overlap": self._mapping.overlap})
            names = list(table.selected)
            while fetched := cursor.fetchmany(ROWS):
                yield [dict(zip(names, row, strict=True)) for row in fetched]

    def close(self) -> None:
        """End the transaction."""
        self._connection.rollback()

    def _one(self, query: LiteralString | sql.Composed) -> tuple[Any, ...]:
        row = self._connection.execute(query).fetchone()
        assert row is not None  # noqa: S101 - an aggregate always has a row
        return row

    def _wrong(self, table: str, columns: dict[str, Family]) -> Iterator[str]:
        full_name = f"{self._mapping.database_schema}.{table}"
        rows = self._connection.execute(_COLUMNS, (full_name,)).fetchall()
        found = {str(column): str(type_) for column, type_ in rows}
        if not found:
            yield f"{full_name}: expected a table, found none"
            return
        for column, family in columns.items():
            if column not in found:
                yield f"{full_name}.{column}: expected {family}, found no such column"
            elif found[column] not in _FAMILIES[family]:
                yield f"{full_name}.{column}: expected {family}, found {found[column]}"

    def _select(self, name: str, table: Table, after: str | None) -> sql.Composed:
        own = sql.Identifier("t")
        columns = [self._column(own, column, family) for column, family in table.columns.items()]
        joins: list[sql.Composable] = []
        for alias, lookup in table.lookups.items():
            other = sql.Identifier(alias)
            columns += [self._column(other, column, family) for column, family in lookup.columns.items()]
            joins.append(
                sql.SQL("LEFT JOIN {table} AS {other} ON {other}.{key} = t.{by}").format(
                    table=self._identifier(lookup.table),
                    other=other,
                    key=sql.Identifier(KEY),
                    by=sql.Identifier(lookup.by),
                )
            )
        bound: sql.Composable = sql.SQL("%(after)s::timestamptz - %(overlap)s::interval")
        if table.columns[UPDATED_AT] == "timestamp":
            bound = sql.SQL("({}) AT TIME ZONE {}").format(bound, sql.Literal(self._mapping.timezone))
        changed = sql.Identifier("t", UPDATED_AT)
        chosen = sql.SQL("WHERE {changed} >= {bound} OR {changed} IS NULL").format(changed=changed, bound=bound)
        return sql.SQL("SELECT {} FROM {} AS t {} {} ORDER BY {}, {}").format(
            sql.SQL(", ").join(columns),
            self._identifier(name),
            sql.SQL(" ").join(joins),
            sql.SQL("") if after is None else chosen,
            changed,
            sql.Identifier("t", KEY),
        )

    def _column(self, table: sql.Identifier, column: str, family: Family) -> sql.Composed:
        named = sql.SQL("{}.{}").format(table, sql.Identifier(column))
        if family == "timestamp":
            return sql.SQL("{} AT TIME ZONE {}").format(named, sql.Literal(self._mapping.timezone))
        # An enum is text; a fixed-width text has no spaces at its end that mean anything.
        return sql.SQL("{}::text").format(named) if family == "text" else named

    def _identifier(self, table: str) -> sql.Identifier:
        return sql.Identifier(self._mapping.database_schema, table)
