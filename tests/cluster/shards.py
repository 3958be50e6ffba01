"""Two embedded servers as the two shards of a cluster, behind a relay for DDL; or one server, to compare with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import AnyHttpUrl, SecretStr

from tests.cluster.patient import patient
from tests.cluster.relay import running_relay
from warehouse.cli.ready import migrate
from warehouse.client import Identity, http_endpoint
from warehouse.engine import process
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings, get_settings

NAME = "two-shards"
#: Others who look for ports at the same moment begin elsewhere.
_FIRST_PORT = 21_000 + os.getpid() % 100 * 10
_SECRET = secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Shards:
    """Settings of the cluster, as users have them, and of each node by itself; what was said ON CLUSTER; processes.

    `written_by_others` are whole tables that other nodes than the first have put rows into.
    """

    settings: Settings
    nodes: list[Settings]
    on_cluster: list[str]
    written_by_others: set[str]
    pids: list[int]


@contextmanager
def running(folder: Path, cores: Sequence[int | None] = (None, None)) -> Iterator[Shards]:
    """A migrated cluster with a shard for each core, to which its server keeps; killed at the end.

    Args:
        folder: for the homes.
        cores: None leaves a server where it likes. With a single one there is no cluster, and no relay.
    """
    logins = {
        name: SecretStr(secrets.token_urlsafe(32))
        for name in ("admin_password", "loader_password", "transformer_password", "reader_password")
    }
    # Always the same, as rows of two clusters are compared that have addresses of people by it.
    logins["pii_hmac_secret"] = SecretStr("of-clusters-that-are-compared-and-gone")
    name = NAME if len(cores) > 1 else None
    given = get_settings().model_copy(update={**logins, "clickhouse_url": None, "clickhouse_cluster": name})
    with ExitStack() as stack:
        nodes = _nodes(given, folder, len(cores))
        ports = stack.enter_context(patient([node.tcp_port or 0 for node in nodes]))
        started = []
        for node, core in zip(nodes, cores, strict=True):
            _tell_of_the_cluster(node, ports)
            stack.callback(process.stop, node, timeout=0)
            with _kept_to(core):
                started.append(process.start(node))
        settings, on_cluster, written_by_others = nodes[0], list[str](), set[str]()
        if name is not None:
            relay = stack.enter_context(running_relay([one.url for one in started], _admin(nodes[0])))
            settings = given.model_copy(
                update={"home": folder / "home", "clickhouse_url": AnyHttpUrl(relay.url), "admin_user": "admin"}
            )
            on_cluster, written_by_others = relay.on_cluster, relay.replication.written_by_others
        migrate(settings)
        yield Shards(settings, nodes, on_cluster, written_by_others, [one.pid for one in started])


@contextmanager
def _kept_to(core: int | None) -> Iterator[None]:
    """What is started here stays on a core, and makes as many threads as fit there."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _admin(node: Settings) -> dict[str, str]:
    return http_endpoint(Identity.ADMIN, node).headers


def _nodes(given: Settings, folder: Path, count: int) -> list[Settings]:
    ports: list[int] = []
    for _ in range(2 * count):
        ports.append(choose_port(None, max(ports, default=_FIRST_PORT) + 1, "none"))
    return [
        given.model_copy(update={"home": folder / f"node{at}", "http_port": ports[at], "tcp_port": ports[at + count]})
        for at in range(count)
    ]


def _tell_of_the_cluster(node: Settings, ports: list[int]) -> None:
    """Write what ClickHouse merges into its configuration, as it lies beside it."""
    shards = "".join(f"<shard><replica><host>127.0.0.1</host><port>{port}</port></replica></shard>" for port in ports)
    servers = f"<{NAME}><secret>{_SECRET}</secret>{shards}</{NAME}>"
    added = node.engine_home / "config.d" / "cluster.xml"
    added.parent.mkdir(parents=True)
    added.write_text(f"<clickhouse><remote_servers>{servers}</remote_servers></clickhouse>\n", "utf-8")
