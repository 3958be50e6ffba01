"""Events into tables: our landing, dlt, and DuckDB's own reader."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.building import Engine
from bench.landing import empty_raw
from bench.peers.data import distinct
from bench.peers.environments import environment
from bench.peers.spent import Spent, compared, spent
from warehouse.client import Identity, connect
from warehouse.engine.state import find
from warehouse.settings import Settings, project_root

HERE = Path(__file__).parent
OURS = "warehouse ingest"


class Loading:
    """Ways to load one file, each checked to have every event."""

    def __init__(self, settings: Settings, plain: Path, environments: Path) -> None:
        self._settings, self._plain = settings, plain
        self._engine, self._admin = Engine(settings), connect(Identity.ADMIN, settings)
        self._dlt, self._duckdb = environment(environments, "dlt"), environment(environments, "dbt-duckdb")
        with plain.open("rb") as lines:
            self.lines = sum(1 for _ in lines)
        self.events = 0

    def measure(self, turns: int) -> dict[str, Any]:
        """What each way spends on the file."""
        ways = compared(
            {
                OURS: self.ours,
                "dlt, dictionaries, append": lambda: self.dlt("rows", "append"),
                "dlt, Arrow tables, append": lambda: self.dlt("arrow", "append"),
                "dlt, Arrow tables, merge on event_id": lambda: self.dlt("arrow", "merge"),
                "DuckDB, insert from read_json": self.duckdb,
            },
            turns,
        )
        return {"lines": self.lines, "distinct": self.events, "ways": ways}

    def clean(self) -> None:
        """Leave nothing behind."""
        empty_raw(self._admin)
        self._admin.command("DROP DATABASE IF EXISTS peer_dlt SYNC")

    def ours(self) -> Spent:
        """Checked, deduplicated, accounted for."""
        empty_raw(self._admin)
        argv: list[str | Path] = [sys.executable, "-m", "warehouse.cli.main", "ingest", self._plain]
        found = spent(self._engine, argv, {"WAREHOUSE_HOME": str(self._settings.home)}, project_root())
        rows, self.events = distinct(self._settings, "raw", "events")
        duplicates, _ = distinct(self._settings, "raw", "duplicates")
        assert (rows, rows - duplicates) == (self.lines, self.events)
        return found

    def dlt(self, way: str, disposition: str) -> Spent:
        """Into a database of its own."""
        self._admin.command("DROP DATABASE IF EXISTS peer_dlt SYNC")
        self._admin.command("CREATE DATABASE peer_dlt")
        state = find(self._settings)
        assert state is not None
        login = {
            "HOST": "127.0.0.1",
            "HTTP_PORT": str(state.ports.http),
            "PORT": str(state.ports.tcp),
            "USERNAME": self._settings.user(Identity.ADMIN),
            "PASSWORD": self._settings.password(Identity.ADMIN),
            "DATABASE": "peer_dlt",
            "SECURE": "0",
        }
        env = {f"DESTINATION__CLICKHOUSE__CREDENTIALS__{name}": value for name, value in login.items()}
        env |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "LOAD__WORKERS": "2", "NORMALIZE__WORKERS": "2", "PYTHONPATH": ""}
        with tempfile.TemporaryDirectory() as folder:
            argv: list[str | Path] = [
                self._dlt / "python",
                HERE / "load_with_dlt.py",
                self._plain,
                folder,
                way,
                disposition,
            ]
            found = spent(self._engine, argv, env, Path(folder))
        rows, events = distinct(self._settings, "peer_dlt", "peer___events")
        assert (rows, events) == (self.events if disposition == "merge" else self.lines, self.events)
        return found

    def duckdb(self) -> Spent:
        """Into a file; nothing is deduplicated."""
        with tempfile.TemporaryDirectory() as folder:
            argv: list[str | Path] = [
                self._duckdb / "python",
                HERE / "in_duckdb.py",
                f"{folder}/events.duckdb",
                "load",
                self._plain,
            ]
            return spent(self._engine, argv, {"PYTHONPATH": ""}, Path(folder))
