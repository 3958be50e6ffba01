"""Collector and ClickHouse are killed at random moments under load: nothing acknowledged is lost or counts twice."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion.doors.collector.spool import folder_of
from tests.faults.collector import KEY, Collector
from tests.faults.command import Command
from tests.faults.senders import Senders
from tests.servers.engine import kill_for_good
from tests.waiting import until
from warehouse.engine import process

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))

#: Time as it looks on a machine whose clock is corrected back and forth by hours, every few milliseconds.
STEPPING_CLOCK = """
import random, time
real, rng = time.time, random.Random({seed})
time.time = lambda: real() + rng.choice((-90_000, -3_600, 0, 3_600, 90_000))
"""


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


def test_killed_at_random_moments_under_load_while_the_clock_steps(collector: Collector, seed: int) -> None:
    rng = random.Random(seed)
    clock = STEPPING_CLOCK.format(seed=seed)
    collector.start(clock)
    senders = Senders(collector.url, KEY, seed)
    try:
        for number in range(ROUNDS):
            before = senders.acknowledged
            until(lambda before=before: senders.acknowledged > before)  # type: ignore[misc]
            time.sleep(rng.uniform(0, 1.0))
            victim = ("collector", "engine", "both")[number % 3]
            print(f"round {number}: kill {victim} after {senders.acknowledged} events")
            if victim != "collector":
                kill_for_good(collector.settings)
                time.sleep(rng.uniform(0, 0.5))
            if victim != "engine":
                collector.kill()
                disturb(collector.segments(), rng)
                collector.start(clock)
            if victim != "collector":
                process.start(collector.settings)
    finally:
        senders.stop()
    collector.wait_until_landed()
    collector.stop()
    assert collector.segments() == []
    senders.assert_holds(collector.settings)


def disturb(segments: list[Path], rng: random.Random) -> None:
    """What may befall files while nobody looks: a copy, a torn end, a time from the future."""
    for path in segments:
        if rng.random() < 0.5:
            shutil.copy(path, path.with_name(f"{rng.randrange(10**6):012d}.segment"))
        if path == segments[-1] and rng.random() < 0.5:
            with path.open("ab") as file:
                file.write(rng.randbytes(rng.randrange(1, 500)))
        os.utime(path, (time.time() + rng.uniform(-1e6, 1e6),) * 2)


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
    kill_for_good(settings)
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


#: Acknowledges, but forgets one group of ten.
LOSSY = """
from ingestion.doors.collector.spool import Spool
write, groups = Spool.write, iter(range(10**9))
Spool.write = lambda self, group: write(self, group) if next(groups) % 10 else None
"""


def test_an_event_that_is_lost_is_found_and_named(collector: Collector, seed: int) -> None:
    collector.start(LOSSY)
    senders = Senders(collector.url, KEY, seed, threads=1)
    until(lambda: senders.acknowledged > 300)
    senders.stop()
    collector.wait_until_landed()
    collector.stop()
    with pytest.raises(AssertionError, match=r"acknowledged events are lost, for example [0-9a-f]{8}-"):
        senders.assert_holds(collector.settings)
