"""ClickHouse's own logs, such as `system.query_log`: statements stand in them with the values of their parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestion.erasure.certificate import Place
from ingestion.erasure.tables import Table, logs, names

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Settings of statements that name a person, so that they do not stand in the query logs afterwards.
UNLOGGED = {"log_queries": 0}
#: Has every statement whatever its settings are, those that look for the person among them.
_EVERYTHING = "text_log"


def emptied(client: Client, person: str) -> Place:
    """Empty the log tables that name a person; no statement that names him may follow.

    Emptied and not mutated, as a mutation's text would name him in turn, and old parts would stay for minutes.

    Args:
        client: connected as the admin, with the settings `UNLOGGED`.
        person: the id.
    """
    there = logs(client)
    if there:
        client.command("SYSTEM FLUSH LOGS")
    # Also as it stands in patterns, and in what statements are made of them.
    escaped = re.escape(person)
    forms = {person, escaped, escaped.replace("\\", "\\\\")}

    def naming_him(table: Table) -> bool:
        return any(names(client, table, form) for form in forms)

    naming = [table for table in there if naming_him(table)]
    for table in naming:
        client.command(f"TRUNCATE TABLE {table.address}")
    left = [table for table in naming if table.name != _EVERYTHING and naming_him(table)]
    for table in there:
        if table.name == _EVERYTHING:
            client.command("SYSTEM FLUSH LOGS")
            client.command(f"TRUNCATE TABLE {table.address}")
    return Place("log tables of ClickHouse itself", len(naming), len(left), "emptied")
