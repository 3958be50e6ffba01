"""Fixtures of the client's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ingestion.client.server import Endpoint, endpoint
from tests.servers.kafka import kafka
from tests.servers.rabbitmq import rabbitmq

__all__ = ["collector", "kafka", "rabbitmq"]


@pytest.fixture
def collector() -> Iterator[Endpoint]:
    """A server in the collector's place."""
    with endpoint() as serving:
        yield serving
