"""Fixtures of the RabbitMQ door."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pika
import pytest
from pydantic import SecretStr

from ingestion.doors.rabbitmq.broker import DEAD_LETTERS, connected, declare
from tests.servers.rabbitmq import RabbitMQ
from tests.servers.rabbitmq import rabbitmq as rabbitmq
from warehouse.settings import Settings


@contextmanager
def queue_of_its_own(home: Settings, url: str) -> Iterator[Settings]:
    """Settings of a queue that nobody else reads, declared and empty; deleted at the end."""
    settings = home.model_copy(
        update={"rabbitmq_url": SecretStr(url), "rabbitmq_queue": f"test.{uuid.uuid4()}", "door_batch_seconds": 0.1}
    )
    with connected(settings) as connection:
        declare(connection.channel(), settings)
    yield settings
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.queue_delete(settings.rabbitmq_queue)
    channel.queue_purge(DEAD_LETTERS)
    connection.close()


@pytest.fixture
def door(empty: Settings, rabbitmq: RabbitMQ) -> Iterator[Settings]:
    """Nothing landed, and a queue of this test's own."""
    with queue_of_its_own(empty, rabbitmq.url) as settings:
        yield settings


@pytest.fixture
def fresh_door(fresh_home: Settings, rabbitmq: RabbitMQ) -> Iterator[Settings]:
    """The same with a ClickHouse that the test may break."""
    with queue_of_its_own(fresh_home, rabbitmq.url) as settings:
        yield settings
