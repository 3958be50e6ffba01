"""A lock is held by one process at a time, and never survives its holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from warehouse.errors import LockHeld
from warehouse.locks import exclusive
from warehouse.settings import Settings

HOLDER = """
import sys
from warehouse.locks import exclusive
from warehouse.settings import get_settings
with exclusive("build", get_settings()):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(own_home: Settings) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock `build` until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env=os.environ | {"WAREHOUSE_HOME": str(own_home.home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_held_lock_names_its_holder(own_home: Settings, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(LockHeld, match=f"pid {holder.pid}"), exclusive("build", own_home):
        pass


def test_other_names_are_other_locks(own_home: Settings, holder: subprocess.Popen[str]) -> None:
    with exclusive("landing", own_home):
        assert holder.poll() is None


def test_waiting_ends_after_the_time_given(own_home: Settings, holder: subprocess.Popen[str]) -> None:
    began = time.monotonic()
    with pytest.raises(LockHeld), exclusive("build", own_home, wait=0.2):
        pass
    assert 0.2 <= time.monotonic() - began < 5
    assert holder.poll() is None


@pytest.mark.parametrize("wait", [10, None])
def test_a_waiter_gets_the_lock_when_its_holder_ends(
    own_home: Settings, holder: subprocess.Popen[str], wait: float | None
) -> None:
    assert holder.stdin is not None
    holder.stdin.close()
    with exclusive("build", own_home, wait=wait):
        pass


def test_the_kernel_frees_the_lock_of_a_killed_holder(own_home: Settings, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with exclusive("build", own_home):
        pass


def test_a_lock_is_free_after_an_error_inside(own_home: Settings) -> None:
    with pytest.raises(ZeroDivisionError), exclusive("build", own_home):
        _ = 1 / 0
    with exclusive("build", own_home):
        pass
