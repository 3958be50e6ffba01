"""Fixtures shared by all packages: homes with a real, migrated engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client

from tests import lending
from tests.lending import keep, lend
from tests.order import longest_first
from warehouse.cli.ready import migrate
from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.settings import Settings, get_settings

TABLES = (
    "raw.events",
    "raw.quarantine",
    "raw.receipts",
    "raw.duplicates",
    "raw.batches",
    "raw.replays",
    "raw.canaries",
    "raw.positions",
    "raw.erasures",
    "build.horizon",
    "build.closings",
    "build.departures",
    "build.evidence",
    "marts.adjustments",
    "marts.alerts",
    "build.expectations",
    "build.trainings",
    "build.rewritten",
    "marts.models",
    "marts.publications",
    "marts.revisions",
    "marts.semantics",
    "marts.vitals",
)


def pytest_configure() -> None:
    """Before there are workers, which are to find the same store."""
    lending.store()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)


@contextmanager
def running_home(folder: Path) -> Iterator[Settings]:
    """A migrated engine in `folder`, killed at the end."""
    settings = get_settings().beside(folder)
    lend(settings)
    process.start(settings)
    try:
        migrate(settings)
        yield settings
    finally:
        keep(settings)
        # By force: a clean stop waits five seconds for idle connections, and nobody needs the data any more.
        process.stop(settings, timeout=0)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a running, migrated engine; one per worker, shared by its tests."""
    with running_home(tmp_path_factory.mktemp("home")) as settings:
        yield settings


@pytest.fixture
def fresh_home(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a running, migrated engine for one test alone, which may break it."""
    with running_home(tmp_path / "home") as settings:
        yield settings


def emptied(home: Settings) -> Settings:
    """The engine of a home with nothing landed, built or published."""
    admin = connect(Identity.ADMIN, home)
    for table in TABLES:
        admin.command(f"TRUNCATE TABLE {table}")
    # Made by builds, not by migrations.
    admin.command("TRUNCATE TABLE IF EXISTS build.stg_events")
    for (name,) in admin.query("SELECT name FROM system.databases WHERE name LIKE 'marts\\_g%'").result_rows:
        admin.command(f"DROP DATABASE {name} SYNC")
    return home


@pytest.fixture
def empty(home: Settings) -> Settings:
    """The shared engine with nothing landed, built or published."""
    return emptied(home)


@pytest.fixture
def client_of(home: Settings) -> Callable[[Identity], Client]:
    """Connections to the shared engine by identity."""
    return lambda identity: connect(identity, home)
