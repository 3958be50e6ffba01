"""The RabbitMQ publisher against a real node: routed, persistent, confirmed, and patient."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from ingestion.client import Options
from ingestion.client.rabbitmq import Publisher
from tests.servers.rabbitmq import RabbitMQ, running_rabbitmq

OPTIONS = Options(source="billing", linger_seconds=0.02, min_backoff_seconds=0.02, max_backoff_seconds=0.2)


@contextmanager
def channel(url: str) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        yield connection.channel()
    finally:
        connection.close()


def bound_queue(url: str, exchange: str, name: str) -> None:
    with channel(url) as open_channel:
        open_channel.exchange_declare(exchange, exchange_type="topic", durable=True)
        open_channel.queue_declare(name, durable=True)
        open_channel.queue_bind(name, exchange, "#")


def taken(url: str, queue: str) -> list[tuple[Any, Any, dict[str, Any]]]:
    """All messages of a queue: delivery, properties, event."""
    found = []
    with channel(url) as open_channel:
        while True:
            delivery, properties, body = open_channel.basic_get(queue, auto_ack=True)
            if delivery is None:
                return found
            found.append((delivery, properties, json.loads(body)))


def wait_for_trouble(publisher: Publisher) -> str:
    while (trouble := publisher.statistics.last_error) is None:
        time.sleep(0.01)
    return trouble


def test_messages_are_routed_by_type_persistent_and_named_by_their_event(rabbitmq: RabbitMQ) -> None:
    exchange = queue = f"events-{uuid.uuid4()}"
    bound_queue(rabbitmq.url, exchange, queue)
    with Publisher(rabbitmq.url, OPTIONS, exchange=exchange) as publisher:
        ids = [publisher.track(name, "u1", {"n": 1}) for name in ("user.signin", "user.signout")]
        too_long = publisher.track("x" * 300, "u1")
        assert publisher.flush(30)
    assert (publisher.statistics.sent, publisher.statistics.rejected) == (2, 1)
    messages = taken(rabbitmq.url, queue)
    assert [event["event_id"] for _, _, event in messages] == ids
    assert too_long not in ids
    assert [delivery.routing_key for delivery, _, _ in messages] == ["user.signin", "user.signout"]
    for _, properties, event in messages:
        assert properties.delivery_mode == 2
        assert properties.message_id == event["event_id"]
        assert properties.content_type == "application/json"
        assert properties.app_id == event["source"] == "billing"


def test_events_wait_until_somebody_listens(rabbitmq: RabbitMQ) -> None:
    exchange = queue = f"events-{uuid.uuid4()}"
    with Publisher(rabbitmq.url, OPTIONS, exchange=exchange) as publisher:
        event_id = publisher.track("user.signin", "u1")
        assert wait_for_trouble(publisher) == f"no queue is bound to exchange {exchange}"
        bound_queue(rabbitmq.url, exchange, queue)
        assert publisher.flush(30)
    assert [event["event_id"] for _, _, event in taken(rabbitmq.url, queue)] == [event_id]


@pytest.mark.timeout(240)
def test_a_killed_broker_costs_no_event(tmp_path: Path) -> None:
    with running_rabbitmq(tmp_path / "node") as node:
        bound_queue(node.url, "analytics.events", "all")
        with Publisher(node.url, OPTIONS) as publisher:
            ids = [publisher.track("user.signin", f"u{n}") for n in range(50)]
            assert publisher.flush(30)
            ids += [publisher.track("user.signin", f"u{n}") for n in range(300)]
            node.kill()
            ids += [publisher.track("user.signin", f"u{n}") for n in range(50)]
            assert "RabbitMQ cannot be reached" in wait_for_trouble(publisher)
            node.start()
            assert publisher.flush(60)
            assert publisher.statistics.sent == 400
        arrived = [event["event_id"] for _, _, event in taken(node.url, "all")]
        assert list(dict.fromkeys(arrived)) == ids
