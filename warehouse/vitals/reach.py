"""Whether what the stack depends on can be reached: a TCP connection to each service that is configured."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from warehouse.settings import Settings

_SECONDS = 2.0
_PORTS = {
    "amqp": 5672,
    "amqps": 5671,
    "http": 80,
    "https": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
    "rediss": 6379,
    "smtp": 587,
    "smtps": 465,
}


@dataclass(frozen=True, slots=True)
class Reached:
    """Milliseconds until a connection stood, or None and why there is none."""

    milliseconds: float | None
    error: str = ""


def services(settings: Settings) -> dict[str, Reached]:
    """Every service that is configured, by its name; all are tried at once, for two seconds at most."""
    addresses = _addresses(settings)
    if not addresses:
        return {}
    with ThreadPoolExecutor(len(addresses)) as pool:
        return dict(zip(addresses, pool.map(_reach, addresses.values()), strict=True))


def _addresses(settings: Settings) -> dict[str, tuple[str, int]]:
    secret = {
        "RabbitMQ": settings.rabbitmq_url,
        "PostgreSQL": settings.postgres_url,
        "Dagster's PostgreSQL": settings.dagster_postgres_url,
        "reports' PostgreSQL": settings.reports_database_url,
        "Redis": settings.api_redis_url,
        "mail server": settings.smtp_url,
        "webhook of alerts": settings.alert_webhook_url,
    }
    urls = {name: url.get_secret_value() for name, url in secret.items() if url is not None}
    public = {"keys of tokens": settings.api_jwks_url, "traces": settings.otlp_endpoint}
    urls |= {name: str(url) for name, url in public.items() if url is not None}
    found = {}
    for name, url in urls.items():
        address = urlsplit(url)
        if address.hostname:
            found[name] = (address.hostname, address.port or _PORTS.get(address.scheme.partition("+")[0], 443))
    for broker in (settings.kafka_bootstrap_servers or "").split(","):
        host, _, port = broker.strip().rpartition(":")
        if host and port.isdigit():
            found[f"Kafka at {host}:{port}"] = (host.strip("[]"), int(port))
    return found


def _reach(address: tuple[str, int]) -> Reached:
    began = time.perf_counter()
    try:
        with socket.create_connection(address, timeout=_SECONDS):
            return Reached(1000 * (time.perf_counter() - began))
    except OSError as error:
        return Reached(None, error.strerror or type(error).__name__)
