"""Events into a file of DuckDB (`python in_duckdb.py FILE load EVENTS`), marts out of it (`FILE show TABLE COLUMNS`).

Run by the interpreter of dbt-duckdb's own environment, which has nothing of this project.
"""

import json
import sys

import duckdb

_COLUMNS = {
    "event_id": "UUID", "event_type": "VARCHAR", "occurred_at": "TIMESTAMP", "user_id": "VARCHAR",
    "session_id": "VARCHAR", "source": "VARCHAR",
    "context": "MAP(VARCHAR, VARCHAR)", "properties": "MAP(VARCHAR, VARCHAR)",
}  # fmt: skip


def load(file: str, events: str) -> None:
    """Append the events of a file."""
    with duckdb.connect(file, config={"threads": 2}) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS arrived")
        declared = ", ".join(f"{name} {type_}" for name, type_ in _COLUMNS.items())
        connection.execute(f"CREATE TABLE IF NOT EXISTS arrived.events ({declared}, loaded_at TIMESTAMP)")
        connection.execute(
            "INSERT INTO arrived.events SELECT *, now()::TIMESTAMP "
            "FROM read_json(?, columns = ?, format = 'newline_delimited')",
            [events, _COLUMNS],
        )


def show(file: str, table: str, columns: str) -> None:
    """Print rows as JSON, a line each."""
    with duckdb.connect(file, read_only=True) as connection:
        for row in connection.sql(f"SELECT {columns} FROM {table}").fetchall():
            print(json.dumps([str(value) for value in row]))


if __name__ == "__main__":
    file, task, *rest = sys.argv[1:]
    if task == "load":
        load(file, *rest)
    else:
        show(file, *rest)
