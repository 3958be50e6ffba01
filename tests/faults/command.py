"""The `warehouse` command as real processes: run, started, or with a kill -9 at an exact statement."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lending import keep, lend
from warehouse.engine import process
from warehouse.settings import Settings, get_settings, project_root

SECONDS = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that is all of stdout."""
        loaded = json.loads(self.stdout)
        assert isinstance(loaded, dict)
        return loaded


class Command:
    """`warehouse …` on one home.

    Args:
        settings: names the home.
        environment: more variables of the processes.
    """

    def __init__(self, settings: Settings, **environment: str) -> None:
        self.settings = settings
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "CLICKHOUSE_URL"},
            "WAREHOUSE_HOME": str(settings.home),
            "WAREHOUSE_ENGINE_DIR": str(settings.engine_dir),
            **environment,
        }

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Answer:
        """Run it to its end."""
        return finished(self._start(["-m", "warehouse.cli.main", *map(str, arguments)]), stdin)

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Run it in the background."""
        return self._start(["-m", "warehouse.cli.main", *map(str, arguments)])

    def after(self, code: str, *arguments: str | Path) -> Answer:
        """Run it in an interpreter that has executed `code` before."""
        code = f"{code}\nfrom warehouse.cli.main import main\nmain()"
        return finished(self._start(["-c", code, *map(str, arguments)]))

    def killed(self, when: str, statement: str, *arguments: str | Path, victim: int = 0) -> Answer:
        """Run it with a kill -9 `before`, `during` or `after` the first statement that contains `statement`.

        Args:
            when: on which side of the statement.
            statement: a piece of its text; for inserts of rows, the name of the table.
            arguments: of the command.
            victim: process id to kill; 0 is the command itself.
        """
        options = ["-m", "tests.faults.killer", when, statement, str(victim)]
        return finished(self._start([*options, *map(str, arguments)]))

    def engine_pid(self) -> int:
        """The engine's process id, as users get it."""
        pid = self("status", "--json").json["pid"]
        assert isinstance(pid, int)
        return pid

    def _start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=project_root(),
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


@contextmanager
def own_home(folder: Path) -> Iterator[Command]:
    """The command on a home in `folder`, whose engine, if one was started, is killed at the end."""
    settings = get_settings().beside(folder)
    lend(settings)
    try:
        yield Command(settings)
    finally:
        keep(settings)
        # Nobody needs its data any more, and a clean stop waits for idle connections.
        process.stop(settings, timeout=0)


def finished(started: subprocess.Popen[bytes], stdin: bytes = b"") -> Answer:
    """Wait for a process; it is killed when it does not end."""
    try:
        stdout, stderr = started.communicate(stdin, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        started.kill()
        started.communicate()
        raise
    return Answer(started.returncode, stdout.decode(), stderr.decode())
