"""`python -m tests.faults.killer WHEN STATEMENT VICTIM ARGUMENT…`: the warehouse command and one kill -9.

The kill is real and takes the process as it is; what is arranged is only that it comes at a known statement.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from clickhouse_connect.driver.httpclient import HttpClient

from ingestion.landing import lander
from warehouse.cli.main import main

#: A batch of the tests takes ClickHouse several times as long.
_DURING_SECONDS = 0.04


def _arrange(when: str, statement: str, victim: int) -> None:
    armed = threading.Lock()

    def kill() -> None:
        os.kill(victim, signal.SIGKILL)
        # The process dies a moment later; nothing may be sent to it meanwhile.
        time.sleep(0.1)

    def around(send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(target: object, text: str, *arguments: Any, **options: Any) -> Any:
            if statement not in text or not armed.acquire(blocking=False):
                return send(target, text, *arguments, **options)
            if when == "before":
                kill()
            elif when == "during":
                threading.Timer(_DURING_SECONDS, kill).start()
            answer = send(target, text, *arguments, **options)
            if when == "after":
                kill()
            return answer

        return sent

    for name in ("command", "insert"):
        setattr(HttpClient, name, around(getattr(HttpClient, name)))
    lander.send = around(lander.send)  # type: ignore[attr-defined]


if __name__ == "__main__":
    _arrange(sys.argv[1], sys.argv[2], int(sys.argv[3]) or os.getpid())
    sys.argv = ["warehouse", *sys.argv[4:]]
    main()
