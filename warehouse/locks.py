"""Locks between processes that the kernel releases when their holder dies."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from warehouse.errors import LockHeld, WarehouseError
from warehouse.settings import Settings

_RETRY_SECONDS = 0.05


@contextmanager
def exclusive(name: str, settings: Settings, *, wait: float | None = 0) -> Iterator[None]:
    """Hold the lock `name` of this home for the length of the block.

    Args:
        name: file name of the lock, for example `build`.
        settings: names the home.
        wait: seconds to wait for another holder; 0 fails at once, None waits for ever.

    Raises:
        LockHeld: somebody else still holds it after `wait`; says who.
        WarehouseError: the home cannot be written.
    """
    path = settings.home / "locks" / f"{name}.lock"
    with _opened(path) as file:
        _acquire(file, name, path, wait)
        _name_holder(file, f"pid {os.getpid()} ({' '.join(map(os.path.basename, sys.argv[:2]))})")
        try:
            yield
        finally:
            _name_holder(file, "")


@contextmanager
def shared(name: str, settings: Settings) -> Iterator[None]:
    """Keep others from holding the lock `name` exclusively; waits for one who does.

    Raises:
        WarehouseError: the home cannot be written.
    """
    with _opened(settings.home / "locks" / f"{name}.lock") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise WarehouseError(
            f"cannot open the lock {path}: {error.strerror}",
            "make WAREHOUSE_HOME writable or set it to another directory",
        ) from error


def _acquire(file: TextIO, name: str, path: Path, wait: float | None) -> None:
    if wait is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                holder = path.read_text(encoding="utf-8").strip() or "another process"
                raise LockHeld(
                    f"{name} is already running: {holder} holds {path}",
                    "wait until it has ended, then run this again",
                ) from error
        time.sleep(_RETRY_SECONDS)


def _name_holder(file: TextIO, holder: str) -> None:
    # A courtesy to whoever waits; a full disk must not keep anybody from holding or leaving the lock.
    with suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        os.pwrite(file.fileno(), holder.encode(), 0)
