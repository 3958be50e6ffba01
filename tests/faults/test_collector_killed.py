"""Collector and ClickHouse are killed at random moments under load: nothing acknowledged is lost or counts twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ingestion.doors.collector.spool import folder_of
from tests.faults.command import Command, finished
from tests.faults.senders import Senders
from warehouse.engine import process
from warehouse.settings import Settings

KEY = "a-key-of-the-fault-tests-0123456789"
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "4"))
SECONDS = 60

#: Time as it looks on a machine whose clock is corrected back and forth by hours, every few milliseconds.
STEPPING_CLOCK = """
import random, time
real, rng = time.time, random.Random({seed})
time.time = lambda: real() + rng.choice((-90_000, -3_600, 0, 3_600, 90_000))
"""


class Collector:
    """A collector process on a home, started and killed as often as needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._command = Command(settings, COLLECTOR_PORT=str(self._port), COLLECTOR_API_KEYS=f"faults:{KEY}")
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
        said = self._process.stdout.readline()
        assert json.loads(said)["url"] == self.url, finished(self._process)
        until(lambda: self.health() is not None)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        finished(self._process)
        self._process = None

    def stop(self) -> None:
        """SIGTERM; it must end well."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        answer = finished(self._process)
        self._process = None
        assert answer.code == 0, answer.stderr
        assert "Traceback" not in answer.stderr

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


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def collector(warehouse: Command) -> Iterator[Collector]:
    collector = Collector(warehouse.settings)
    yield collector
    collector.ensure_gone()


@pytest.fixture
def seed() -> int:
    """New each time, shown when the test fails."""
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    return seed


def test_killed_at_random_moments_under_load(collector: Collector, seed: int) -> None:
    rng = random.Random(seed)
    collector.start()
    senders = Senders(collector.url, KEY, seed)
    try:
        for number in range(ROUNDS):
            before = senders.acknowledged
            until(lambda before=before: senders.acknowledged > before)  # type: ignore[misc]
            time.sleep(rng.uniform(0, 1.0))
            victim = ("collector", "engine", "both")[number % 3]
            print(f"round {number}: kill {victim} after {senders.acknowledged} events")
            if victim != "collector":
                kill_engine(collector.settings)
                time.sleep(rng.uniform(0, 0.5))
            if victim != "engine":
                collector.kill()
                disturb(collector.segments(), rng)
                collector.start()
            if victim != "collector":
                process.start(collector.settings)
    finally:
        senders.stop()
    collector.wait_until_landed()
    collector.stop()
    assert collector.segments() == []
    senders.assert_holds(collector.settings)


def kill_engine(settings: Settings) -> None:
    running = process.status(settings)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    until(lambda: process.status(settings) is None)


def disturb(segments: list[Path], rng: random.Random) -> None:
    """What may befall files while nobody looks: a copy, a torn end, a time from the future."""
    for path in segments:
        if rng.random() < 0.5:
            shutil.copy(path, path.with_name(f"{rng.randrange(10**6):012d}.segment"))
        if path == segments[-1] and rng.random() < 0.5:
            with path.open("ab") as file:
                file.write(rng.randbytes(rng.randrange(1, 500)))
        os.utime(path, (time.time() + rng.uniform(-1e6, 1e6),) * 2)


def test_a_clock_that_steps(collector: Collector, seed: int) -> None:
    collector.start(STEPPING_CLOCK.format(seed=seed))
    senders = Senders(collector.url, KEY, seed, threads=2)
    try:
        until(lambda: senders.acknowledged > 500)
        collector.kill()
        disturb(collector.segments(), random.Random(seed))
        collector.start(STEPPING_CLOCK.format(seed=seed + 1))
        before = senders.acknowledged
        until(lambda: senders.acknowledged > before + 500)
    finally:
        senders.stop()
    collector.wait_until_landed()
    collector.stop()
    senders.assert_holds(collector.settings)


@pytest.fixture(params=["disk", "limit"])
def fill(request: pytest.FixtureRequest, collector: Collector) -> Iterator[Callable[[], Callable[[], None]]]:
    """Makes the collector's spool run out of space; returns how to make room again.

    A file system of two mebibytes where this user may mount one, and a limit on the collector's files.
    """
    folder = folder_of(collector.settings)
    folder.mkdir()
    if request.param == "disk":
        mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("this user may not mount; the limit stands in for the disk")
        yield lambda: lambda: None
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system cannot limit another process")

    def limit() -> Callable[[], None]:
        pid, unlimited = collector.pid, resource.RLIM_INFINITY
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (3_000, unlimited))
        time.sleep(0.3)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (20, unlimited))
        return lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))

    yield limit


def test_a_full_disk_loses_and_tears_nothing(
    collector: Collector, fill: Callable[[], Callable[[], None]], seed: int
) -> None:
    settings = collector.settings
    collector.start()
    kill_engine(settings)
    senders = Senders(collector.url, KEY, seed)
    try:
        until(lambda: senders.acknowledged > 500)
        make_room = fill()
        until(lambda: senders.refused > 20)
        make_room()
        collector.kill()
        collector.start()
        make_room = fill()
        before = senders.refused
        until(lambda: senders.refused > before + 5)
        make_room()
        process.start(settings)
        before = senders.acknowledged
        until(lambda: senders.acknowledged > before + 500)
    finally:
        senders.stop()
    collector.wait_until_landed()
    collector.stop()
    senders.assert_holds(settings)
