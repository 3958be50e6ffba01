"""Fixtures of the Kafka door."""

from __future__ import annotations

import os
import uuid

import pytest

from tests.servers.kafka import Kafka
from tests.servers.kafka import kafka as kafka
from warehouse.settings import Settings


def door_to(home: Settings, servers: str) -> Settings:
    """Settings of a group of its own that reads topics of its own: all that begin with `topic_of(settings)`."""
    name = f"t{uuid.uuid4().hex[:12]}"
    return home.model_copy(
        update={
            "kafka_bootstrap_servers": servers,
            "kafka_group": name,
            "kafka_topics": "",
            "kafka_topic_pattern": f"^{name}[.]",
            # The test cluster lets a rebalance take as long as a session, all but a second.
            "kafka_session_seconds": 6,
            "door_batch_seconds": 0.1,
        }
    )


@pytest.fixture
def door(empty: Settings, kafka: Kafka) -> Settings:
    """Nothing landed, a group and topics of this test's own."""
    return door_to(empty, kafka.bootstrap_servers)


@pytest.fixture
def fresh_door(fresh_home: Settings, kafka: Kafka) -> Settings:
    """The same with a ClickHouse that the test may break."""
    return door_to(fresh_home, kafka.bootstrap_servers)


@pytest.fixture
def real_door(empty: Settings) -> Settings:
    """The same on the brokers of KAFKA_BOOTSTRAP_SERVERS."""
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if not servers:
        pytest.skip("KAFKA_BOOTSTRAP_SERVERS names no real brokers")
    return door_to(empty, servers)
