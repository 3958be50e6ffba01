"""The collector as a process of its own on a free loopback port, killed and started again at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from tests.servers.ports import free_port
from warehouse.settings import Settings, project_root

KEY = "a-key-for-tests-only"
START_SECONDS = 90.0
STOP_SECONDS = 60.0


class Collector:
    """`warehouse collect` on one home.

    Args:
        settings: names the home.
        log: file for what it says.
    """

    def __init__(self, settings: Settings, log: Path) -> None:
        self._log = log
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "CLICKHOUSE_URL"},
            "WAREHOUSE_HOME": str(settings.home),
            "WAREHOUSE_ENGINE_DIR": str(settings.engine_dir),
            "COLLECTOR_PORT": str(self.port),
            "COLLECTOR_API_KEYS": f"tests:{KEY}",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "warehouse.cli.main", "collect", "--host", "127.0.0.1"],
                cwd=project_root(),
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._healthy():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Stop it as a service manager does; it lands what it has taken."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STOP_SECONDS)
            self._process = None

    def _healthy(self) -> bool:
        try:
            return urllib3.request("GET", f"{self.url}/health", retries=False, timeout=5).status == 200
        except urllib3.exceptions.HTTPError:
            return False


@contextmanager
def running_collector(settings: Settings, log: Path) -> Iterator[Collector]:
    """A collector, killed at the end where it still runs."""
    collector = Collector(settings, log)
    try:
        collector.start()
        yield collector
    finally:
        collector.kill()
