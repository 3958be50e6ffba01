"""A load on a broker, a consumer that is killed and started again, and what has to hold afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.faults.command import Command, finished
from tests.faults.state import admitted, held, ledger
from tests.ingestion.doors.samples import event, id_of
from tests.waiting import until
from warehouse.settings import Settings

#: Faults of each kind; `make faults` sets more.
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
BAD_SHARE = 0.02


class Load:
    """Publishes events of its own until it is stopped; knows which were confirmed, and which were only tried.

    Args:
        send: publishes lines, and returns those that the broker has confirmed; may raise.
    """

    def __init__(self, send: Callable[[list[bytes]], list[bytes]], seed: int) -> None:
        self._send = send
        self._rng = random.Random(seed)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.tried: set[bytes] = set()
        self.confirmed: set[bytes] = set()
        self.failures = 0

    def _run(self) -> None:
        while not self._stopped.is_set():
            lines = [self._line() for _ in range(40)]
            self.tried.update(lines)
            try:
                self.confirmed.update(self._send(lines))
            except Exception:  # noqa: BLE001 - the broker is being killed; these lines may or may not have arrived
                self.failures += 1
                time.sleep(0.2)
            time.sleep(0.02)

    def _line(self) -> bytes:
        line = event()
        return line[: len(line) // 2] if self._rng.random() < BAD_SHARE else line

    @contextmanager
    def running(self) -> Iterator[None]:
        """Publish for the length of the block."""
        self._thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            self._thread.join()

    def assert_landed(self, settings: Settings) -> None:
        """All that was confirmed counts once or is held, and nothing that was not sent."""
        good = {id_of(line) for line in self.confirmed if line.endswith(b"}")}
        bad = {line for line in self.confirmed if not line.endswith(b"}")}
        assert good
        assert bad
        found = admitted(settings)
        assert len(found) == len(set(found))
        assert good <= set(found), f"{len(good - set(found))} of {len(good)} events are lost"
        assert set(found) <= {id_of(line) for line in self.tried if line.endswith(b"}")}
        assert bad <= set(held(settings))
        sums = ledger(settings)
        assert (sums.stored, sums.quarantined) == (len(found), held(settings).total())


class Consumer:
    """`warehouse consume …` as a process that can be killed."""

    def __init__(self, command: Command, door: str) -> None:
        self._command = command
        self._door = door
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        self._process = self._command.start("consume", self._door, "--json")

    def kill(self) -> None:
        """Kill -9 it and start another one."""
        assert self._process is not None
        self._process.kill()
        self.kills += finished(self._process).code == -signal.SIGKILL
        self.start()

    def stop(self) -> None:
        """Ask it to end; it must do so cleanly."""
        assert self._process is not None
        self._process.terminate()
        answer = finished(self._process)
        assert answer.code == 0, answer
        assert answer.json["messages"] >= 0
        assert "Traceback" not in answer.stderr


def until_more(count: Callable[[], int]) -> None:
    """Wait until there are more than now."""
    before = count()
    until(lambda: count() > before)


def moments(count: int, longest: float) -> Iterator[float]:
    """Seconds to wait before each fault; new ones each time, shown when the test fails."""
    seed = random.randrange(10_000)
    print(f"moments of seed {seed}")
    rng = random.Random(seed)
    return iter([rng.uniform(0.1, longest) for _ in range(count)])
