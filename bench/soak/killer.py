"""Kills a random process every few minutes, and sees how long it was away."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import urllib3

from bench.soak.processes import tree
from bench.soak.stack import Stack
from dagster_project import instance
from warehouse.engine import process

#: What is killed; `api worker` is one of the processes that answer, `run` the process of a run of Dagster.
VICTIMS = ("engine", "collector", "api", "api worker", "code", "daemon", "webserver", "run")
# The pause before the next kill, as a share of the mean.
_SHORTEST, _LONGEST = 0.5, 1.5
_LOOK_SECONDS = 0.05
_BACK_SECONDS = 180.0
# A run, where none is under way, is waited for so long.
_RUN_SECONDS = 60.0
_SERVICES = ("collector", "api", "code", "daemon", "webserver")
# daemon → fork server → run
_RUN_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill -9: when (seconds since the epoch), of what, and seconds until it answered again, None if it did not.

    `whole` says that its children went with it, as when a container or a unit of systemd is killed.
    """

    at: float
    victim: str
    pid: int
    whole: bool
    away_s: float | None


class Killer:
    """Kills until it is stopped: each victim once, in random order, then each once more.

    Args:
        stack: what there is to kill.
        every: mean seconds between two kills.
        seed: of order and moments.
        victims: what is killed.
        tell: is told of each.
    """

    def __init__(
        self, stack: Stack, every: float, seed: int, victims: tuple[str, ...], tell: Callable[[Kill], None]
    ) -> None:
        self._stack, self._every, self._victims, self._tell = stack, every, victims, tell
        self._rng = random.Random(seed)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kills", daemon=True)
        self.kills: list[Kill] = []

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Kill no more; returns when the last victim is back."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        bag: list[str] = []
        while not self._stopping.wait(self._rng.uniform(_SHORTEST, _LONGEST) * self._every):
            if not bag:
                bag = list(self._victims)
                self._rng.shuffle(bag)
            victim, whole = bag.pop(), self._rng.random() < 0.5
            kill = self._kill(victim, whole=whole)
            if kill is not None:
                self.kills.append(kill)
                self._tell(kill)

    def _kill(self, victim: str, *, whole: bool) -> Kill | None:
        pid = self._pid(victim)
        if pid is None:
            return None
        at, began = time.time(), time.monotonic()
        if victim in _SERVICES:
            self._stack.services[victim].kill(whole=whole)
        else:
            whole = False
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return Kill(at, victim, pid, whole, self._away(victim, pid, began))

    def _pid(self, victim: str) -> int | None:
        if victim == "engine":
            engine = self._stack.engine
            return None if engine is None else engine.pid
        if victim == "api worker":
            return self._rng.choice(self._workers() or [None])
        if victim == "run":
            until = time.monotonic() + _RUN_SECONDS
            while not (runs := self._runs()) and time.monotonic() < until and not self._stopping.wait(_LOOK_SECONDS):
                pass
            return runs[0] if runs else None
        return self._stack.services[victim].pid

    def _away(self, victim: str, pid: int, began: float) -> float | None:
        """Seconds until it is back: another process, which answers where it has something to say."""
        back = self._signs(pid).get(victim)
        if back is None:
            return None
        while time.monotonic() < began + _BACK_SECONDS:
            if back():
                return round(time.monotonic() - began, 2)
            time.sleep(_LOOK_SECONDS)
        return None

    def _signs(self, pid: int) -> Mapping[str, Callable[[], bool]]:
        stack = self._stack
        workers = stack.services["api"].environment["API_WORKERS"]

        def another(name: str, *, answers: Callable[[], bool]) -> bool:
            return stack.services[name].pid not in (None, pid) and answers()

        return {
            "engine": lambda: (running := process.status(stack.settings)) is not None and running.pid != pid,
            "collector": lambda: another("collector", answers=lambda: _answers(f"{stack.collector_url}/health")),
            "api": lambda: another("api", answers=lambda: _answers(f"{stack.api_url}/health/live")),
            "api worker": lambda: pid not in (found := self._workers()) and len(found) >= int(workers),
            "code": lambda: another("code", answers=lambda: instance.code_server_answers(stack.settings)),
            "daemon": lambda: another("daemon", answers=lambda: True),
            "webserver": lambda: another("webserver", answers=lambda: _answers(f"{stack.dagster_url}/server_info")),
        }

    def _workers(self) -> list[int]:
        return self._below("api", 1)

    def _runs(self) -> list[int]:
        return self._below("daemon", _RUN_DEPTH)

    def _below(self, service: str, depth: int) -> list[int]:
        root = self._stack.services[service].pid
        return [] if root is None else [found.pid for found in tree(root) if found.depth == depth]


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False
