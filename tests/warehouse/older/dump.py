"""Save the home of an older version as text, while its engine runs: `python -m tests.warehouse.older.dump HOME > FILE`.

To make one, run the older code on an empty home and this on the same home afterwards:

    git worktree add ../older <commit>
    export WAREHOUSE_HOME=/tmp/older-home PII_HMAC_SECRET='of the older homes'
    cd ../older && PYTHONPATH=$PWD python -m warehouse.cli.main ingest <here>/tests/warehouse/older/lines.ndjson
    PYTHONPATH=$PWD python -m warehouse.cli.main build
    cd <here> && python -m tests.warehouse.older.dump /tmp/older-home > tests/warehouse/older/<commit>.sql
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from clickhouse_connect.driver.binding import quote_identifier
from clickhouse_connect.driver.client import Client

from warehouse.backups.tables import databases
from warehouse.client import Identity, connect
from warehouse.databases import are_ours
from warehouse.settings import get_settings

# Made again by every build from its own models or seeds, and longer than all the rest.
_WITHOUT_ROWS = {"marts.models", "marts.semantics", "exchange_rates"}
# In `build` what tells builds where they are. Its marts have the rows of the generation, what they are made of none.
_CONTROL = {"horizon", "evidence"}
_FORMAT = {
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_quote_decimals": 1,
    "output_format_json_escape_forward_slashes": 0,
}
_DEFAULTS = re.compile(r" SETTINGS index_granularity = 8192$")


def statements(client: Client) -> Iterator[str]:
    """What makes the databases of a home again, with all that is in them."""
    for name in databases(client):
        yield f"CREATE DATABASE {quote_identifier(name)}"
    # Views come after what they read; those of one second in the order of their names, which begin with their layer.
    found = client.query(
        "SELECT database, name, engine, create_table_query FROM system.tables"
        f" WHERE {are_ours('database')} AND NOT is_temporary"
        " ORDER BY engine LIKE '%View', metadata_modification_time, database, name"
    ).result_rows
    built = {name for database, name, *_ in found if database == "build"}
    for database, name, _, statement in found:
        if database.startswith("marts_g") and name in built:
            yield f"CREATE TABLE {database}.{quote_identifier(name)} AS build.{quote_identifier(name)}"
        else:
            yield _DEFAULTS.sub("", statement)
    for database, name, engine, _ in found:
        kept = database != "build" or name in _CONTROL
        if engine.endswith("MergeTree") and kept and not {name, f"{database}.{name}"} & _WITHOUT_ROWS:
            yield from _rows(client, database, name)
    for database, name, _, _ in found:
        if database.startswith("marts_g"):
            table = quote_identifier(name)
            yield f"INSERT INTO build.{table} SELECT * FROM {database}.{table}"


def _rows(client: Client, database: str, name: str) -> Iterator[str]:
    columns = client.query(
        # States of aggregate functions have no text.
        "SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String}"
        " AND default_kind NOT IN ('ALIAS', 'MATERIALIZED') AND NOT startsWith(type, 'AggregateFunction')"
        " ORDER BY position",
        parameters={"database": database, "table": name},
    ).result_rows
    listed = ", ".join(quote_identifier(column) for (column,) in columns)
    table = f"{quote_identifier(database)}.{quote_identifier(name)}"
    rows = client.raw_query(f"SELECT {listed} FROM {table} ORDER BY ALL", settings=_FORMAT, fmt="JSONCompactEachRow")
    if rows:
        yield f"INSERT INTO {table} ({listed}) FORMAT JSONCompactEachRow\n{rows.decode().rstrip()}"


def main() -> None:
    """Print the statements, divided by empty lines."""
    settings = get_settings().model_copy(update={"home": Path(sys.argv[1])})
    print("\n\n".join(statements(connect(Identity.ADMIN, settings))))


if __name__ == "__main__":
    main()
