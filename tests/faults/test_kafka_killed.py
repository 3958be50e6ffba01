"""Consumer, ClickHouse and brokers go away under load: what Kafka confirmed is landed, and counts once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import KafkaError, Message, Producer

from ingestion.doors import kafka as door
from tests.faults.brokers import ROUNDS, Consumer, Load, moments, until_more
from tests.faults.command import Command
from tests.faults.state import admitted, assert_landed_once, ledger
from tests.ingestion.doors.kafka.conftest import door_to
from tests.ingestion.doors.samples import event
from tests.servers.engine import kill_until_back
from tests.servers.kafka import Kafka, publish, running_kafka
from tests.waiting import until
from warehouse.settings import Settings


@pytest.fixture
def cluster() -> Iterator[Kafka]:
    """Brokers that the test may take down."""
    with running_kafka() as brokers:
        yield brokers


def given(warehouse: Command, servers: str) -> tuple[Command, Settings, str]:
    """The command and the settings of a group of its own, and the topic it reads."""
    settings = door_to(warehouse.settings, servers)
    command = Command(
        warehouse.settings,
        KAFKA_BOOTSTRAP_SERVERS=servers,
        KAFKA_GROUP=settings.kafka_group,
        KAFKA_TOPIC_PATTERN=str(settings.kafka_topic_pattern),
        KAFKA_SESSION_SECONDS="6",
        DOOR_BATCH_SECONDS="0.1",
    )
    return command, settings, f"{settings.kafka_group}.events"


def sender(servers: str, topic: str) -> Callable[[list[bytes]], list[bytes]]:
    producer = Producer({"bootstrap.servers": servers, "acks": "all", "message.timeout.ms": 5000, "log_level": 2})

    def send(lines: list[bytes]) -> list[bytes]:
        confirmed: list[bytes] = []

        def answered(error: KafkaError | None, message: Message) -> None:
            value = message.value()
            if error is None and value is not None:
                confirmed.append(value)

        for line in lines:
            producer.produce(topic, line, on_delivery=answered)
        producer.flush(10)
        return confirmed

    return send


def test_under_load_everything_that_can_die_dies(warehouse: Command, cluster: Kafka) -> None:
    command, settings, topic = given(warehouse, cluster.bootstrap_servers)
    cluster("create", topic, 3)
    consumer, load = Consumer(command, "kafka"), Load(sender(cluster.bootstrap_servers, topic), seed=2)

    def interrupt() -> None:
        cluster("down")
        time.sleep(0.5)
        cluster("up")

    faults = [consumer.kill, interrupt, lambda: kill_until_back(command.settings), consumer.kill]
    wait = moments(len(faults) * ROUNDS, 1.5)
    with load.running():
        consumer.start()
        for fault in faults * ROUNDS:
            until_more(lambda: len(admitted(settings)))
            time.sleep(next(wait))
            fault()
        until_more(lambda: len(load.confirmed))
    until(lambda: door.waiting(settings) == 0)
    consumer.stop()
    assert consumer.kills == 2 * ROUNDS
    load.assert_landed(settings)
    # What was delivered again was the same batches: nothing was received twice.
    assert ledger(settings).duplicates == 0


def test_killed_after_the_ledger_and_before_the_commit(warehouse: Command, kafka: Kafka) -> None:
    lines = [event() for _ in range(700)]
    lines[::50] = [b'{"event_id": %d' % number for number in range(14)]
    command, settings, topic = given(warehouse, kafka.bootstrap_servers)
    kafka("create", topic, 1)
    publish(kafka.bootstrap_servers, [(topic, line) for line in lines])
    # Several batches, so that one is landed and not committed, and others are neither.
    small = Command(warehouse.settings, **{**command.environment, "DOOR_BATCH_EVENTS": "200"})
    assert small.killed("after", "INSERT INTO raw.batches", "consume", "kafka", "--once").code == -9
    assert ledger(settings).batches == 1
    answer = command("consume", "kafka", "--once", "--json")
    assert (answer.code, answer.json["waiting"]) == (0, 0), answer
    assert_landed_once(settings, lines)
    assert ledger(settings).received == len(lines), "something was received twice"


def test_the_command_says_what_is_wrong(warehouse: Command) -> None:
    answer = warehouse("consume", "kafka", "--json")
    assert (answer.code, answer.json["error"]) == (1, "KAFKA_BOOTSTRAP_SERVERS is not set")
    absent, _, _ = given(warehouse, "127.0.0.1:1")
    answer = absent("consume", "kafka", "--once")
    assert (answer.code, answer.stdout) == (1, "")
    assert "error: Kafka at 127.0.0.1:1 does not answer" in answer.stderr
    assert "hint: check KAFKA_BOOTSTRAP_SERVERS" in answer.stderr
