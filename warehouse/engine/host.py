"""The engine's own process: `python -m warehouse.engine.host`, started by `process.start`.

Holds the engine's lock for as long as it lives (a descriptor it inherits), writes the state file, and then
either becomes `clickhouse server` or loads the library, whose one entry point is `clickhouse local`: the
statements below turn that into a server, and the last of them blocks until our own standard input ends.
Imports little, because its start is on the path of `warehouse start`.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

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
    parser.add_argument("--engine", type=Path, required=True)
    parser.add_argument("--binary", action="store_true")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--tcp-port", type=int, required=True)
    options = parser.parse_args()

    staged = options.state.with_suffix(".new")
    state = {"pid": os.getpid(), "http_port": options.http_port, "tcp_port": options.tcp_port}
    staged.write_text(json.dumps(state), encoding="utf-8")
    staged.replace(options.state)

    if options.binary:
        # The watchdog would fork, and the process we know by pid would not be the server.
        os.environ["CLICKHOUSE_WATCHDOG_ENABLE"] = "0"
        os.execv(options.engine, [str(options.engine), "server", f"--config-file={options.config}"])
    arguments = [
        "clickhouse",
        f"--config-file={options.config}",
        f"--path={options.data}",
        "--log-level=warning",
        f"--query={_STATEMENTS}",
    ]
    _run_library(options.engine, arguments, options.http_port)


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
    for _ in range(int(_START_SECONDS / _PROBE_SECONDS)):
        engine.join(_PROBE_SECONDS)
        if not engine.is_alive():
            return
        try:
            with urlopen(f"http://127.0.0.1:{http_port}/ping", timeout=1) as answer:
                answer.read()
                return
        except (URLError, OSError):
            continue


if __name__ == "__main__":
    main()
