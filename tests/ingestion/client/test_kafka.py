"""The Kafka publisher against brokers that speak the protocol: topics, keys, order, and an outage."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from ingestion.client import Options
from ingestion.client.kafka import Publisher
from tests.servers.kafka import Kafka, running_kafka

OPTIONS = Options(source="shop", linger_seconds=0.02, min_backoff_seconds=0.02, max_backoff_seconds=0.2)


def messages(servers: str, topic: str) -> list[tuple[int, str | None, dict[str, Any]]]:
    """Everything in a topic: partition, key, event."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "reader", "auto.offset.reset": "earliest"})
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    places = [TopicPartition(topic, number, 0) for number in partitions]
    waiting = sum(consumer.get_watermark_offsets(place, timeout=30)[1] for place in places)
    consumer.assign(places)
    found = []
    while len(found) < waiting:
        message = consumer.poll(30)
        assert message is not None
        assert message.error() is None
        key = message.key()
        found.append((message.partition(), key.decode() if key else None, json.loads(message.value())))
    consumer.close()
    return found


def test_topic_is_the_type_key_is_the_user_and_a_users_events_keep_their_order(kafka: Kafka) -> None:
    prefix = f"{uuid.uuid4()}."
    kafka("create", f"{prefix}user.signin", 3)
    with Publisher(kafka.bootstrap_servers, OPTIONS, prefix=prefix) as publisher:
        ids = {f"u{user}": [publisher.track("user.signin", f"u{user}") for _ in range(20)] for user in range(5)}
        nobodys = publisher.track("queue.sampled", properties={"queue": "q", "depth": 1})
        never = publisher.track("not a topic", "u1")
        assert publisher.flush(60)
    assert (publisher.statistics.sent, publisher.statistics.rejected) == (101, 1)
    found = messages(kafka.bootstrap_servers, f"{prefix}user.signin")
    assert {key: [event["event_id"] for _, own, event in found if own == key] for key in ids} == ids
    assert all(len({partition for partition, own, _ in found if own == key}) == 1 for key in ids)
    ((_, key, event),) = messages(kafka.bootstrap_servers, f"{prefix}queue.sampled")
    assert (key, event["event_id"]) == (None, nobodys)
    assert never is not None


def test_an_outage_costs_no_event() -> None:
    with running_kafka() as cluster:
        cluster("create", "user.signin", 1)
        configuration: dict[str, str | int | bool] = {"delivery.timeout.ms": 2_000}
        with Publisher(cluster.bootstrap_servers, OPTIONS, configuration=configuration) as publisher:
            ids = [publisher.track("user.signin", "u1") for _ in range(50)]
            assert publisher.flush(60)
            cluster("down")
            ids += [publisher.track("user.signin", "u1") for _ in range(50)]
            while publisher.statistics.last_error is None:
                time.sleep(0.01)
            cluster("up")
            assert publisher.flush(60)
            assert publisher.statistics.sent == 100
        arrived = [event["event_id"] for _, _, event in messages(cluster.bootstrap_servers, "user.signin")]
        assert list(dict.fromkeys(arrived)) == ids
