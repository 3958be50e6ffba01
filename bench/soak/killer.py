"""Kills a random process every few minutes, and sees how long it was away."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import urllib3

from bench.processes import family
from bench.soak.background import Background
from bench.soak.stack import Service, Stack
from dagster_project import instance
from warehouse.engine import process

#: What is killed; `api` is one of several at its port, `run` the process of a run of Dagster.
VICTIMS = ("engine", "collector", "api", "code", "daemon", "webserver", "run")
# The pause before the next kill, as a share of the mean.
_SHORTEST, _LONGEST = 0.5, 1.5
_LOOK_SECONDS = 0.05
_BACK_SECONDS = 180.0
# A run, where none is under way, is waited for so long.
_RUN_SECONDS = 60.0
# How uvicorn says that it answers.
_ANSWERS_NOW = b"Application startup complete"
# daemon → fork server → run
_RUN_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill -9: when (seconds since the epoch), of what, and seconds until it answered again.

    They are None when it did not, and for a run, which is not to come back: the next one does its work.

    `whole` says that its children went with it, as when a container or a unit of systemd is killed.
    """

    at: float
    victim: str
    pid: int
    whole: bool
    away_s: float | None


class Killer(Background):
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
        super().__init__("kills")
        self._stack, self._every, self._victims, self._tell = stack, every, victims, tell
        self._rng = random.Random(seed)
        self.kills: list[Kill] = []

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
        name = self._rng.choice([n for n in self._stack.services if n.startswith("api")]) if victim == "api" else victim
        service = self._stack.services.get(name)
        pid = self._pid(victim) if service is None else service.pid
        if pid is None:
            return None
        back = self._back(name, service, pid)
        at, began = time.time(), time.monotonic()
        if service is not None:
            service.kill(whole=whole)
        else:
            whole = False
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return Kill(at, victim, pid, whole, None if back is None else _seconds_until(back, began))

    def _pid(self, victim: str) -> int | None:
        if victim == "engine":
            engine = self._stack.engine
            return None if engine is None else engine.pid
        until = time.monotonic() + _RUN_SECONDS
        while not (runs := self._runs()) and time.monotonic() < until and not self._stopping.wait(_LOOK_SECONDS):
            pass
        return runs[0] if runs else None

    def _runs(self) -> list[int]:
        root = self._stack.services["daemon"].pid
        return [] if root is None else [found.pid for found, depth in family(root) if depth == _RUN_DEPTH]

    def _back(self, name: str, service: Service | None, pid: int) -> Callable[[], bool] | None:
        """Whether there is another process, which answers where it has something to say; None where none is to be."""
        stack = self._stack
        if service is None:
            if name != "engine":
                return None
            return lambda: (running := process.status(stack.settings)) is not None and running.pid != pid
        logged = service.log.stat().st_size
        signs: dict[str, Callable[[], bool]] = {
            "collector": lambda: _answers(f"{stack.collector_url}/health"),
            "code": lambda: instance.code_server_answers(stack.settings),
            "webserver": lambda: _answers(f"{stack.dagster_url}/server_info"),
            "daemon": lambda: True,
        }
        # Others answer at its port.
        answers = signs.get(name, lambda: _ANSWERS_NOW in service.log.read_bytes()[logged:])
        return lambda: service.pid not in (None, pid) and answers()


def _seconds_until(back: Callable[[], bool], began: float) -> float | None:
    while time.monotonic() < began + _BACK_SECONDS:
        if back():
            return round(time.monotonic() - began, 2)
        time.sleep(_LOOK_SECONDS)
    return None


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False
