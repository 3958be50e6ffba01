"""Kafka for tests: librdkafka's own cluster in a process of its own, or the one of KAFKA_BOOTSTRAP_SERVERS."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import KafkaError, Message, Producer

from warehouse.settings import project_root


class Kafka:
    """A cluster in a process of its own, and a producer that knows what was confirmed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.kafka_cluster"],
            cwd=project_root(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.bootstrap_servers = self._line()

    def __call__(self, *words: object) -> None:
        """Give an order: `create TOPIC PARTITIONS`, `delete TOPIC`, `down`, `up`, `trim TOPIC PARTITION OFFSET`."""
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)
        assert self._line() == "ok"

    def stop(self) -> None:
        """End the process; what the cluster held is gone."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the cluster ended"
        return line


def publish(servers: str, messages: Iterable[tuple[str, bytes | None]], *, partition: int = -1) -> None:
    """Send (topic, value) in order and wait until all are confirmed."""
    failures: list[KafkaError] = []

    def confirmed(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            failures.append(error)

    producer = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 5})
    for topic, value in messages:
        while True:
            try:
                producer.produce(topic, value, partition=partition, on_delivery=confirmed)
                break
            except BufferError:
                producer.poll(0.1)
    assert producer.flush(30) == 0
    assert failures == []


@contextmanager
def running_kafka() -> Iterator[Kafka]:
    """A cluster, ended at the end."""
    cluster = Kafka()
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def kafka() -> Iterator[Kafka]:
    """A cluster shared by the tests of a worker; tests use topics and groups of their own."""
    with running_kafka() as cluster:
        yield cluster
