"""What a stage costs: time, processors, memory and disk, of the engine and of everything beside it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from warehouse.client import Identity, connect
from warehouse.engine.state import find
from warehouse.settings import Settings, project_root

_TICKS = os.sysconf("SC_CLK_TCK")
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
        self._environment = {**os.environ, "WAREHOUSE_HOME": str(settings.home)}
        self._own_cpu = self._own_mib = 0.0

    @contextmanager
    def stage(self) -> Iterator[Used]:
        """A stage from here to the end of the block; memory and disk are counted from its beginning."""
        used = Used()
        self._own_cpu = self._own_mib = 0.0
        self._admin.command("SYSTEM JEMALLOC PURGE")
        resettable = _reset_peaks(self._engine())
        watch = _Watch(self._home, None if resettable else self._engine)
        engine, machine = self._engine_cpu(), _machine_cpu()
        mine, started = time.process_time(), time.perf_counter()
        with watch:
            yield used
            used.seconds = round(time.perf_counter() - started, 2)
            self.settle()
        used.own_cpu, used.own_mib = round(self._own_cpu, 2), round(self._own_mib, 1)
        used.engine_cpu = round(self._engine_cpu() - engine, 2)
        accounted = used.cpu + time.process_time() - mine
        used.others_cpu = round(max(0.0, _machine_cpu() - machine - accounted), 2)
        peaks = [_status(pid, "VmHWM") for pid in self._engine()] if resettable else [watch.resident]
        used.engine_mib = round(sum(peaks) / 2**20, 1)
        used.disk_mib = round(watch.disk / 2**20, 1)

    def run(self, argv: Sequence[str | Path]) -> str:
        """Run a command of ours to its end as a part of the stage; returns what it said.

        Raises:
            RuntimeError: it failed; with the end of what it said.
        """
        with TemporaryFile() as said, TemporaryFile() as complained:
            process = subprocess.Popen(
                argv, cwd=project_root(), env=self._environment, stdout=said, stderr=complained, start_new_session=True
            )
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except KeyboardInterrupt:
                process.terminate()
                process.wait()
                raise
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            answer = said.read().decode(errors="replace")
            if process.returncode:
                complained.seek(0)
                end = (answer + complained.read().decode(errors="replace"))[-3000:]
                raise RuntimeError(f"{' '.join(map(str, argv))} failed:\n{end}")
        self._own_cpu += usage.ru_utime + usage.ru_stime
        self._own_mib = max(self._own_mib, usage.ru_maxrss / 1024)
        return answer

    @contextmanager
    def beside(self, pid: int) -> Iterator[None]:
        """What a process that goes on running spends in here belongs to the stage."""
        _reset_peaks(_family(pid))
        before = sum(map(_cpu, _family(pid)))
        yield
        family = _family(pid)
        self._own_cpu += sum(map(_cpu, family)) - before
        self._own_mib = max(self._own_mib, sum(_status(one, "VmHWM") for one in family) / 2**20)

    def settle(self) -> None:
        """Wait until the engine has done what it was left with, merges above all; for twenty minutes at most."""
        before = self._engine_cpu()
        for _ in range(2_400):
            time.sleep(0.5)
            now = self._engine_cpu()
            if now - before < 0.05:
                return
            before = now

    def _engine(self) -> list[int]:
        return [pid for pid in _processes() if _in_session(pid, self._session)]

    def _engine_cpu(self) -> float:
        return sum(map(_cpu, self._engine()))


class _Watch:
    """Looks at the home from time to time; a file that several generations link counts once."""

    def __init__(self, home: Path, engine: object) -> None:
        self._home, self._engine = home, engine
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.disk = self.resident = 0

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
            if callable(self._engine):
                self.resident = max(self.resident, sum(_status(pid, "VmRSS") for pid in self._engine()))
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


def _processes() -> list[int]:
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]


def _in_session(pid: int, session: int) -> bool:
    try:
        return os.getsid(pid) == session
    except ProcessLookupError:
        return False


def _family(pid: int) -> list[int]:
    """The process and its children."""
    return [pid, *(one for one in _processes() if _stat(one)[1:2] == [str(pid)])]


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; the name before it may hold anything. Empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _cpu(pid: int) -> float:
    """Processor seconds of a process and of its children that have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / _TICKS if fields else 0.0


def _machine_cpu() -> float:
    with Path("/proc/stat").open("rb") as file:
        user, nice, system, _idle, _wait, interrupts, soft, stolen = map(int, file.readline().split()[1:9])
    return (user + nice + system + interrupts + soft + stolen) / _TICKS


def _status(pid: int, name: str) -> int:
    """A line of /proc/PID/status in bytes; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:")), 0)


def _reset_peaks(pids: Sequence[int]) -> bool:
    """Let the kernel count peaks from now on; False where that is not allowed."""
    try:
        for pid in pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5", "utf-8")
    except OSError:
        return False
    return True
