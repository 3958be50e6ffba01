"""A platform database and an empty warehouse beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from ingestion.sources.postgres import Extracted, extract
from tests.servers.postgres import PostgresServer, postgres
from warehouse.client import Identity, connect
from warehouse.settings import Settings

PLATFORM = Path(__file__).with_name("platform.sql").read_text("utf-8")

__all__ = ["postgres"]

# What staging takes: admitted, and the first receipt of its id.
_ADMITTED = """
    SELECT event_type, toString(occurred_at) AS occurred_at, user_id, source, properties
    FROM raw.events
    WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
        AND (event_id, received_seq) NOT IN (SELECT event_id, received_seq FROM raw.duplicates)
    ORDER BY events.occurred_at, event_type, toString(event_id)
"""


@dataclass
class Platform:
    """The operational database, and the warehouse that reads it."""

    url: str
    sql: psycopg.Connection[tuple[Any, ...]]
    settings: Settings

    def extract(self, **options: Any) -> Extracted:
        return extract(self.settings, **options)

    def events(self) -> list[dict[str, Any]]:
        return list(self.query(_ADMITTED))

    def types(self) -> list[str]:
        return sorted(event["event_type"] for event in self.events())

    def query(self, statement: str) -> list[dict[str, Any]]:
        return list(connect(Identity.LOADER, self.settings).query(statement).named_results())

    def user(self, **columns: Any) -> str:
        return self.insert("users", **columns)

    def insert(self, table: str, **columns: Any) -> str:
        names, values = ", ".join(columns), ", ".join(["%s"] * len(columns))
        row = self.sql.execute(
            f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING id::text"  # type: ignore[arg-type]
            if columns
            else f"INSERT INTO {table} DEFAULT VALUES RETURNING id::text",
            list(columns.values()),
        ).fetchone()
        assert row is not None
        return str(row[0])


@pytest.fixture
def platform(postgres: PostgresServer, empty: Settings) -> Iterator[Platform]:
    url = postgres.new_database("platform")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PLATFORM)
        yield Platform(url, connection, empty.model_copy(update={"postgres_url": SecretStr(url)}))
