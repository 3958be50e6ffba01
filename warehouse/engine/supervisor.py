"""What `warehouse start` leaves running: `python -m warehouse.engine.supervisor … -- engine's own command`.

Runs the engine and starts it again, at the same ports, whenever it ends without having been told to (ADR 29). Writes
the state file, and holds two locks: the engine's, which the engine inherits, says that one runs; its own says that it
is there to be told to stop. Imports little, because its start is on the path of `warehouse start`.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

# An engine that ends sooner than this has not come back: the pause before the next try doubles.
_LASTING_SECONDS = 10.0
_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 30.0


class Supervisor:
    """One engine, kept running until a signal ends both."""

    def __init__(self, command: list[str], state: Path, http_port: int, tcp_port: int) -> None:
        self._command = command
        self._state = state
        self._http_port, self._tcp_port = http_port, tcp_port
        self._engine: subprocess.Popen[bytes] | None = None
        self._restarts = 0
        self._came_up = False
        self._stopping = threading.Event()

    def run(self) -> int:
        """Exit code: 0 after a clean stop, else that of an engine which never came up."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        # From `warehouse start`, which alone can tell our engine from another at the port.
        signal.signal(signal.SIGUSR1, self._note_it_came_up)
        began, pause = time.monotonic(), 0.0
        engine = self._start()
        while code := engine.wait():
            if not self._came_up:
                return code
            lived = time.monotonic() - began
            pause = 0.0 if lived >= _LASTING_SECONDS else min(max(_FIRST_PAUSE, 2 * pause), _LONGEST_PAUSE)
            if self._stopping.wait(pause):
                break
            _say(f"the engine (pid {engine.pid}) ended with {_name(code)} after {lived:.0f} s; starting it again")
            self._restarts += 1
            began = time.monotonic()
            engine = self._start()
        return 0

    def _start(self) -> subprocess.Popen[bytes]:
        # Inherits the engine's lock, the one descriptor that is open besides the standard ones.
        self._engine = engine = subprocess.Popen(self._command, close_fds=False)
        self._write(engine.pid)
        if self._stopping.is_set():
            # Told between two lives.
            engine.terminate()
        return engine

    def _write(self, pid: int) -> None:
        state = {
            "pid": pid,
            "supervisor": os.getpid(),
            "http_port": self._http_port,
            "tcp_port": self._tcp_port,
            "restarts": self._restarts,
            "began": time.time(),
        }
        staged = self._state.with_suffix(".new")
        try:
            staged.write_text(json.dumps(state), encoding="utf-8")
            staged.replace(self._state)
        except OSError as error:
            # A full disk must not end who brings the engine back; only its pid is told too late.
            _say(f"cannot write {self._state}: {error}")

    def _note_it_came_up(self, _signal: int, _frame: FrameType | None) -> None:
        self._came_up = True

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping.set()
        if self._engine is not None:
            self._engine.terminate()


def main() -> NoReturn:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(description="supervisor of the engine; use `warehouse start` instead")
    parser.add_argument("--lock", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--tcp-port", type=int, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    # Not inherited by the engine, which may outlive us.
    lock = os.open(options.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    sys.exit(Supervisor(options.command, options.state, options.http_port, options.tcp_port).run())


def _name(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _say(line: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime())} supervisor: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
