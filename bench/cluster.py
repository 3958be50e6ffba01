"""Two shards of one core each against one server of one core: landing and a full build, by where the work is done.

Each server keeps to its core from its start, and so has one thread for a query. dbt, the relay that stands for a Keeper
and what carries bytes between the nodes are one Python process that runs where the kernel puts it, in both cases: with
two cores it takes turns with both servers of the cluster, so that wall times favour the single server. Processor
seconds of the servers do not: what a phase takes on one server, over what it takes on the busier one of two, is how
much faster the phase becomes where nothing else is in the way.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bench import processes
from bench.home import simulated
from tests.cluster.shards import Shards, running
from tests.law.law import contents
from warehouse import builds, data_tests, transform
from warehouse.cli.landing import land
from warehouse.client import Identity, connect
from warehouse.lineage import EVENTS, Lineage
from warehouse.settings import Settings

#: Where the work of a build lies, in the order in which it is told; those of `SCANS` read every event.
PHASES = ("landing", "staging", "event models", "other models", "tests", "publication")
SCANS = ("staging", "event models")


@dataclass(slots=True)
class Run:
    """Processor seconds of each server, and wall seconds, by phase and by model."""

    servers: int
    cpu: dict[str, list[float]] = field(default_factory=dict)
    models: dict[str, list[float]] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def busiest(self, phase: str) -> float:
        """Seconds of the server that had most to do."""
        return max(self.cpu[phase])

    def seconds(self, phases: Sequence[str]) -> float:
        """How long phases took."""
        return sum(self.wall[phase] for phase in phases)

    def add(self, phase: str, model: str, cpu: list[float], wall: float) -> None:
        for kept, name in ((self.cpu, phase), (self.models, model)):
            kept[name] = [sum(pair) for pair in zip(kept.get(name, [0.0] * self.servers), cpu, strict=True)]
        self.wall[phase] += wall


def measure(settings: Settings, *, events: int) -> dict[str, float]:
    """Land and build the same events on one server and on two shards, each on a core of its own."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        raise RuntimeError("two shards of one core each need two cores")
    file = simulated(settings, events, days=365)
    with _one_at_a_time():
        one, of_one = _run(cores[:1], file)
        two, of_two = _run(cores, file)
    different = sorted(name for name in of_one if of_one[name] != of_two.get(name))
    if different:
        raise RuntimeError(f"not the same on two shards: {', '.join(different)}")
    figures: dict[str, float] = {"events": events, "equal_marts": len(of_one)}
    for phase in PHASES:
        name = phase.replace(" ", "_")
        figures[f"{name}_one_cpu_s"] = round(one.busiest(phase), 2)
        for at, seconds in enumerate(two.cpu[phase]):
            figures[f"{name}_shard_{at + 1}_cpu_s"] = round(seconds, 2)
        figures[f"{name}_speedup"] = _ratio(one, two, (phase,))
    figures["scans_speedup"] = _ratio(one, two, SCANS)
    figures["build_speedup"] = _ratio(one, two, PHASES[1:])
    for name, phases in (("landing", PHASES[:1]), ("scans", SCANS), ("build", PHASES[1:])):
        figures[f"{name}_wall_ratio"] = round(one.seconds(phases) / two.seconds(phases), 2)
    return figures


def _ratio(one: Run, two: Run, phases: Sequence[str]) -> float:
    """Processor seconds of the one server over those of the busier of two, phase by phase."""
    return round(sum(map(one.busiest, phases)) / max(0.01, sum(map(two.busiest, phases))), 2)


def _run(cores: list[int], file: Path) -> tuple[Run, dict[str, tuple[int, int]]]:
    with TemporaryDirectory(prefix="warehouse-bench-") as folder, running(Path(folder), cores) as shards:
        settings = shards.settings
        manifest = transform.manifest(settings, transform.fingerprint())
        data_tests.compiled(settings, manifest, transform.fingerprint())
        run, clock = Run(len(cores)), _Clock(shards)
        land(settings, [str(file)], "bench")
        run.add("landing", "landing", *clock.lap())
        _build(settings, manifest, run, clock)
        client = connect(Identity.TRANSFORMER, settings)
        # Users have numbers as they come, which is not in the same order.
        rows = contents(client, numbers=False)
        return run, {name: rows[name] for name in Lineage(manifest).marts() if name in rows}


def _build(settings: Settings, manifest: Any, run: Run, clock: _Clock) -> None:
    """A full build; what is used from the start of one node to that of the next one is put down to it."""
    readers = set(Lineage(manifest).event_readers())
    current = "publication"

    def phase(name: str) -> str:
        if name in ("publication", "tests"):
            return name
        return "staging" if name == EVENTS else "event models" if name in readers else "other models"

    def starts(name: str) -> None:
        nonlocal current
        run.add(phase(current), current, *clock.lap())
        current = name

    models = {node.name for node in manifest.nodes.values() if node.resource_type != "test"}

    def progress(_done: int, _of: int, name: str) -> None:
        named = next((word.rpartition(".")[2].strip("`") for word in reversed(name.split()) if "." in word), name)
        starts(named if named in models else "tests")

    finished = False

    def tested(_result: object) -> None:
        nonlocal finished
        if not finished:
            finished = True
            starts("publication")

    builds.build_and_publish(settings, run_id="bench", full_refresh=True, progress=progress, finished=tested)
    run.add("publication", "publication", *clock.lap())


class _Clock:
    """What the servers have used, and how long it took, since it was last asked."""

    def __init__(self, shards: Shards) -> None:
        self._servers = [psutil.Process(pid) for pid in shards.pids]
        self._cpu, self._at = self._used(), time.perf_counter()

    def lap(self) -> tuple[list[float], float]:
        cpu, at = self._used(), time.perf_counter()
        spent = [now - before for now, before in zip(cpu, self._cpu, strict=True)], at - self._at
        self._cpu, self._at = cpu, at
        return spent

    def _used(self) -> list[float]:
        return [processes.cpu([server]) for server in self._servers]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """dbt builds one model after the other, so that what a server uses is known to be for one of them."""
    before = os.environ.get("DBT_CLICKHOUSE_THREADS")
    os.environ["DBT_CLICKHOUSE_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["DBT_CLICKHOUSE_THREADS"]
        else:
            os.environ["DBT_CLICKHOUSE_THREADS"] = before
