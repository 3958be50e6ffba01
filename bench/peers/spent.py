"""What a command costs: its time, its processors and ClickHouse's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import processes
from bench.building import Engine


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and processor seconds of the command and of ClickHouse."""

    seconds: float
    own_cpu: float
    engine_cpu: float

    @property
    def cpu(self) -> float:
        """Processor seconds in all."""
        return self.own_cpu + self.engine_cpu


def spent(engine: Engine, argv: Sequence[str | Path], env: Mapping[str, str], folder: Path) -> Spent:
    """Run a command to its end and account for it.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    engine.quiet()
    before = engine.seconds()
    done = processes.run(argv, folder, env)
    # What ClickHouse goes on merging belongs to what it was told to keep.
    engine.quiet()
    return Spent(round(done.seconds, 2), round(done.cpu, 2), round(engine.seconds() - before, 2))


def compared(ways: Mapping[str, Callable[[], Spent]], turns: int) -> dict[str, dict[str, float]]:
    """What each way spends, medians over turns; `times` and `times_cpu` are that over the first way's, turn by turn."""
    found: dict[str, list[Spent]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, way in ways.items():
            found[name].append(way())
    first = next(iter(found.values()))

    def middle(read: Callable[[Spent, Spent], float], spent: list[Spent], digits: int) -> float:
        return round(median(read(one, base) for one, base in zip(spent, first, strict=True)), digits)

    return {
        name: {
            "seconds": middle(lambda one, _: one.seconds, spent, 1),
            "own_cpu": middle(lambda one, _: one.own_cpu, spent, 1),
            "engine_cpu": middle(lambda one, _: one.engine_cpu, spent, 1),
            "times": middle(lambda one, base: one.seconds / base.seconds, spent, 2),
            "times_cpu": middle(lambda one, base: one.cpu / base.cpu, spent, 2),
        }
        for name, spent in found.items()
    }
