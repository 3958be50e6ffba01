"""Every connection can be encrypted, and none trusts a certificate that nobody vouches for.

The authority is a throw-away one; `SSL_CERT_FILE` makes it known where a test wants it trusted. The others are tested
where their servers are: mail in `tests/dagster_project/test_reports.py`.
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from pydantic import AnyHttpUrl, SecretStr

from ingestion.canaries.senders import configured
from ingestion.doors.errors import BrokerUnreachable
from ingestion.doors.kafka import broker
from ingestion.doors.kafka.broker import Reports
from ingestion.doors.kafka.broker import connect as connect_kafka
from ingestion.sources.postgres.connection import DatabaseError, connected
from serving_api.cache import Answer
from serving_api.redis_cache import RedisCache
from serving_api.reports.store import _url
from tests.faults.command import Command
from tests.ingestion.doors.collector.conftest import EVENTS, event
from tests.servers.certificates import Certificates, throw_away
from tests.servers.kafka import Kafka
from tests.servers.kafka import kafka as kafka
from tests.servers.ports import free_port
from tests.servers.postgres import PostgresServer, running_postgres
from tests.servers.proxy import proxied
from tests.servers.redis import running_redis
from warehouse.client import Identity, connect, http_endpoint, receive, send
from warehouse.errors import Unreachable
from warehouse.settings import Settings
from warehouse.transform import parsed, run_dbt

KEY = "a-key-of-the-tests-0123456789"
SECRET = "a-secret-of-the-tests-with-more-than-32-bytes"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return throw_away(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))


@pytest.fixture
def behind_tls(home: Settings, certificates: Certificates) -> Iterator[Settings]:
    """The shared engine as a server that is reached by HTTPS."""
    port = httpx.URL(http_endpoint(Identity.READER, home).url).port
    assert port is not None
    given = {f"{identity.value}_password": SecretStr(home.password(identity)) for identity in Identity}
    with proxied(port, certificates.context()) as proxy:
        url = AnyHttpUrl(f"https://127.0.0.1:{proxy.port}")
        yield home.model_copy(update={"clickhouse_url": url, "admin_user": "admin", **given})


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return parsed(tmp_path_factory.mktemp("dbt"))


def test_clickhouse_is_asked_by_https(behind_tls: Settings, trusted: None, models: Any) -> None:
    client = connect(Identity.READER, behind_tls)
    assert client.query("SELECT 1").result_rows == [(1,)]
    client.close()
    reader = http_endpoint(Identity.READER, behind_tls)
    assert b"".join(receive(reader, "SELECT {n:UInt8} + 1 FORMAT TSV", parameters={"param_n": "1"})) == b"2\n"
    loader = http_endpoint(Identity.LOADER, behind_tls)
    # Refused by ClickHouse, and so through the connection.
    with pytest.raises(Exception, match="UNKNOWN_TABLE"):
        send(loader, "INSERT INTO raw.missing FORMAT TSV", b"1\n", parameters={}, settings={})
    result, errors = run_dbt(behind_tls, ["show", "--inline", "SELECT 1 AS one"], manifest=models)
    assert result.success, errors


def test_clickhouse_with_a_certificate_nobody_vouches_for_is_not_asked(behind_tls: Settings, models: Any) -> None:
    with pytest.raises(Unreachable, match="nobody vouches for the certificate") as refused:
        connect(Identity.READER, behind_tls)
    assert "SSL_CERT_FILE" in refused.value.hint
    result, _ = run_dbt(behind_tls, ["show", "--inline", "SELECT 1 AS one"], manifest=models)
    assert not result.success
    assert "CERTIFICATE_VERIFY_FAILED" in str(result.exception)


@pytest.fixture
def postgres_with_tls(certificates: Certificates) -> Iterator[PostgresServer]:
    with running_postgres(certificates=certificates) as server:
        yield server


def test_postgresql_is_verified_as_its_address_asks(
    home: Settings, postgres_with_tls: PostgresServer, certificates: Certificates, tmp_path: Path
) -> None:
    def given(authority: Path) -> str:
        return f"{postgres_with_tls.url()}?sslmode=verify-full&sslrootcert={authority}"

    encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    good = given(certificates.authority)
    with connected(home.model_copy(update={"postgres_url": SecretStr(good)})) as connection:
        assert connection.execute(encrypted).fetchone() == (True,)
    with sa.create_engine(_url(home.model_copy(update={"reports_database_url": SecretStr(good)}))).connect() as reports:
        assert reports.execute(sa.text(encrypted)).scalar_one() is True
    other = throw_away(tmp_path / "other")
    with (
        pytest.raises(DatabaseError, match="certificate verify failed"),
        connected(home.model_copy(update={"postgres_url": SecretStr(given(other.authority))})),
    ):
        pass


def test_redis_is_asked_by_tls(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def kept(url: str) -> Answer | None:
        cache = RedisCache(url)
        try:
            await cache.put("key", Answer(b"content", "text/plain"))
            return await cache.get("key")
        finally:
            await cache.close()

    with running_redis(certificates) as server:
        assert asyncio.run(kept(server.secure_url)) is None
        assert "Redis does not answer" in caplog.text
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
        assert asyncio.run(kept(server.secure_url)) == Answer(b"content", "text/plain")


def test_kafka_is_reached_by_tls(
    home: Settings, kafka: Kafka, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(kafka.bootstrap_servers.split(",")[0].rpartition(":")[2])
    with proxied(port, certificates.context()) as proxy:
        given = {"kafka_bootstrap_servers": f"127.0.0.1:{proxy.port}", "kafka_security_protocol": "SSL"}
        settings = home.model_copy(update=given)
        consumer, cluster = connect_kafka(
            settings.model_copy(update={"kafka_ca_file": certificates.authority}), Reports()
        )
        consumer.close()
        assert cluster
        monkeypatch.setattr(broker, "ANSWER_SECONDS", 1.0)
        with pytest.raises(BrokerUnreachable):
            connect_kafka(settings, Reports())


Service = Callable[..., str]


@pytest.fixture
def service(empty: Settings, certificates: Certificates) -> Iterator[Service]:
    """Starts `warehouse collect` or `serve` with a certificate; says where it answers."""
    started = []

    def start(command: str, **variables: str) -> str:
        files = {
            "WAREHOUSE_TLS_CERT_FILE": str(certificates.certificate),
            "WAREHOUSE_TLS_KEY_FILE": str(certificates.key),
        }
        process = Command(empty, **files, **variables)._start(
            ["-m", "warehouse.cli.main", command, "--host", "127.0.0.1", "--json"]
        )
        started.append(process)
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        return str(json.loads(said)["url"])

    yield start
    for process in started:
        process.kill()
        process.communicate()


def trusting(certificates: Certificates, url: str) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(certificates.authority))
    return httpx.Client(base_url=url, verify=context, transport=httpx.HTTPTransport(verify=context, retries=20))


def test_the_collector_listens_by_tls_and_the_canary_takes_that_way(
    empty: Settings, service: Service, certificates: Certificates, trusted: None
) -> None:
    port = free_port()
    url = service("collect", COLLECTOR_PORT=str(port), COLLECTOR_API_KEYS=f"tests:{KEY}")
    assert url == f"https://127.0.0.1:{port}"
    with trusting(certificates, url) as client:
        assert client.post(EVENTS, json=event(), headers={"X-API-Key": KEY}).status_code == 202
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://127.0.0.1:{port}/health")
    given = {
        "tls_cert_file": certificates.certificate,
        "tls_key_file": certificates.key,
        "collector_port": port,
        "collector_api_keys": SecretStr(f"tests:{KEY}"),
    }
    configured(empty.model_copy(update=given))["collector"](json.dumps(event()).encode())


def test_the_api_listens_by_tls(service: Service, certificates: Certificates) -> None:
    port = free_port()
    url = service("serve", API_PORT=str(port), API_JWT_SECRET=SECRET, DAGSTER_PORT="1")
    with trusting(certificates, url) as client:
        assert client.get("/health/live").status_code == 200
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://127.0.0.1:{port}/health/live")
