"""The way out through Kafka: one message per event, keyed by user, acknowledged by all replicas in sync."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial

from confluent_kafka import KafkaError, KafkaException, Message
from confluent_kafka import Producer as Broker

from .options import Options
from .tracking import Producer
from .transport import Receipt, Undelivered

_DELIVERY_SECONDS = 15.0
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")

#: The event itself is the trouble; sending it again changes nothing.
_NEVER = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.TOPIC_EXCEPTION, KafkaError.INVALID_MSG})
#: Somebody has to make a topic or grant a right.
_MISCONFIGURED = frozenset(
    {
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_TOPIC,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError._AUTHENTICATION,
    }
)


class Publisher(Producer):
    """Sends events to Kafka; topic = `prefix` + event type, key = user id, so that a user's events keep their order.

    Args:
        bootstrap_servers: `host:port`, several with commas.
        options: see there.
        prefix: put before the event type.
        configuration: more settings of librdkafka, for example for TLS and SASL.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        options: Options | None = None,
        *,
        prefix: str = "",
        configuration: Mapping[str, str | int | bool] | None = None,
    ) -> None:
        super().__init__(partial(KafkaTransport, bootstrap_servers, prefix, dict(configuration or {})), options)


class KafkaTransport:
    """Produces lines and waits for their delivery reports.

    Args:
        bootstrap_servers: of the cluster.
        prefix: of topics.
        configuration: of librdkafka.
    """

    def __init__(self, bootstrap_servers: str, prefix: str, configuration: Mapping[str, str | int | bool]) -> None:
        self._prefix = prefix
        self._broker = Broker(
            {
                "compression.type": "lz4",
                "linger.ms": 5,
                "delivery.timeout.ms": int(_DELIVERY_SECONDS * 1000),
                **configuration,
                "bootstrap.servers": bootstrap_servers,
                "acks": "all",
                "enable.idempotence": True,
            }
        )

    def send(self, lines: Sequence[bytes]) -> Receipt:
        """See Transport."""
        failures: list[tuple[bytes, KafkaError]] = []
        receipt = Receipt()
        for line in lines:
            event = json.loads(line)
            topic = self._prefix + event["event_type"]
            if _TOPIC.fullmatch(topic):
                self._produce(topic, event.get("user_id"), line, failures)
            else:
                receipt.rejected.append((line, f"{topic!r} cannot be the name of a topic"))
        if self._broker.flush(_DELIVERY_SECONDS * 2):
            self._broker.purge()
            self._broker.flush(0)
            raise Undelivered("Kafka cannot be reached")
        for line, error in failures:
            if error.code() not in _NEVER:
                raise Undelivered(
                    f"Kafka did not take an event: {error.name()}", misconfigured=error.code() in _MISCONFIGURED
                )
            receipt.rejected.append((line, str(error.name())))
        return receipt

    def close(self) -> None:
        """See Transport."""
        self._broker.purge()
        self._broker.flush(0)

    def _produce(self, topic: str, key: str | None, line: bytes, failures: list[tuple[bytes, KafkaError]]) -> None:
        def delivered(error: KafkaError | None, _: Message) -> None:
            if error is not None:
                failures.append((line, error))

        while True:
            try:
                self._broker.produce(topic, line.rstrip(b"\n"), key, on_delivery=delivered)
            except BufferError:
                self._broker.poll(0.1)  # Its queue is full; make room.
            except KafkaException as error:
                failures.append((line, error.args[0]))
                return
            else:
                return
