"""The whole stack as processes of one home, each under a supervisor that starts it again when it dies.

What `restart: unless-stopped` does in `deploy/compose.yaml` and `Restart=always` under systemd; nothing else is done
for a process that dies.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import GONE, of_session
from serving_api.auth import Role, sign
from tests.servers.ports import free_port
from warehouse.engine.state import State, find
from warehouse.settings import Settings

# As systemd waits by default.
_RESTART_SECONDS = 0.1
_STOP_SECONDS = 60.0
_WAREHOUSE = (sys.executable, "-m", "warehouse.cli.main")


@dataclass(slots=True)
class Life:
    """One process of a service: from when to when (seconds since the epoch), and how it ended."""

    pid: int
    began: float
    ended: float | None = None
    code: int | None = None


@dataclass
class Service:
    """A command that is started again whenever it ends.

    Attributes:
        name: what it is called.
        command: its command line.
        environment: of the process; names the home.
        log: where it writes, over all its lives.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    lives: list[Life] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start it, and keep it running from now on."""
        self._thread = threading.Thread(target=self._keep, name=f"keeps {self.name}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.lives[-1].pid if self.lives and self.lives[-1].ended is None else None

    def kill(self, *, whole: bool) -> None:
        """Kill -9 the process alone, or as a container or a unit of systemd goes: with all its children."""
        pid = self.pid
        if pid is not None:
            with suppress(ProcessLookupError):
                (os.killpg if whole else os.kill)(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end; kill what is left of it after a while."""
        self._stopping.set()
        if self._process is None or self._thread is None:
            return
        self._process.terminate()
        self._thread.join(_STOP_SECONDS)
        self._process.kill()
        self._thread.join(_STOP_SECONDS)
        # What outlived a parent that was killed. Its number may be a stranger's by now; the home is ours alone.
        home = self.environment["WAREHOUSE_HOME"]
        for left in of_session(*(life.pid for life in self.lives)):
            with suppress(*GONE):
                if left.environ().get("WAREHOUSE_HOME") == home:
                    left.kill()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self.command,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            life = Life(self._process.pid, time.time())
            self.lives.append(life)
            life.code = self._process.wait()
            life.ended = time.time()
            self._stopping.wait(_RESTART_SECONDS)


@dataclass
class Stack:
    """The running stack and how to reach it."""

    settings: Settings
    services: dict[str, Service]
    collector_url: str
    collector_key: str
    api_url: str
    api_token: str
    dagster_url: str

    @property
    def engine(self) -> State | None:
        """ClickHouse and its supervisor, which is the project's own and so no service of ours."""
        return find(self.settings)


@contextmanager
def running(settings: Settings, logs: Path, apis: int) -> Iterator[Stack]:
    """The stack on a home with a migrated, running engine; everything but the engine is stopped at the end.

    Args:
        settings: name the home.
        logs: folder of the services' logs.
        apis: processes of the API at one port.
    """
    logs.mkdir(parents=True, exist_ok=True)
    collector_port, api_port, dagster_port = (free_port() for _ in range(3))
    key, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    environment = {name: value for name, value in os.environ.items() if name != "CLICKHOUSE_URL"} | {
        "WAREHOUSE_HOME": str(settings.home),
        "COLLECTOR_PORT": str(collector_port),
        "COLLECTOR_API_KEYS": f"soak:{key}",
        "API_PORT": str(api_port),
        "API_PORT_SHARED": "true",
        "API_JWT_SECRET": secret,
        # One reader stands for many.
        "API_RATE_PER_MINUTE": "0",
        "DAGSTER_PORT": str(dagster_port),
    }
    commands = {
        "collector": ("collect", "--host", "127.0.0.1", "--json"),
        "code": ("dagster", "code"),
        **{f"api {number}": ("serve", "--host", "127.0.0.1", "--json") for number in range(1, apis + 1)},
        "daemon": ("dagster", "daemon"),
        "webserver": ("dagster", "webserver"),
    }
    services = {
        name: Service(name, (*_WAREHOUSE, *command), environment, logs / f"{name}.log")
        for name, command in commands.items()
    }
    stack = Stack(
        settings,
        services,
        f"http://127.0.0.1:{collector_port}",
        key,
        f"http://127.0.0.1:{api_port}",
        sign(secret, "soak", Role.ADMIN),
        f"http://127.0.0.1:{dagster_port}",
    )
    for service in services.values():
        service.start()
    try:
        yield stack
    finally:
        for service in services.values():
            service.stop()
