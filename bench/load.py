"""A load generator in a process of its own: raw sockets, requests made before the clock starts.

`python -m bench.load`; one JSON object on stdin (`url`, `path`, `key`, `file`, `size`, `connections`, `seconds`), one
on stdout. Every connection sends its next request as soon as the last one is answered.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

import uvloop

_ID = re.compile(rb'"(event_id|id)":"[0-9a-f-]{36}"')
_MOST_EVENTS = 400_000


def load(**task: Any) -> dict[str, float]:
    """Run the generator; figures of what it saw."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._received = b""
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(re.search(rb"content-length: (\d+)", head.lower())[1])  # type: ignore[index]
        if len(body) < length:
            return
        self._run.answered(head[9:12], time.perf_counter() - self._started)
        self._received = b""
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        self._run.closed()

    def _next(self) -> None:
        request = self._run.take()
        if request is None:
            self._transport.close()
            return
        self._started = time.perf_counter()
        self._transport.write(request)


class _Run:
    def __init__(self, requests: list[bytes], seconds: float, connections: int) -> None:
        self._requests, self._next, self._seconds = requests, 0, seconds
        self._open = connections
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.done = asyncio.Event()
        self.started = time.perf_counter()
        self.ended = self.started

    def take(self) -> bytes | None:
        if time.perf_counter() - self.started > self._seconds or self._next == len(self._requests):
            return None
        self._next += 1
        return self._requests[self._next - 1]

    def answered(self, status: bytes, seconds: float) -> None:
        self.latencies.append(seconds)
        self.statuses[status.decode()] = self.statuses.get(status.decode(), 0) + 1
        self.ended = time.perf_counter()

    def closed(self) -> None:
        self._open -= 1
        if not self._open:
            self.done.set()


def _requests(task: dict[str, Any]) -> list[bytes]:
    size, host = task["size"], urlsplit(task["url"]).netloc
    head = (
        f"POST {task['path']} HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {task['key']}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    with open(task["file"], "rb") as file:  # noqa: PTH123
        lines = file.read().splitlines()
    made = []
    for start in range(0, _MOST_EVENTS // (1 if size > 1 else 4), size):
        events = [
            # Ids of its own, so that no run resends another's.
            _ID.sub(lambda found: b'"%s":"%s"' % (found[1], str(uuid.uuid4()).encode()), lines[n % len(lines)], count=1)
            for n in range(start, start + size)
        ]
        body = events[0] if size == 1 else b"[" + b",".join(events) + b"]"
        made.append(head + str(len(body)).encode() + b"\r\n\r\n" + body)
    return made


async def _main() -> None:
    task = json.loads(sys.stdin.read())
    address = urlsplit(task["url"])
    run = _Run(_requests(task), task["seconds"], task["connections"])
    run.started = time.perf_counter()
    loop = asyncio.get_running_loop()
    for _ in range(task["connections"]):
        await loop.create_connection(lambda: _Connection(run), address.hostname, address.port)
    await run.done.wait()
    latencies, elapsed = sorted(run.latencies), run.ended - run.started

    def at(share: float) -> float:
        return round(latencies[int(share * (len(latencies) - 1))] * 1000, 2)

    figures = {
        "events_per_s": round(len(latencies) * task["size"] / elapsed),
        "p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": at(1.0),
        "failures": sum(count for status, count in run.statuses.items() if not status.startswith("2")),
    }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    uvloop.run(_main())
