"""What `/proc` says of processes: their children and their memory."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
# Keeps the names of semaphores; a few MiB that say nothing.
_TRACKER = b"resource_tracker"


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its id and how far below the root it is, which is 0."""

    pid: int
    depth: int


def tree(root: int) -> list[Process]:
    """A process and everything below it, as far as it still lives."""
    parents = _parents()
    found, level, depth = [], [root] if root in parents else [], 0
    while level:
        found += [Process(pid, depth) for pid in level]
        depth += 1
        level = [pid for pid, parent in parents.items() if parent in level and not _is_tracker(pid)]
    return found


def memory_mib(pid: int) -> tuple[float, float] | None:
    """Resident memory, and of it what is its own with its part of what is shared; None when the process has gone."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return None
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return (kib["Rss"] / 1024, kib["Pss"] / 1024) if kib else None


def _parents() -> dict[int, int]:
    parents = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            # A process may end while we look.
            with suppress(OSError):
                after_name = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if after_name[0] != "Z":
                    parents[int(entry.name)] = int(after_name[1])
    return parents


def _is_tracker(pid: int) -> bool:
    try:
        return _TRACKER in (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return True
