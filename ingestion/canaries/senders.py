"""Which doors are open here, and how to put a line through each: the way any producer would."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.canaries import Sender
from ingestion.client.transport import Transport
from ingestion.doors.collector import is_running
from ingestion.doors.collector.access import own_key
from warehouse.settings import Settings

_SECONDS = 10.0


class RefusedError(Exception):
    """The door took the canary for no event, or for a bad one."""


def configured(settings: Settings) -> dict[str, Sender]:
    """The doors that the environment opens, by the name of their source.

    Without keys of its own a collector is a convenience of this machine: it counts while it runs. The watched
    folder belongs to whoever watches it; tables of PostgreSQL are only read.
    """
    doors: dict[str, Sender] = {}
    if settings.collector_api_keys is not None or is_running(settings):
        key = own_key(settings)
        if key is not None:
            doors["collector"] = _sender(lambda: _collector(settings.own_collector, key))
    if settings.rabbitmq_url is not None:
        url = settings.rabbitmq_url.get_secret_value()
        doors["rabbitmq"] = _sender(lambda: _rabbitmq(url))
    if settings.kafka_bootstrap_servers is not None:
        servers = settings.kafka_bootstrap_servers
        doors["kafka"] = _sender(lambda: _kafka(servers, settings))
    return doors


def _sender(connect: Callable[[], Transport]) -> Sender:
    def send(line: bytes) -> None:
        transport = connect()
        try:
            receipt = transport.send([line])
        finally:
            transport.close()
        for _, reason in (*receipt.rejected, *receipt.invalid):
            raise RefusedError(reason)

    return send


def _collector(url: str, key: str) -> Transport:
    from ingestion.client.collector import CollectorTransport

    return CollectorTransport(url, key, _SECONDS)


def _rabbitmq(url: str) -> Transport:
    from ingestion.client.rabbitmq import EXCHANGE, RabbitMQTransport

    return RabbitMQTransport(url, EXCHANGE)


def _kafka(servers: str, settings: Settings) -> Transport:
    from ingestion.client.kafka import KafkaTransport
    from ingestion.doors.kafka.broker import security

    return KafkaTransport(servers, "", security(settings))
