"""The way out through RabbitMQ: one persistent message per event to a durable topic exchange, confirmed one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, NackError, UnroutableError

from .options import Options
from .tracking import Producer
from .transport import Receipt, Undelivered

EXCHANGE = "analytics.events"

#: AMQP's longest routing key, in bytes.
_LONGEST_KEY = 255

#: A broker short of memory or disk stops reading; after this long the events go back into the buffer.
_BLOCKED_SECONDS = 30.0


class Publisher(Producer):
    """Sends events to RabbitMQ; routing key = event type, message id = event id.

    Args:
        url: `amqp://user:password@host:port/vhost`, or `amqps://…`.
        options: see there.
        exchange: topic exchange; declared when it is missing.
    """

    def __init__(self, url: str, options: Options | None = None, *, exchange: str = EXCHANGE) -> None:
        super().__init__(partial(RabbitMQTransport, url, exchange), options)


class RabbitMQTransport:
    """Publishes lines and waits for the broker's confirmation of each.

    Args:
        url: of the broker.
        exchange: name of the topic exchange.
    """

    def __init__(self, url: str, exchange: str) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.blocked_connection_timeout = _BLOCKED_SECONDS
        self._exchange = exchange
        self._channel: BlockingChannel | None = None

    def send(self, lines: Sequence[bytes]) -> Receipt:
        """See Transport."""
        receipt = Receipt()
        try:
            channel = self._ready()
            for line in lines:
                if reason := self._publish(channel, line):
                    receipt.rejected.append((line, reason))
        except UnroutableError as error:
            # Without a queue the exchange would throw the event away.
            raise Undelivered(f"no queue is bound to exchange {self._exchange}", misconfigured=True) from error
        except NackError as error:
            raise Undelivered("RabbitMQ does not take messages at present") from error
        except (AMQPError, OSError) as error:
            self._channel = None
            raise Undelivered(f"RabbitMQ cannot be reached: {type(error).__name__}") from error
        return receipt

    def close(self) -> None:
        """See Transport."""
        if self._channel is not None:
            with suppress(AMQPError, OSError):
                self._channel.connection.close()
        self._channel = None

    def _publish(self, channel: BlockingChannel, line: bytes) -> str | None:
        """Publish one event; the reason when it can never be a message."""
        event = json.loads(line)
        key = event["event_type"]
        if len(key.encode()) > _LONGEST_KEY:
            return "the event type is longer than a routing key may be"
        channel.basic_publish(
            self._exchange,
            key,
            line.rstrip(b"\n"),
            pika.BasicProperties(
                content_type="application/json",
                delivery_mode=pika.DeliveryMode.Persistent.value,
                message_id=event["event_id"],
                type=key,
                app_id=event.get("source"),
            ),
            mandatory=True,
        )
        return None

    def _ready(self) -> BlockingChannel:
        """A channel that is alive, as far as can be known: idle connections are closed by brokers."""
        if self._channel is not None:
            try:
                self._channel.connection.process_data_events(0)
            except (AMQPError, OSError):
                self._channel = None
        if self._channel is None or not self._channel.is_open:
            channel = pika.BlockingConnection(self._parameters).channel()
            channel.exchange_declare(self._exchange, exchange_type="topic", durable=True)
            channel.confirm_delivery()
            self._channel = channel
        return self._channel
