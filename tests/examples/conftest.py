"""The real collector and brokers for the examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.collector import Collector, running_collector
from tests.servers.kafka import kafka
from tests.servers.rabbitmq import rabbitmq
from warehouse.settings import Settings

__all__ = ["collector", "kafka", "rabbitmq"]


@pytest.fixture
def collector(empty: Settings, tmp_path: Path) -> Iterator[Collector]:
    """A collector whose warehouse is empty."""
    with running_collector(empty, tmp_path / "collector.log") as running:
        yield running
