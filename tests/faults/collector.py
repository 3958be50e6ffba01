"""The collector as a real process: started, killed and stopped as often as needed."""

from __future__ import annotations

import json
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import httpx

from ingestion.doors.collector.spool import folder_of
from tests.faults.command import Answer, Command, finished
from tests.servers.ports import free_port
from tests.waiting import until
from warehouse.settings import Settings

KEY = "a-key-of-the-fault-tests-0123456789"


class Collector:
    """A collector process on a home.

    Args:
        settings: names the home.
        environment: more variables; by default one API key.
    """

    def __init__(self, settings: Settings, **environment: str) -> None:
        self.settings = settings
        self.said: dict[str, str | None] = {}
        self._port = free_port()
        environment = environment or {"COLLECTOR_API_KEYS": f"faults:{KEY}"}
        self._command = Command(settings, COLLECTOR_PORT=str(self._port), **environment)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, code: str = "") -> None:
        """Start it, in an interpreter that has executed `code` before; returns when it answers."""
        code += "\nfrom warehouse.cli.main import main\nmain()"
        self._process = self._command._start(["-c", code, "collect", "--host", "127.0.0.1", "--json"])
        assert self._process.stdout is not None
        self.said = json.loads(self._process.stdout.readline())
        assert self.said.get("url") == self.url, self.said
        until(lambda: self.health() is not None)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        finished(self._process)
        self._process = None

    def stop(self, by: signal.Signals = signal.SIGTERM, code: int = 0) -> Answer:
        """A signal by which it must end well, and how it ended."""
        assert self._process is not None
        self._process.send_signal(by)
        answer = finished(self._process)
        self._process = None
        assert answer.code == code, answer.stderr
        assert "Traceback" not in answer.stderr
        return answer

    def ensure_gone(self) -> None:
        if self._process is not None:
            self.kill()

    def health(self) -> dict[str, object] | None:
        with suppress(httpx.HTTPError):
            answer: dict[str, object] = httpx.get(f"{self.url}/health", timeout=20).json()
            return answer
        return None

    def wait_until_landed(self) -> None:
        until(lambda: (self.health() or {}).get("segments") == 0)

    def segments(self) -> list[Path]:
        return sorted(folder_of(self.settings).glob("*.segment"))
