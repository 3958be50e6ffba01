"""Memory of every process and sizes of the home's folders over time, and how steeply they grow."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from bench.processes import GONE, family
from bench.soak.background import Background
from bench.soak.stack import Stack

_MEMORY_SECONDS = 5.0
_SIZES_SECONDS = 30.0
_HOUR = 3600.0
_MIB = 1 << 20
#: What a process takes in the first seconds of its life is its start, not growth.
WARM_UP_SECONDS = 120.0
# Fewer points, or a shorter life after it, say nothing of a slope.
_FEWEST, _SHORTEST_SECONDS = 12, 180.0
# Their pairs are what costs.
_MOST_POINTS = 500
_NAMES = {
    ("supervisor", 1): "engine",
    ("code", 1): "code server",
    ("daemon", 1): "fork server",
    ("daemon", 2): "run",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory of a process at an instant (seconds since the epoch).

    `resident_mib` is all that it has mapped, `mib` its own with its part of what is shared: only those add up, but they
    change as well when somebody else shares more or less of it.
    """

    at: float
    name: str
    pid: int
    resident_mib: float
    mib: float


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes and files of a folder of the home at an instant (seconds since the epoch)."""

    at: float
    name: str
    mib: float
    files: int


class Sampler(Background):
    """Looks every few seconds.

    Args:
        stack: whose processes and home.
    """

    def __init__(self, stack: Stack) -> None:
        super().__init__("samples")
        self._stack = stack
        home = stack.settings.home
        self._folders = {
            "dagster": home / "dagster",
            "dagster history": home / "dagster" / "history",
            "spool": home / "spool",
            "engine": home / "engine",
            "logs": next(iter(stack.services.values())).log.parent,
            "locks": home / "locks",
        }
        self.samples: list[Sample] = []
        self.sizes: list[Size] = []

    def total_mib(self) -> float:
        """All processes at the last look."""
        if not self.samples:
            return 0.0
        last = self.samples[-1].at
        return sum(sample.mib for sample in self.samples[-200:] if sample.at == last)

    def _run(self) -> None:
        sizes_at = 0.0
        while True:
            at = time.time()
            self._memory(at)
            if at >= sizes_at:
                sizes_at = at + _SIZES_SECONDS
                self.sizes += [Size(at, name, *_size(str(folder))) for name, folder in self._folders.items()]
            if self._stopping.wait(_MEMORY_SECONDS):
                return

    def _memory(self, at: float) -> None:
        engine = self._stack.engine
        roots = {name: service.pid for name, service in self._stack.services.items()}
        roots["supervisor"] = None if engine is None else engine.supervisor
        for service, root in roots.items():
            # Processes at one port are of one kind.
            name = service.partition(" ")[0]
            for found, depth in [] if root is None else family(root):
                with suppress(*GONE):
                    memory = found.memory_full_info()
                    shown = _NAMES.get((name, depth), name if depth == 0 else f"{name} {depth}")
                    resident, own = (round(size / _MIB, 1) for size in (memory.rss, memory.pss))
                    self.samples.append(Sample(at, shown, found.pid, resident, own))


def _size(folder: str) -> tuple[float, int]:
    total = files = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.lstat(os.path.join(where, name))  # noqa: PTH118 - many files, often
            except OSError:
                continue
            total += found.st_blocks * 512
            files += 1
    return round(total / _MIB, 2), files


def memory(samples: Sequence[Sample]) -> dict[str, dict[str, float | None]]:
    """By process name: lives, memory at first and last look and at most, and MiB an hour after warming up.

    The slope, of resident memory, is of all lives together: the median of their Theil-Sen slopes, each weighted by
    the length of its life; None where no life was long enough. `across` is the slope over all lives, as levels may
    rise with what there is to hold.
    """
    by_name: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_name[sample.name].append(sample)
    answer: dict[str, dict[str, float | None]] = {}
    for name, found in by_name.items():
        slopes, weights, warm = [], [], []
        lives: dict[int, list[Sample]] = defaultdict(list)
        for sample in found:
            lives[sample.pid].append(sample)
        for life in lives.values():
            later = [sample for sample in life if sample.at >= life[0].at + WARM_UP_SECONDS]
            warm += later
            if len(later) >= _FEWEST and later[-1].at - later[0].at >= _SHORTEST_SECONDS:
                slopes.append(_slope(later))
                weights.append(later[-1].at - later[0].at)
        answer[name] = {
            "lives": len(lives),
            "first_mib": found[0].mib,
            "last_mib": found[-1].mib,
            "most_mib": max(sample.mib for sample in found),
            "slope_mib_per_h": round(_weighted_median(slopes, weights), 2) if slopes else None,
            "slope_hours": round(sum(weights) / _HOUR, 2),
            "across_mib_per_h": round(_slope(warm), 2) if len({sample.at for sample in warm}) >= _FEWEST else None,
        }
    return answer


def sizes(found: Sequence[Size]) -> dict[str, dict[str, float]]:
    """By folder: MiB and files at first, at the middle, at last and at most."""
    by_name: dict[str, list[Size]] = defaultdict(list)
    for size in found:
        by_name[size.name].append(size)
    return {
        name: {
            "first_mib": of[0].mib,
            "half_way_mib": of[len(of) // 2].mib,
            "last_mib": of[-1].mib,
            "most_mib": max(size.mib for size in of),
            "last_files": of[-1].files,
            "most_files": max(size.files for size in of),
        }
        for name, of in by_name.items()
    }


def _slope(samples: Sequence[Sample]) -> float:
    """MiB an hour, by Theil and Sen: the median of the slopes between all pairs."""
    thinned = samples[:: 1 + len(samples) // _MOST_POINTS]
    hours, mib = np.array([s.at / _HOUR for s in thinned]), np.array([s.resident_mib for s in thinned])
    first, second = np.triu_indices(len(thinned), 1)
    # Processes of one name are looked at together.
    apart = hours[second] > hours[first]
    return float(np.median(((mib[second] - mib[first])[apart]) / (hours[second] - hours[first])[apart]))


def _weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(np.asarray(weights)[order])
    return float(np.asarray(values)[order][np.searchsorted(reached, reached[-1] / 2)])
