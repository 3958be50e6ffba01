"""Tutorials as a newcomer does them: files to write or to add to, commands to run, and what these should say."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion.simulator import write
from tests.servers.ports import free_port
from warehouse.engine import process
from warehouse.settings import Settings, get_settings, project_root

SECONDS = 240
PAGES = project_root() / "docs" / "tutorials"

_STEP = re.compile(r'(?P<said>[^\n]*)\n\n```(?P<kind>\w+)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)```', re.DOTALL)
_BELOW = re.compile(r"below `([^`]+)`")


@dataclass(frozen=True, slots=True)
class Step:
    """A block of a tutorial.

    Attributes:
        kind: `bash` to run, `text` and `json` for what the commands before say, or the kind of the file.
        file: to be written, or to be added to; empty for what is no file.
        below: how the line begins below which it belongs; empty for a file that is all new.
        text: of the block.
    """

    kind: str
    file: str
    below: str
    text: str


def steps(page: str) -> list[Step]:
    """The blocks of a tutorial, in order; the sentence before one says where in a file it belongs."""
    found = []
    for match in _STEP.finditer((PAGES / f"{page}.md").read_text("utf-8")):
        below = _BELOW.search(match["said"]) if match["file"] else None
        found.append(Step(match["kind"], match["file"] or "", below[1] if below else "", match["text"]))
    return found


def added(text: str, below: str, block: str) -> str:
    """A text with a block below the line that begins so: as its first child, or after it and its children."""
    lines = text.splitlines(keepends=True)
    [anchor] = [number for number, line in enumerate(lines) if line.lstrip().startswith(below)]
    after = anchor + 1
    if _indent(block) <= _indent(lines[anchor]):
        while after < len(lines) and _indent(lines[after]) > _indent(lines[anchor]):
            after += 1
    return "".join([*lines[:after], block, *lines[after:]])


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


class Running:
    """A command that goes on until Ctrl-C; what it says goes to a file."""

    def __init__(self, started: subprocess.Popen[bytes], log: Path) -> None:
        self._started, self._log = started, log

    def said(self, pattern: str) -> str:
        """Wait until it says something; returns the first group."""
        deadline = time.monotonic() + SECONDS
        while True:
            text = self._log.read_text("utf-8")
            if found := re.search(pattern, text):
                return found[1]
            assert self._started.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.2)

    def stop(self) -> None:
        """Ctrl-C, as a terminal sends it: to all processes of the command."""
        os.killpg(self._started.pid, signal.SIGINT)
        self._started.wait(SECONDS)


class Checkout:
    """A copy of the project as `make setup` leaves it, in git, with a home and ports of its own.

    Args:
        folder: an empty one.
    """

    def __init__(self, folder: Path) -> None:
        root, self.folder = project_root(), folder / "checkout"
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(listed, cwd=root, check=True, capture_output=True, text=True).stdout
        for name in files.splitlines():
            if (root / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self.folder / name)
        for made in (".venv", ".engine"):
            (self.folder / made).mkdir()
        for part in Path(sys.prefix).iterdir():
            if part.name != ".ready":
                (self.folder / ".venv" / part.name).symlink_to(part)
        self.settings: Settings = get_settings().beside(folder / "home")
        self.ports = {"3004": free_port(), "8004": free_port(), "3000": free_port()}
        collector, api, dagster = map(str, self.ports.values())
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("CLICKHOUSE_URL", "MAKEFLAGS")},
            "PYTHONPATH": str(self.folder),
            "WAREHOUSE_HOME": str(self.settings.home),
            "WAREHOUSE_ENGINE_DIR": str(self.settings.engine_dir),
            "COLLECTOR_PORT": collector, "API_PORT": api, "DAGSTER_PORT": dagster,
        }  # fmt: skip
        self.run("""
            git init --quiet && git add --all
            git -c user.name=newcomer -c user.email=newcomer@example.com commit --quiet --message "as it was"
            touch .venv/.ready && touch .engine/.ready
        """)

    def small_marketplace(self) -> None:
        """Put in place what `warehouse run` would generate, only smaller: what is there is not generated again."""
        folder = self.settings.home / "simulated"
        folder.mkdir(parents=True)
        today = datetime.now(UTC).date()
        for end in (today - timedelta(days=1), today):
            write(folder / f"{end}-42-120d-200000.ndjson", events=2_000, days=120, seed=42, end=end)

    def put(self, step: Step) -> None:
        """Write a file, or add to it."""
        path = self.folder / step.file
        text = added(path.read_text("utf-8"), step.below, step.text) if step.below else step.text
        path.write_text(text, "utf-8")

    def run(self, commands: str, **variables: str) -> str:
        """Run commands to their end; returns what they say."""
        done = subprocess.run(
            self._shell(commands), cwd=self.folder, env=self.environment | variables, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        return done.stdout

    @contextmanager
    def running(self, command: str) -> Iterator[Running]:
        """Run a command until Ctrl-C."""
        log = self.folder.with_name("running.log")
        with log.open("wb") as output:
            started = subprocess.Popen(
                self._shell(f"exec {command}"), cwd=self.folder, env=self.environment | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        running = Running(started, log)
        try:
            yield running
        finally:
            running.stop()

    def touched(self) -> set[str]:
        """Files that git finds changed or new, but for the events."""
        said = self.run("git status --porcelain --untracked-files=all")
        return {line[3:] for line in said.splitlines() if not line.endswith(".ndjson")}

    def close(self) -> None:
        """Kill the engine; nobody needs its data any more."""
        process.stop(self.settings, timeout=0)

    def _shell(self, commands: str) -> list[str]:
        for usual, own in self.ports.items():
            commands = commands.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{own}")
        return ["bash", "-euo", "pipefail", "-c", textwrap.dedent(commands)]
