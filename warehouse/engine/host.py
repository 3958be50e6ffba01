"""The library's own process, run by the supervisor: `python -m warehouse.engine.host`.

The library's one entry point is `clickhouse local`: the statements below turn that into a server, and the last of
them blocks until our own standard input ends. Imports little, because its start is on the path of `warehouse start`.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn

# HTTP last: its answer is what says that all of the engine is up.
_STATEMENTS = (
    "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; "
    "INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"
)
_START_SECONDS = 60.0
_PROBE_SECONDS = 0.05


def main() -> NoReturn:
    """Run the engine until a signal; exit code 0 after a clean stop, 1 if it ended by itself."""
    parser = argparse.ArgumentParser(description="engine process; use `warehouse start` instead")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    options = parser.parse_args()
    arguments = [
        "clickhouse",
        f"--config-file={options.config}",
        f"--path={options.data}",
        "--log-level=warning",
        f"--query={_STATEMENTS}",
    ]
    _run_library(options.library, arguments, options.http_port)


def _run_library(path: Path, arguments: list[str], http_port: int) -> NoReturn:
    reading, writing = os.pipe()
    os.dup2(reading, 0)
    os.close(reading)
    library = ctypes.CDLL(str(path))
    run = library.chdb_query_cmdline
    run.restype = ctypes.c_void_p
    result_error = library.chdb_result_error
    result_error.argtypes, result_error.restype = [ctypes.c_void_p], ctypes.c_char_p
    argv = (ctypes.c_char_p * len(arguments))(*map(os.fsencode, arguments))

    def serve() -> None:
        message = result_error(run(len(arguments), argv))
        if message:
            print(message.decode(errors="replace"), file=sys.stderr, flush=True)

    engine = threading.Thread(target=serve, daemon=True)
    engine.start()
    _wait_until_listening(http_port, engine)

    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            os.close(writing)

    # The engine installs handlers of its own while it starts; ours must come after them.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    engine.join()
    # Leaving through the interpreter would run the library's static destructors under its own threads.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if stopping.is_set() else 1)


def _wait_until_listening(http_port: int, engine: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while engine.is_alive() and time.monotonic() < deadline and not _answers(http_port):
        time.sleep(_PROBE_SECONDS)


def _answers(http_port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", http_port, timeout=1)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().read() is not None
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
