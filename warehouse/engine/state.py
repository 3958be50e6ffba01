"""Whether an engine runs on a home, and where.

Supervisor and engine hold a locked descriptor until both are gone, however they went. So the lock, not a pid, says
whether an engine runs or is about to again; the state file, which the supervisor writes, adds pids and ports.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.engine.config import HOST, Files, Ports
from warehouse.errors import EngineError
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class State:
    """What the supervisor wrote down when it last started the engine.

    `pid` is the engine's, `restarts` how often it was started again since `warehouse start`, `began` when last.
    """

    pid: int
    supervisor: int
    ports: Ports
    restarts: int
    began: datetime

    @property
    def url(self) -> str:
        """HTTP address."""
        return f"http://{HOST}:{self.ports.http}"


def find(settings: Settings) -> State | None:
    """Process and ports of the running engine from lock and state file, without asking it anything."""
    files = Files(settings.engine_home)
    return read_state(files) if is_locked(files.lock) else None


def take_lock(files: Files) -> int | None:
    """The engine's lock as a descriptor to hand to the child, or None while an engine holds it."""
    descriptor = os.open(files.lock, os.O_RDWR | os.O_CREAT, 0o600)
    for _ in range(50):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            # A shared probe (below) may be passing by; only an engine holds it exclusively.
            if is_locked(files.lock):
                os.close(descriptor)
                return None
            time.sleep(0.01)
    os.close(descriptor)
    return None


def is_locked(lock: Path) -> bool:
    """Whether somebody holds `lock`: that of `Files.lock` says that an engine runs on this home.

    Raises:
        EngineError: its folder belongs to another user.
    """
    try:
        descriptor = os.open(lock, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise EngineError(
            f"the engine in {lock.parent} belongs to another user",
            "run this as that user, or set WAREHOUSE_HOME to a directory of your own",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def read_state(files: Files) -> State | None:
    """What the last engine of this home wrote down; it need not run any more."""
    try:
        raw = json.loads(files.state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return State(
        int(raw["pid"]),
        # An engine that was started before there were supervisors says nothing of these.
        int(raw.get("supervisor", raw["pid"])),
        Ports(int(raw["http_port"]), int(raw["tcp_port"])),
        int(raw.get("restarts", 0)),
        datetime.fromtimestamp(raw.get("began", 0), UTC),
    )
