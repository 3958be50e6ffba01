"""The connection to RabbitMQ, and the exchanges and queues of this door."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import (
    AMQPError,
    AuthenticationError,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from ingestion.doors.errors import BrokerRefuses, BrokerUnreachable
from warehouse.errors import SettingsError
from warehouse.settings import Settings

EXCHANGE = "analytics.events"
DEAD_LETTERS = "analytics.events.dead"
_EVERYTHING = "#"
_NOT_FOUND = 404
_ANSWER_SECONDS = 10
_REFUSALS = {402, 403, 404, 405, 406, 530}


def parameters(settings: Settings) -> pika.URLParameters:
    """How to reach the broker.

    Raises:
        SettingsError: RABBITMQ_URL is not set or is no URL.
    """
    if settings.rabbitmq_url is None:
        raise SettingsError("RABBITMQ_URL is not set", "set it, for example amqp://user:password@host:5672/")
    # Its own log repeats what is raised, several times over.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    url = settings.rabbitmq_url.get_secret_value()
    try:
        if urlsplit(url).scheme not in ("amqp", "amqps"):
            raise ValueError
        found = pika.URLParameters(url)
    except (ValueError, TypeError):
        # Without the error's own text: it may hold the password.
        raise SettingsError("RABBITMQ_URL is no AMQP URL", "write amqp://user:password@host:5672/vhost") from None
    found.socket_timeout = found.stack_timeout = found.blocked_connection_timeout = _ANSWER_SECONDS
    found.client_properties = {"connection_name": "warehouse"}
    return found


@contextmanager
def connected(settings: Settings) -> Iterator[pika.BlockingConnection]:
    """A connection for the length of the block; what was not acknowledged goes back to the queue at its end.

    Raises:
        BrokerUnreachable: nothing answers, or the connection broke.
        BrokerRefuses: the broker says no.
    """
    given = parameters(settings)
    connection = None
    try:
        connection = pika.BlockingConnection(given)
        yield connection
    except (AMQPError, socket.gaierror, OSError) as error:
        raise _explained(error, settings, connection is not None) from None
    finally:
        if connection is not None:
            with suppress(AMQPError, OSError):
                connection.close()


def declare(channel: BlockingChannel, settings: Settings) -> None:
    """Make the exchanges and queues, where they are missing."""
    channel.exchange_declare(EXCHANGE, "topic", durable=True)
    channel.exchange_declare(DEAD_LETTERS, "fanout", durable=True)
    channel.queue_declare(DEAD_LETTERS, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(DEAD_LETTERS, DEAD_LETTERS)
    channel.queue_declare(
        settings.rabbitmq_queue,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": DEAD_LETTERS,
            # The broker keeps a refused message until the queue of dead letters has it.
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )
    channel.queue_bind(settings.rabbitmq_queue, EXCHANGE, _EVERYTHING)


def depth(connection: pika.BlockingConnection, settings: Settings) -> int:
    """Messages in the queue that no consumer holds; 0 when there is no queue yet."""
    channel = connection.channel()
    try:
        count: int = channel.queue_declare(settings.rabbitmq_queue, passive=True).method.message_count
    except ChannelClosedByBroker as error:
        if error.reply_code == _NOT_FOUND:
            return 0
        raise
    channel.close()
    return count


def _explained(error: Exception, settings: Settings, was_made: bool) -> BrokerRefuses | BrokerUnreachable:
    address = urlsplit(settings.rabbitmq_url.get_secret_value()) if settings.rabbitmq_url else None
    where = f"RabbitMQ at {address.hostname}:{address.port or 5672}" if address else "RabbitMQ"
    if isinstance(error, ProbableAuthenticationError | AuthenticationError):
        return BrokerRefuses(f"{where} refuses the login", "check user and password in RABBITMQ_URL")
    if isinstance(error, ProbableAccessDeniedError):
        return BrokerRefuses(
            f"{where} refuses access to the virtual host",
            "check the path of RABBITMQ_URL (%2F is the default one) and `rabbitmqctl list_permissions`",
        )
    if isinstance(error, ConnectionClosedByBroker | ChannelClosedByBroker) and error.reply_code in _REFUSALS:
        return BrokerRefuses(
            f"{where} refuses: {error.reply_text}",
            "grant the user configure, write and read on analytics.events*; a queue that was declared otherwise must"
            " be deleted when it is empty, or another one named in RABBITMQ_QUEUE",
        )
    if was_made:
        return BrokerUnreachable(f"the connection to {where} broke", "check that the broker runs")
    return BrokerUnreachable(f"{where} does not answer", "check RABBITMQ_URL and that the broker runs")
