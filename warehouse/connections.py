"""Which connections to other machines are encrypted, by what their addresses say; nothing is asked over the network."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from warehouse import loopback
from warehouse.settings import Settings

_LOOPBACK = loopback.NAMES | {None}
# smtp:// insists on STARTTLS beyond loopback.
_ENCRYPTED = frozenset({"https", "amqps", "rediss", "smtps", "smtp"})
_POSTGRESQL = frozenset({"postgresql", "postgres"})
# Others encrypt only where nobody is in the way, or trust whoever answers.
_VERIFIED = frozenset({"verify-ca", "verify-full"})


def unencrypted(settings: Settings) -> list[str]:
    """The variables whose connection leaves this machine in clear, or to a server that is not verified."""
    found = [variable for variable, url in _addresses(settings).items() if _is_open(url)]
    if settings.kafka_bootstrap_servers is not None and not settings.kafka_security_protocol.endswith("SSL"):
        hosts = {server.strip().rpartition(":")[0] for server in settings.kafka_bootstrap_servers.split(",")}
        if not hosts <= _LOOPBACK:
            found.append("KAFKA_BOOTSTRAP_SERVERS")
    return found


def _addresses(settings: Settings) -> dict[str, str]:
    given = {
        "CLICKHOUSE_URL": settings.clickhouse_url,
        "COLLECTOR_URL": settings.collector_url,
        "API_URL": settings.api_url,
        "API_EVENTS_URL": settings.api_events_url,
        "API_JWKS_URL": settings.api_jwks_url,
        "API_REDIS_URL": settings.api_redis_url,
        "DAGSTER_URL": settings.dagster_url,
        "OTEL_EXPORTER_OTLP_ENDPOINT": settings.otlp_endpoint,
        "POSTGRES_URL": settings.postgres_url,
        "RABBITMQ_URL": settings.rabbitmq_url,
        "REPORTS_DATABASE_URL": settings.reports_database_url,
        "SMTP_URL": settings.smtp_url,
    }
    return {
        variable: url.get_secret_value() if isinstance(url, SecretStr) else str(url)
        for variable, url in given.items()
        if url is not None
    }


def _is_open(url: str) -> bool:
    address = urlsplit(url)
    if address.hostname in _LOOPBACK or address.scheme in _ENCRYPTED:
        return False
    if address.scheme in _POSTGRESQL:
        return _VERIFIED.isdisjoint(parse_qs(address.query).get("sslmode", []))
    return True
