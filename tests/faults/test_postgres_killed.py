"""The load of PostgreSQL dies anywhere: the next one loses nothing and stores nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.command import Command, finished
from tests.faults.state import admitted, forget, ledger, wait_until_settled
from tests.servers.postgres import PostgresServer, postgres
from warehouse.settings import Settings, project_root

__all__ = ["postgres"]

ROWS = 30_000
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
PLATFORM = Path(project_root(), "tests/ingestion/sources/postgres/platform.sql").read_text("utf-8")


class Source:
    """A platform database with many users, each with a payment, and the command that reads it."""

    def __init__(self, server: PostgresServer, settings: Settings) -> None:
        self.url = server.new_database("killed")
        self.command = Command(settings, POSTGRES_URL=self.url)
        self.settings = settings
        with psycopg.connect(self.url) as connection:
            connection.execute(PLATFORM)
            connection.execute(f"""
                INSERT INTO users (role, updated_at)
                SELECT 'creator', '2025-01-01'::timestamptz + (n / 7) * interval '1 minute'
                FROM generate_series(1, {ROWS}) n;
                INSERT INTO payouts (creator_id, amount, status, completed_at, updated_at)
                SELECT id, 1.5, 'completed', updated_at, updated_at FROM users
            """)  # type: ignore[arg-type]

    def assert_all_once(self) -> None:
        found = admitted(self.settings)
        assert len(found) == len(set(found)) == 2 * ROWS
        assert ledger(self.settings).stored == 2 * ROWS


@pytest.fixture
def source(postgres: PostgresServer, warehouse: Command) -> Source:
    return Source(postgres, warehouse.settings)


@pytest.mark.parametrize(
    ("when", "statement"),
    [
        ("during", "INSERT INTO raw.landing"),
        ("after", "INSERT INTO raw.batches"),
        ("before", "INSERT INTO raw.positions"),
        ("after", "INSERT INTO raw.positions"),
    ],
)
def test_killed_at_a_statement(source: Source, when: str, statement: str) -> None:
    assert source.command.killed(when, statement, "extract", "postgres").code == -signal.SIGKILL
    answer = source.command("extract", "postgres", "--json")
    assert answer.code == 0, answer.stderr
    source.assert_all_once()
    # And nothing is left to do.
    assert source.command("extract", "postgres", "--json").json["received"] == 0


def test_killed_at_random_moments_and_while_connections_are_cut(source: Source) -> None:
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    print(f"seed {seed}")
    for _ in range(ROUNDS):
        forget(source.settings)
        process: Any = source.command.start("extract", "postgres", "--json")
        time.sleep(dice.uniform(0.8, 3.5))
        if dice.random() < 0.5:
            process.kill()
        else:
            with psycopg.connect(source.url, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'warehouse'"
                )
        cut = finished(process)
        assert cut.code in (0, 1, -signal.SIGKILL), cut.stderr
        if cut.code == 1:
            assert "run the same again" in cut.json["hint"]
        wait_until_settled(source.settings)
        found = admitted(source.settings)
        assert len(found) == len(set(found)) == ledger(source.settings).stored
        answer = source.command("extract", "postgres", "--json")
        assert answer.code == 0, answer.stderr
        source.assert_all_once()
