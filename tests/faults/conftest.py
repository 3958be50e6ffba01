"""Fixtures of the fault tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.command import Command, own_home
from tests.oracle.generate import marketplace
from tests.servers.kafka import kafka as kafka
from tests.servers.rabbitmq import rabbitmq as rabbitmq


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Command]:
    """The command on a home of its own, with a running, migrated engine that the test may break."""
    with own_home(tmp_path / "home") as command:
        assert command("migrate", "--json").code == 0
        yield command


@pytest.fixture(scope="session")
def lines() -> list[bytes]:
    """A small delivery with resent, altered and bad lines."""
    return marketplace(
        77, users=12, days=20, start=dt.date(2025, 3, 1), per_day=40,
        invalid=0.03, duplicates=0.05, altered=0.03,
    )  # fmt: skip
