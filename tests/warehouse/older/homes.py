"""Homes of older versions of this project, as text: really made by them, and saved with `dump.py`.

`<commit>.sql` is what ClickHouse held of a home that the code of that commit had made by `warehouse ingest` of
`lines.ndjson` and `warehouse build`: statements, divided by empty lines, that make it all again. Rows come as JSON.

SQLite files are folders beside them: `<folder>/<path in the home>.sql` is what `sqlite3.Connection.iterdump` gave.
Those of a commit are saved reports. All commits had the Dagster of today; the history is of an older one, which nobody
had with this project: `dagster-1.7.0` came of `dagster_location.py` beside it, whose names are those of the project,
with a workspace of that module and `location_name: warehouse`:

    dagster job execute -m dagster_location -j refresh
    dagster schedule stop canaries -w workspace.yaml -l warehouse
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from clickhouse_connect.driver.client import Client

from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.settings import Settings

FOLDER = Path(__file__).parent
#: What was landed in all of them: every event type of the oldest, some lines twice, some that are refused.
LINES = FOLDER / "lines.ndjson"
#: Commits, oldest first.
COMMITS = ("46647d1", "054b9f2")
#: The key of e-mail hashes in all of them, in the home's file of secrets as the oldest wrote it.
SECRETS = {"PII_HMAC_SECRET": "of the older homes"}


def bring_back(settings: Settings, commit: str) -> Client:
    """Start the engine of an empty home with what a home of an older version held; nothing is migrated.

    Returns:
        Connected as the admin.
    """
    write_secrets(settings.home)
    process.start(settings)
    client = connect(Identity.ADMIN, settings)
    for statement in (FOLDER / f"{commit}.sql").read_text("utf-8").split("\n\n"):
        client.command(statement)
    return client


def bring_back_files(folder: str, home: Path) -> None:
    """Write the SQLite files of an older version into a home, or another folder that holds them."""
    for dump in sorted((FOLDER / folder).rglob("*.sql")):
        path = home / dump.relative_to(FOLDER / folder).with_suffix("")
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.executescript(dump.read_text("utf-8"))


def write_secrets(home: Path) -> None:
    """Make the file of secrets of an empty home; those that it does not name are made when first asked for."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "credentials.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(SECRETS, file)
