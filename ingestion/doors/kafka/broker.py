"""The connection to Kafka: configuration, topics, lag."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from ingestion.catalog import load
from ingestion.doors.errors import BrokerRefuses, BrokerUnreachable
from warehouse.errors import SettingsError
from warehouse.settings import Settings

ANSWER_SECONDS = 10.0
#: How soon a new topic or partition is seen.
_METADATA_MS = 10_000
_QUEUED_KIB = 64 * 1024

# The library's own log repeats what it reports through its callbacks.
_LOG = logging.getLogger("ingestion.doors.kafka.librdkafka")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False

_LOGIN = (KafkaError._AUTHENTICATION, KafkaError.SASL_AUTHENTICATION_FAILED)
_REFUSALS = {
    *_LOGIN,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
}

#: A topic and the number of a partition.
Partition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the group is in a partition: offsets of the next message to read and behind the last one."""

    next: int
    end: int

    @property
    def lag(self) -> int:
        """Offsets still to be read."""
        return max(0, self.end - self.next)


class Reports:
    """What the library reports while it is polled.

    Attributes:
        fault: the last thing that was wrong with its connections.
        commit_failed: the last commit did not reach the broker.
    """

    def __init__(self) -> None:
        self.fault: KafkaError | None = None
        self.commit_failed = False

    def failed(self, error: KafkaError) -> None:
        """Called by the library; a refused login is not overwritten by its consequences."""
        if self.fault is None or self.fault.code() not in _REFUSALS:
            self.fault = error

    def committed(self, error: KafkaError | None, _: list[TopicPartition]) -> None:
        """Called by the library."""
        self.commit_failed = error is not None


def configuration(settings: Settings) -> dict[str, object]:
    """The consumer's configuration.

    Raises:
        SettingsError: KAFKA_BOOTSTRAP_SERVERS is not set.
    """
    if settings.kafka_bootstrap_servers is None:
        raise SettingsError("KAFKA_BOOTSTRAP_SERVERS is not set", "set it, for example host1:9092,host2:9092")
    given: dict[str, object] = {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "client.id": f"warehouse-{socket.gethostname()}",
        "group.id": settings.kafka_group,
        # Only what the ledger has is committed, and only by hand.
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        # Messages that vanished before they were read are an event to report, not to skip.
        "auto.offset.reset": "error",
        "partition.assignment.strategy": "cooperative-sticky",
        "topic.metadata.refresh.interval.ms": _METADATA_MS,
        "queued.max.messages.kbytes": _QUEUED_KIB,
        "session.timeout.ms": settings.kafka_session_seconds * 1000,
    }
    return given | security(settings)


def security(settings: Settings) -> dict[str, str]:
    """How every client logs in to the brokers, and whom it trusts.

    Raises:
        SettingsError: a login is asked for, and there is none.
    """
    given = {"security.protocol": str(settings.kafka_security_protocol)}
    if settings.kafka_security_protocol.startswith("SASL"):
        if settings.kafka_sasl_username is None or settings.kafka_sasl_password is None:
            raise SettingsError(
                "KAFKA_SECURITY_PROTOCOL asks for a login, and there is none",
                "set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD",
            )
        given |= {
            "sasl.mechanism": settings.kafka_sasl_mechanism,
            "sasl.username": settings.kafka_sasl_username,
            "sasl.password": settings.kafka_sasl_password.get_secret_value(),
        }
    if settings.kafka_ca_file is not None:
        given["ssl.ca.location"] = str(settings.kafka_ca_file)
    return given


def connect(settings: Settings, reports: Reports) -> tuple[Consumer, str]:
    """A consumer that has reached the brokers and subscribes to nothing yet, and the id of the cluster.

    Raises:
        SettingsError: a setting is missing or cannot be used.
        BrokerUnreachable: no broker answers.
        BrokerRefuses: the brokers refuse the login.
    """
    given = configuration(settings)
    try:
        consumer = Consumer({**given, "error_cb": reports.failed, "on_commit": reports.committed}, logger=_LOG)
    except KafkaException as error:
        raise SettingsError(
            f"Kafka: {error.args[0].str()}", "check the KAFKA_… settings, above all KAFKA_SASL_MECHANISM"
        ) from None
    try:
        cluster = consumer.list_topics(timeout=ANSWER_SECONDS).cluster_id
    except KafkaException as error:
        consumer.poll(0)
        consumer.close()
        raise explained(reports.fault or error.args[0], settings) from None
    return consumer, str(cluster)


def explained(error: KafkaError, settings: Settings) -> BrokerRefuses | BrokerUnreachable:
    """The library's error, and what to do about it."""
    where = f"Kafka at {settings.kafka_bootstrap_servers}"
    if error.code() in _LOGIN:
        return BrokerRefuses(
            f"{where} refuses the login", "check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM"
        )
    if error.code() in _REFUSALS:
        return BrokerRefuses(
            f"{where} refuses: {error.str()}",
            f"grant the user Read on the topics and on the group {settings.kafka_group}",
        )
    return BrokerUnreachable(
        f"{where} does not answer", "check KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL and that the brokers run"
    )


def subscription(settings: Settings) -> list[str]:
    """Patterns of the topics to read: those of KAFKA_TOPICS, and those of the pattern.

    Without a pattern, a topic is read when its name is that of an event type, or another spelling of one.
    """
    named = [name.strip() for name in settings.kafka_topics.split(",") if name.strip()]
    if settings.kafka_topic_pattern is None:
        named += [name for event in load().events for name in (event.name, *event.aliases)]
    # As a pattern, so that a topic which does not exist yet is no error.
    patterns = [f"^({'|'.join(name.replace('.', '[.]') for name in dict.fromkeys(named))})$"] if named else []
    return patterns + ([settings.kafka_topic_pattern] if settings.kafka_topic_pattern else [])


def positions(consumer: Consumer, settings: Settings) -> dict[Partition, Position]:
    """Where the group is in every partition it reads.

    Raises:
        BrokerUnreachable: no broker answers.
        BrokerRefuses: the user may not ask.
    """
    patterns = [re.compile(pattern) for pattern in subscription(settings)]
    try:
        topics = consumer.list_topics(timeout=ANSWER_SECONDS).topics.values()
        partitions = [
            TopicPartition(topic.topic, number)
            for topic in topics
            if any(pattern.search(topic.topic) for pattern in patterns)
            for number in topic.partitions
        ]
        if not partitions:
            return {}
        found = {}
        for place in consumer.committed(partitions, timeout=ANSWER_SECONDS):
            first, end = consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS)
            found[place.topic, place.partition] = Position(max(place.offset, first), end)
    except KafkaException as error:
        raise explained(error.args[0], settings) from None
    return found


#: Where lines for people go.
Say = Callable[[str], None]
