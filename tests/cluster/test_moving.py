"""The tutorial of moving to a cluster, to the letter: from a server with a history to two shards, and back again."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import AnyHttpUrl, SecretStr

from tests.cluster.patient import patient
from tests.cluster.shards import Shards
from tests.docs.tutorials import steps
from tests.lending import keep, lend
from tests.oracle.contract import Deliveries
from tests.oracle.generate import deliveries, marketplace
from tests.oracle.readers import differences
from warehouse.cli.ready import migrate
from warehouse.client import Identity, connect
from warehouse.databases import are_ours
from warehouse.engine import process
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings

SECONDS = 900
_FIRST_PORT = 22_000
PASSWORDS = ("admin_password", "loader_password", "transformer_password", "reader_password")
#: The page is for servers with TLS.
IN_CLEAR = ("remoteSecure(", "remote(")


def fresh(shards: Shards) -> None:
    """The cluster as it was migrated first, and nothing said to it since, whoever had it before."""
    for node in shards.nodes:
        admin = connect(Identity.ADMIN, node)
        for (name,) in admin.query(f"SELECT name FROM system.databases WHERE {are_ours('name')}").result_rows:
            admin.command(f"DROP DATABASE {name} SYNC")
    del shards.on_cluster[:]
    migrate(shards.settings)


class Move:
    """A folder with `old.env` and `new.env`, in which the page is followed.

    Args:
        folder: an empty one.
        sides: settings by name, and the native port of each.
    """

    def __init__(self, folder: Path, sides: dict[str, tuple[Settings, int]]) -> None:
        self.folder = folder
        self.old = sides["old"][0]
        declared, *self.todo = [step.text for step in steps("cluster") if step.kind == "bash"]
        self._declared = declared.replace(*IN_CLEAR)
        for name, (settings, native) in sides.items():
            home = folder / name
            lend(settings.model_copy(update={"home": home}))
            variables = {
                "WAREHOUSE_HOME": home,
                "CLICKHOUSE_URL": str(settings.clickhouse_url).rstrip("/"),
                "CLICKHOUSE_CLUSTER": settings.clickhouse_cluster or "",
                "CLICKHOUSE_ADMIN_USER": "admin",
                "NATIVE": f"127.0.0.1:{native}",
                **{f"CLICKHOUSE_{of.upper()}": shown(getattr(settings, of)) for of in PASSWORDS},
                "PII_HMAC_SECRET": shown(settings.pii_hmac_secret),
            }
            text = "".join(f"{variable}='{value}'\n" for variable, value in variables.items())
            (folder / f"{name}.env").write_text(text, "utf-8")

    def run(self, commands: str) -> str:
        """Run commands with what the first block has declared."""
        scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{self._declared}\n{commands}"],
            cwd=self.folder,
            env=os.environ | {"PATH": scripts},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


def shown(secret: SecretStr | None) -> str:
    assert secret is not None
    return secret.get_secret_value()


@pytest.fixture
def move(two_shards: Shards, tmp_path: Path) -> Iterator[Move]:
    """An old server with nothing on it, and the cluster, as empty."""
    fresh(two_shards)
    ports = [choose_port(None, _FIRST_PORT, "none")]
    ports.append(choose_port(None, ports[0] + 1, "none"))
    old = two_shards.settings.model_copy(
        update={
            "home": tmp_path / "server",
            "clickhouse_url": None,
            "clickhouse_cluster": None,
            "http_port": ports[0],
            "tcp_port": ports[1],
        }
    )
    with ExitStack() as stack:
        stack.callback(fresh, two_shards)
        native = stack.enter_context(patient([ports[1], two_shards.nodes[0].tcp_port or 0]))
        stack.callback(process.stop, old, timeout=0)
        running = process.start(old)
        server = old.model_copy(update={"clickhouse_url": AnyHttpUrl(running.url)})
        migrate(old)
        yield Move(tmp_path, {"old": (server, native[0]), "new": (two_shards.settings, native[1])})
        keep(two_shards.settings.model_copy(update={"home": tmp_path / "new"}))


# Full builds of two warehouses, and one of what has landed since.
@pytest.mark.timeout(1800)
def test_a_warehouse_moves_to_two_shards_and_back(move: Move) -> None:
    lines = marketplace(
        15, users=20, days=40, start=dt.date(2025, 1, 10), per_day=25,
        invalid=0.03, duplicates=0.05, altered=0.03,
    )  # fmt: skip
    oracle = Deliveries()
    for number, part in enumerate(deliveries(lines, 15, 3)):
        oracle.deliver(part)
        (move.folder / f"{number}.ndjson").write_bytes(b"\n".join(part) + b"\n")
    move.run("at old warehouse ingest 0.ndjson 1.ndjson")
    prepare, spool, copy, compare, look, back = move.todo
    move.run(prepare + spool + copy)
    assert "marts are the same" in move.run(compare)
    move.run(look)
    # What lands on the cluster alone, the old server knows, too, after the way back.
    move.run("at new warehouse ingest 2.ndjson")
    move.run(back)
    assert differences(move.old, oracle.accepted()) == {}
