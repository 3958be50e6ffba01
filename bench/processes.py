"""Processes as benches measure them: by psutil, and what only Linux tells, the most memory that one ever had."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import psutil

#: One that has gone, or is not ours to look at.
GONE = (psutil.NoSuchProcess, psutil.AccessDenied)
_MIB = 1 << 20
# Of what nobody waits for any more, merges above all, so long at most.
_IDLE_SECONDS = 1_200
_IDLE_CPU = 0.05
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended well: what it printed, its seconds by the clock and of processors, its most memory."""

    said: str
    seconds: float
    cpu: float
    peak_mib: float


def run(argv: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Finished:
    """Run a command to its end and account for it and all that it waited for.

    Args:
        argv: the command.
        folder: where it runs.
        environment: beside ours.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    started = time.perf_counter()
    with TemporaryFile() as said, TemporaryFile() as complained:
        process = subprocess.Popen(
            argv, cwd=folder, env={**os.environ, **environment}, stdout=said, stderr=complained, start_new_session=True
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        answer = said.read().decode(errors="replace")
        if process.returncode:
            complained.seek(0)
            end = (answer + complained.read().decode(errors="replace"))[-3000:]
            raise RuntimeError(f"{' '.join(map(str, argv))} failed:\n{end}")
    return Finished(answer, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def family(root: int) -> list[tuple[psutil.Process, int]]:
    """A process and everything below it as far as it lives, each with how far below: 0 for itself, then 1, 2, ..."""
    depths, found = {root: 0}, []
    with suppress(*GONE):
        top = psutil.Process(root)
        for process in [top, *top.children(recursive=True)]:
            with suppress(*GONE):
                # Multiprocessing's own keeps names of semaphores: a few MiB that say nothing.
                if process.status() == psutil.STATUS_ZOMBIE or "resource_tracker" in " ".join(process.cmdline()):
                    continue
                depth = depths.setdefault(process.pid, depths.get(process.ppid(), -1) + 1)
                found.append((process, depth))
    return found


def of_session(*sessions: int) -> list[psutil.Process]:
    """The living processes of some sessions."""
    found = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError):
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def cpu(processes: Iterable[psutil.Process]) -> float:
    """Processor seconds of processes, and of their children that have ended."""
    total = 0.0
    for process in processes:
        with suppress(*GONE):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def machine_cpu() -> float:
    """Processor seconds of everything on this machine since it runs."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq + times.steal)


def resident_mib(processes: Iterable[psutil.Process]) -> float:
    """Resident memory of processes."""
    total = 0
    for process in processes:
        with suppress(*GONE):
            total += process.memory_info().rss
    return total / _MIB


def peak_mib(processes: Iterable[psutil.Process]) -> float:
    """Most resident memory of each since its beginning, or since `reset_peaks`, added up."""
    total = 0
    for process in processes:
        with suppress(OSError):
            lines = Path(f"/proc/{process.pid}/status").read_text("utf-8", errors="replace").splitlines()
            total += next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    return total / 1024


def reset_peaks(processes: Iterable[psutil.Process]) -> bool:
    """Let the kernel count peaks from now on; False where that is not allowed."""
    try:
        for process in processes:
            Path(f"/proc/{process.pid}/clear_refs").write_text("5", "utf-8")
    except OSError:
        return False
    return True


def until_idle(used: Callable[[], float]) -> None:
    """Wait until somebody has done what he was left with.

    Args:
        used: the processor seconds that he has used so far.
    """
    before, until = used(), time.monotonic() + _IDLE_SECONDS
    while time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
        now = used()
        if now - before < _IDLE_CPU:
            return
        before = now
