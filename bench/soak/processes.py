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


def of_sessions(sessions: set[int], variable: str) -> list[int]:
    """Living processes of some sessions that have a variable, `NAME=value`, in their environment."""
    found = []
    for pid, fields in _stats().items():
        with suppress(OSError):
            variables = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
            if int(fields[3]) in sessions and variable.encode() in variables:
                found.append(pid)
    return found


def _parents() -> dict[int, int]:
    return {pid: int(fields[1]) for pid, fields in _stats().items()}


def _stats() -> dict[int, list[str]]:
    """State, parent, group, session and so on of every process that is not just waiting to be forgotten."""
    found = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            # A process may end while we look.
            with suppress(OSError):
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                if fields[0] != "Z":
                    found[int(entry.name)] = fields
    return found


def _is_tracker(pid: int) -> bool:
    try:
        return _TRACKER in (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return True
