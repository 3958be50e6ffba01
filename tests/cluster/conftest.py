"""Two embedded servers as the two shards of a cluster, behind a relay for DDL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import AnyHttpUrl, SecretStr

from tests.cluster.patient import patient
from tests.cluster.relay import running_relay
from tests.lending import keep, lend
from warehouse.cli.ready import migrate
from warehouse.engine import process
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings, get_settings

NAME = "two-shards"
_FIRST_PORT = 21_000
_SECRET = secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class TwoShards:
    """Settings of the cluster, as users have them, and of each node by itself; and what was said ON CLUSTER."""

    settings: Settings
    nodes: list[Settings]
    on_cluster: list[str]


@pytest.fixture(scope="session")
def two_shards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoShards]:
    """A migrated cluster of two shards, killed at the end."""
    folder = tmp_path_factory.mktemp("cluster")
    logins = {
        name: SecretStr(secrets.token_urlsafe(32))
        for name in ("admin_password", "loader_password", "transformer_password", "reader_password", "pii_hmac_secret")
    }
    given = get_settings().model_copy(update={**logins, "clickhouse_url": None, "clickhouse_cluster": NAME})
    with ExitStack() as stack:
        nodes = _nodes(given, folder)
        ports = stack.enter_context(patient([node.tcp_port or 0 for node in nodes]))
        running = []
        for node in nodes:
            _tell_of_the_cluster(node, ports)
            stack.callback(process.stop, node, timeout=0)
            running.append(process.start(node))
        relay = stack.enter_context(running_relay([one.url for one in running]))
        settings = given.model_copy(
            update={"home": folder / "home", "clickhouse_url": AnyHttpUrl(relay.url), "admin_user": "admin"}
        )
        lend(settings)
        stack.callback(keep, settings)
        migrate(settings)
        yield TwoShards(settings, nodes, relay.on_cluster)


def _nodes(given: Settings, folder: Path) -> list[Settings]:
    ports: list[int] = []
    for _ in range(4):
        ports.append(choose_port(None, max(ports, default=_FIRST_PORT) + 1, "none"))
    return [
        given.model_copy(update={"home": folder / f"node{at}", "http_port": ports[at], "tcp_port": ports[at + 2]})
        for at in range(2)
    ]


def _tell_of_the_cluster(node: Settings, ports: list[int]) -> None:
    """Write what ClickHouse merges into its configuration, as it lies beside it."""
    shards = "".join(f"<shard><replica><host>127.0.0.1</host><port>{port}</port></replica></shard>" for port in ports)
    servers = f"<{NAME}><secret>{_SECRET}</secret>{shards}</{NAME}>"
    added = node.engine_home / "config.d" / "cluster.xml"
    added.parent.mkdir(parents=True)
    added.write_text(f"<clickhouse><remote_servers>{servers}</remote_servers></clickhouse>\n", "utf-8")
