"""What leaves this machine in clear is named."""

from __future__ import annotations

import pytest

from warehouse.connections import unencrypted
from warehouse.settings import get_settings


@pytest.mark.parametrize(
    ("variable", "url", "named"),
    [
        ("CLICKHOUSE_URL", "http://ch.test:8123", True),
        ("CLICKHOUSE_URL", "https://ch.test:8443", False),
        ("CLICKHOUSE_URL", "http://127.0.0.1:8123", False),
        ("RABBITMQ_URL", "amqp://u:p@mq.test:5672/", True),
        ("RABBITMQ_URL", "amqps://u:p@mq.test:5671/", False),
        ("API_REDIS_URL", "redis://cache.test:6379/0", True),
        ("API_REDIS_URL", "rediss://cache.test:6379/0", False),
        ("POSTGRES_URL", "postgresql://u:p@db.test/shop", True),
        ("POSTGRES_URL", "postgresql://u:p@db.test/shop?sslmode=require", True),
        ("POSTGRES_URL", "postgresql://u:p@db.test/shop?sslmode=verify-full", False),
        ("SMTP_URL", "smtp://u:p@mail.test:587", False),
        ("KAFKA_BOOTSTRAP_SERVERS", "one.test:9092,two.test:9092", True),
        ("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092", False),
    ],
)
def test_a_connection_in_clear_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, url: str, named: bool) -> None:
    monkeypatch.setenv(variable, url)
    assert unencrypted(get_settings()) == ([variable] if named else [])


def test_kafka_with_encryption_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "one.test:9092")
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    assert unencrypted(get_settings()) == []
