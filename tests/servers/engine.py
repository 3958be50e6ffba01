"""Faults of the embedded engine."""

from __future__ import annotations

import os
import signal

from tests.waiting import until
from warehouse.engine import process
from warehouse.engine.state import State, find
from warehouse.settings import Settings


def kill(settings: Settings) -> int:
    """Kill -9 the engine, which its supervisor starts again; returns its process id."""
    killed = _running(settings).pid
    os.kill(killed, signal.SIGKILL)
    return killed


def kill_until_back(settings: Settings) -> None:
    """Kill -9 the engine; its supervisor has started it again when this returns."""
    until_back(settings, kill(settings))


def until_back(settings: Settings, ended: int) -> None:
    """Wait until an engine answers that is not process `ended`."""
    until(lambda: (running := process.status(settings)) is not None and running.pid != ended)


def kill_for_good(settings: Settings) -> None:
    """Kill -9 the engine and whoever would start it again."""
    os.kill(_running(settings).supervisor, signal.SIGKILL)
    os.kill(_running(settings).pid, signal.SIGKILL)
    until(lambda: process.status(settings) is None)


def _running(settings: Settings) -> State:
    state = find(settings)
    assert state is not None
    return state
