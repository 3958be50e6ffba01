"""What a stage costs: time, processors, memory and disk, of the engine and of everything beside it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import processes
from warehouse.client import Identity, connect
from warehouse.engine.state import find
from warehouse.settings import Settings, project_root

#: The walk over the engine's files takes at most this share of a processor.
_WALKING = 0.03


@dataclass
class Used:
    """What one stage took; filled when it has ended.

    Attributes:
        seconds: by the clock, merges that it left behind not included.
        own_cpu: processor seconds of Python (commands, dbt, API, door).
        engine_cpu: processor seconds of ClickHouse, with the merges that it left behind.
        others_cpu: processor seconds of everything else on the machine meanwhile: how quiet it was.
        own_mib: most resident memory of Python.
        engine_mib: most resident memory of ClickHouse.
        disk_mib: most bytes below the home meanwhile.
    """

    seconds: float = 0
    own_cpu: float = 0
    engine_cpu: float = 0
    others_cpu: float = 0
    own_mib: float = 0
    engine_mib: float = 0
    disk_mib: float = 0

    @property
    def cpu(self) -> float:
        """Processor seconds in all."""
        return self.own_cpu + self.engine_cpu


class Meter:
    """Measures stages on one home with its running embedded engine."""

    def __init__(self, settings: Settings) -> None:
        state = find(settings)
        if state is None:
            raise RuntimeError("no embedded engine runs on this home")
        self._home, self._session = settings.home, os.getsid(state.pid)
        self._admin = connect(Identity.ADMIN, settings)
        self._environment = {"WAREHOUSE_HOME": str(settings.home)}
        self._own_cpu = self._own_mib = 0.0

    @contextmanager
    def stage(self) -> Iterator[Used]:
        """A stage from here to the end of the block; memory and disk are counted from its beginning."""
        used = Used()
        self._own_cpu = self._own_mib = 0.0
        self._admin.command("SYSTEM JEMALLOC PURGE")
        resettable = processes.reset_peaks(self._engine())
        watch = _Watch(self._home, None if resettable else self._engine)
        engine, machine = self._engine_cpu(), processes.machine_cpu()
        mine, started = time.process_time(), time.perf_counter()
        with watch:
            yield used
            used.seconds = round(time.perf_counter() - started, 2)
            self.settle()
        used.own_cpu, used.own_mib = round(self._own_cpu, 2), round(self._own_mib, 1)
        used.engine_cpu = round(self._engine_cpu() - engine, 2)
        accounted = used.cpu + time.process_time() - mine
        used.others_cpu = round(max(0.0, processes.machine_cpu() - machine - accounted), 2)
        used.engine_mib = round(processes.peak_mib(self._engine()) if resettable else watch.resident_mib, 1)
        used.disk_mib = round(watch.disk / 2**20, 1)

    def run(self, argv: Sequence[str | Path]) -> str:
        """Run a command of ours to its end as a part of the stage; returns what it said.

        Raises:
            RuntimeError: it failed; with the end of what it said.
        """
        done = processes.run(argv, project_root(), self._environment)
        self._own_cpu += done.cpu
        self._own_mib = max(self._own_mib, done.peak_mib)
        return done.said

    @contextmanager
    def beside(self, pid: int) -> Iterator[None]:
        """What a process that goes on running spends in here belongs to the stage."""
        processes.reset_peaks(_family(pid))
        before = processes.cpu(_family(pid))
        yield
        family = _family(pid)
        self._own_cpu += processes.cpu(family) - before
        self._own_mib = max(self._own_mib, processes.peak_mib(family))

    def settle(self) -> None:
        """Wait until the engine has done what it was left with, merges above all."""
        processes.until_idle(self._engine_cpu)

    def _engine(self) -> list[psutil.Process]:
        return processes.of_session(self._session)

    def _engine_cpu(self) -> float:
        return processes.cpu(self._engine())


class _Watch:
    """Looks at the home from time to time; a file that several generations link counts once."""

    def __init__(self, home: Path, engine: Callable[[], list[psutil.Process]] | None) -> None:
        self._home, self._engine = home, engine
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.disk, self.resident_mib = 0, 0.0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            last = self._ended.is_set()
            started = time.thread_time()
            self.disk = max(self.disk, size_of(self._home))
            if self._engine is not None:
                self.resident_mib = max(self.resident_mib, processes.resident_mib(self._engine()))
            if last:
                return
            self._ended.wait(max(0.5, (time.thread_time() - started) / _WALKING))


def size_of(folder: Path) -> int:
    """Bytes on the disk of everything below a folder, each file once however often it is linked."""
    seen: dict[tuple[int, int], int] = {}
    folders = [str(folder)]
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except (FileNotFoundError, NotADirectoryError):  # merged away meanwhile
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            seen[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(seen.values())


def _family(pid: int) -> list[psutil.Process]:
    return [process for process, _ in processes.family(pid)]
