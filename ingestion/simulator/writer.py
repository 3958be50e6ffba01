"""From plan to bytes: chunks of time, rendered by two threads, in order."""

from __future__ import annotations

import datetime as dt
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingestion.simulator import plan as planning
from ingestion.simulator.dice import Ints
from ingestion.simulator.plan import Plan

DEFAULT_END = dt.date(2026, 10, 31)
"""Last simulated day unless told otherwise; fixed, so that a seed means the same bytes for ever."""

CHUNK_EVENTS = 36_000
_MINUTE_MS = 60_000
_THREADS = 2


def simulate(
    *,
    events: int,
    days: int,
    seed: int,
    end: dt.date = DEFAULT_END,
    duplicates: float = 0.0,
    invalid: float = 0.0,
) -> Iterator[bytes]:
    """A marketplace as NDJSON, in order of occurrence (a resend stands at the instant it is sent).

    Args:
        events: lines in total, resends and faulty lines included; at least 1.
        days: UTC days covered, the last one being `end`; 1 to 4000.
        seed: equal arguments give equal bytes, on any machine and any number of cores.
        end: last simulated day.
        duplicates: share of lines that are resends (same bytes, so the same `event_id`) of an earlier line.
        invalid: share of lines that break the event contract, in every way but `too_large`.

    Yields:
        Chunks of whole lines, typically 12 MiB; ids, users and amounts are invented.

    Raises:
        ValueError: for arguments out of range.
    """
    if events < 1 or not 1 <= days <= 4000:
        raise ValueError("events must be at least 1, days between 1 and 4000")
    if not (0 <= duplicates < 1 and 0 <= invalid < 1):
        raise ValueError("duplicates and invalid are shares of at least 0 and below 1")
    if (end - dt.date(1971, 1, 1)).days < days:
        raise ValueError("the simulation must begin after 1970")
    plan = planning.make(events=events, days=days, seed=seed, end=end, duplicates=duplicates, invalid=invalid)
    return (data for data, _ in _chunks(plan))


def write(
    path: str | os.PathLike[str],
    *,
    events: int,
    days: int,
    seed: int,
    end: dt.date = DEFAULT_END,
    duplicates: float = 0.0,
    invalid: float = 0.0,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Writes what `simulate` yields to a file, which appears under its name only when complete.

    `progress` is called with the number of bytes of each chunk written. Answers the size in bytes.

    Raises:
        ValueError: as `simulate`.
        OSError: the file cannot be written.
    """
    chunks = simulate(events=events, days=days, seed=seed, end=end, duplicates=duplicates, invalid=invalid)
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    size = 0
    try:
        with partial.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                size += len(chunk)
                if progress is not None:
                    progress(len(chunk))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return size


def _chunks(plan: Plan) -> Iterator[tuple[bytes, int]]:
    """Rendered chunks and their numbers of lines, in order; a few are rendered ahead."""
    bounds = _bounds(plan)
    waiting: deque[Future[tuple[bytes, int]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for low, high in pairwise(bounds):
            waiting.append(pool.submit(_render, plan, low, high))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _bounds(plan: Plan) -> list[int]:
    """Instants that cut the run into chunks of about `CHUNK_EVENTS` lines, at whole minutes."""
    per_minute = np.zeros(plan.clock.length // _MINUTE_MS, dtype=np.int64)
    instants = [s.t for s in plan.streams] + [r.at for r in plan.resends] + [plan.faults.t]
    for t in instants:
        per_minute += np.bincount(t // _MINUTE_MS, minlength=len(per_minute))
    done = np.cumsum(per_minute)
    wanted = np.arange(CHUNK_EVENTS, int(done[-1]), CHUNK_EVENTS)
    cuts = np.unique(np.searchsorted(done, wanted) + 1) * _MINUTE_MS
    return [0, *(int(c) for c in cuts if c < plan.clock.length), plan.clock.length]


def _render(plan: Plan, low: int, high: int) -> tuple[bytes, int]:
    lines: list[pa.Array] = []
    keys: list[Ints] = []
    for stream, resends in zip(plan.streams, plan.resends, strict=True):
        first, last = np.searchsorted(stream.t, (low, high))
        again = slice(*np.searchsorted(resends.at, (low, high)))
        index = np.concatenate([np.arange(first, last), resends.index[again]])
        if len(index):
            order = np.concatenate([stream.t[first:last], resends.at[again]])
            for target, found in zip((lines, keys), stream.lines(index, order), strict=True):
                target.extend(found)
    first, last = np.searchsorted(plan.faults.t, (low, high))
    if last > first:
        for target, found in zip((lines, keys), plan.faults.lines(np.arange(first, last)), strict=True):
            target.extend(found)
    if not lines:
        return b"", 0
    order = np.argsort(np.concatenate(keys), kind="stable")
    text = pa.concat_arrays(lines).take(pa.array(order))
    return text.buffers()[2].to_pybytes(), len(text)
