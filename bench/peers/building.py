"""Marts out of events: our build, and three of its marts by plain dbt projects and SQLMesh."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from bench.building import Engine
from bench.peers.data import delivered
from bench.peers.environments import environment
from bench.peers.spent import Spent, compared, spent
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, http_endpoint
from warehouse.engine.state import find
from warehouse.settings import Settings, project_root

HERE = Path(__file__).parent
_TABLE = """
CREATE OR REPLACE TABLE arrived.events
(
    event_id UUID, event_type LowCardinality(String), occurred_at DateTime64(3, 'UTC'), user_id String,
    session_id String, source LowCardinality(String),
    context Map(LowCardinality(String), String), properties Map(LowCardinality(String), String),
    loaded_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree ORDER BY (event_type, occurred_at, event_id)
"""
_SQLMESH = ("peer_sqlmesh", "sqlmesh__peer_sqlmesh")
# `loaded_at` is the server's.
_INSERT = "INSERT INTO arrived.events (* EXCEPT loaded_at) FORMAT JSONEachRow"

#: The columns that all have, by mart.
SHOWN = {
    "revenue": (
        "date, stream, currency, plan_id, gross_amount, refund_amount, gross_usd, refund_usd, "
        "transaction_count, refund_count"
    ),
    "provider_usage": "date, provider, model, messages, users, tokens, cost_usd",
    "active_users": "date, active_users",
}
# Ours has days without anybody, too.
_ACTIVE = "SELECT date, sum(active_users) AS active_users FROM marts.user_metrics GROUP BY date HAVING active_users > 0"
_OURS = {"active_users": f"({_ACTIVE})"}

Rows = list[tuple[str, ...]]


class Building:
    """The ways to build, from one history and one delivery; a delivery can be built only once."""

    def __init__(self, settings: Settings, plain: Path, environments: Path, folder: Path) -> None:
        self._settings, self._folder = settings, folder
        self._engine, self._admin = Engine(settings), connect(Identity.ADMIN, settings)
        self._bin = {name: environment(environments, name) for name in ("dbt-clickhouse", "dbt-duckdb", "sqlmesh")}
        self._duckdb = folder / "events.duckdb"
        self._history, self._delivery = delivered(plain)
        for name in self._bin:
            project = shutil.copytree(HERE / ("sqlmesh" if name == "sqlmesh" else "plain"), folder / name)
            (project / "seeds").mkdir()
            shutil.copy(project_root() / "dbt_project" / "seeds" / "fx_rates.csv", project / "seeds")

    def measure(self, turns: int) -> dict[str, Any]:
        """A build from all events, then one of the delivery; numbers compared after each."""
        for name in ("arrived", "peer"):
            self._admin.command(f"CREATE DATABASE IF NOT EXISTS {name}")
        self._admin.command(_TABLE)
        self._arrive(self._history)
        narrow = {
            "warehouse, the models behind three marts": self._narrow,
            "dbt on ClickHouse, three marts": lambda: self._dbt("dbt-clickhouse", full=True),
            "dbt on DuckDB, three marts": lambda: self._dbt("dbt-duckdb", full=True),
            "SQLMesh on ClickHouse, three marts": lambda: self._sqlmesh(full=True),
        }
        full = compared(narrow, turns)
        whole = compared({"warehouse build, all marts, tested and published": self._ours}, 1)
        self._compare()
        self._arrive(self._delivery)
        turn = compared(
            {
                "warehouse build, all marts, tested and published": self._ours,
                "dbt on ClickHouse, three marts": lambda: self._dbt("dbt-clickhouse"),
                "dbt on DuckDB, three marts": lambda: self._dbt("dbt-duckdb"),
                "SQLMesh on ClickHouse, three marts": self._sqlmesh,
            },
            1,
        )
        self._compare()
        return {"full": full, "whole": whole, "delivery": turn, "marts": len(self._marts())}

    def _arrive(self, file: Path) -> None:
        """Land and load; not measured here."""
        land(self._settings, [str(file)], "peers")
        endpoint = http_endpoint(Identity.ADMIN, self._settings)
        query = urlencode({"query": _INSERT, "date_time_input_format": "best_effort"})
        headers = endpoint.headers | {"Content-Length": str(file.stat().st_size)}
        with file.open("rb") as body:
            answer = urllib3.request(
                "POST", f"{endpoint.url}/?{query}", body=body, headers=headers, retries=False, timeout=600.0
            )
        if answer.status != 200:
            raise RuntimeError(answer.data.decode()[:500])
        subprocess.run([*self._python(), self._duckdb, "load", file], check=True, env={"PYTHONPATH": ""})

    def _python(self) -> list[Path]:
        return [self._bin["dbt-duckdb"] / "python", HERE / "in_duckdb.py"]

    def _ours(self) -> Spent:
        argv = [sys.executable, "-m", "warehouse.cli.main", "build"]
        return spent(self._engine, argv, {"WAREHOUSE_HOME": str(self._settings.home)}, project_root())

    def _narrow(self) -> Spent:
        argv = [sys.executable, "-m", "bench.peers.narrow"]
        return spent(self._engine, argv, {"WAREHOUSE_HOME": str(self._settings.home)}, project_root())

    def _dbt(self, name: str, *, full: bool = False) -> Spent:
        project = self._folder / name
        argv: list[str | Path] = [
            self._bin[name] / "dbt",
            "build",
            "--profiles-dir",
            project,
            *(["--full-refresh"] if full else []),
        ]
        return spent(self._engine, argv, self._login(name.removeprefix("dbt-")), project)

    def _sqlmesh(self, *, full: bool = False) -> Spent:
        """A plan of everything from nothing, which is how its tables come to be, or a run of what has come since."""
        project = self._folder / "sqlmesh"
        command = ["run", "--ignore-cron"]
        if full:
            command = ["plan", "--auto-apply", "--no-prompts"]
            (project / "state.duckdb").unlink(missing_ok=True)
            for database in _SQLMESH:
                self._admin.command(f"DROP DATABASE IF EXISTS {database} SYNC")
        return spent(self._engine, [self._bin["sqlmesh"] / "sqlmesh", *command], self._login("clickhouse"), project)

    def _login(self, target: str) -> Mapping[str, str]:
        state = find(self._settings)
        assert state is not None
        return {
            "PYTHONPATH": "",
            "DO_NOT_TRACK": "1",
            "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "1",
            "PEER_TARGET": target,
            "PEER_HOST": "127.0.0.1",
            "PEER_PORT": str(state.ports.http),
            "PEER_USER": self._settings.user(Identity.ADMIN),
            "PEER_PASSWORD": self._settings.password(Identity.ADMIN),
            "PEER_FILE": str(self._duckdb),
        }

    def _marts(self) -> list[str]:
        found = self._admin.query("SELECT name FROM system.tables WHERE database = 'marts' AND engine = 'View'")
        return [name for (name,) in found.result_rows]

    def _compare(self) -> None:
        """All have the same numbers.

        Raises:
            AssertionError: they do not; with the first rows that differ.
        """
        for mart, columns in SHOWN.items():
            ours = self._clickhouse(_OURS.get(mart, f"marts.{mart}"), columns)
            others: dict[str, Callable[[], Rows]] = {
                "dbt on ClickHouse": lambda mart=mart, columns=columns: self._clickhouse(f"peer.{mart}", columns),  # type: ignore[misc]
                "SQLMesh": lambda mart=mart, columns=columns: self._clickhouse(f"peer_sqlmesh.{mart}", columns),  # type: ignore[misc]
                "dbt on DuckDB": lambda mart=mart, columns=columns: self._from_duckdb(f"peer.{mart}", columns),  # type: ignore[misc]
            }
            for name, read in others.items():
                theirs = read()
                assert theirs == ours, f"{mart} by {name}: {sorted(set(theirs) ^ set(ours))[:6]}"

    def _clickhouse(self, table: str, columns: str) -> Rows:
        return _sorted(self._admin.query(f"SELECT {columns} FROM {table}").result_rows)

    def _from_duckdb(self, table: str, columns: str) -> Rows:
        argv: list[str | Path] = [*self._python(), self._duckdb, "show", table, columns]
        said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        return _sorted([json.loads(line) for line in said.splitlines()])


def _sorted(rows: Any) -> Rows:
    return sorted(tuple(_written(value) for value in row) for row in rows)


def _written(value: object) -> str:
    text = str(value)
    try:
        return f"{Decimal(text).normalize():f}"
    except ArithmeticError:
        return text
