"""The collector against a plain one: FastAPI, pydantic and `async_insert` with wait, one after the other.

Ours answers after a flush to disk (fsync); the plain one when ClickHouse has written a part, which it does not
flush. Neither the load generator nor ClickHouse has a core of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import urllib3
from clickhouse_connect.driver.client import Client

from bench.home import simulated
from bench.landing import _BARE_TABLE
from bench.load import load
from bench.plain_collector import KEY
from warehouse.client import Identity, connect, http_endpoint
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings

_PATH = "/api/analytics/events"
_SECONDS = 5.0
_PROBES = 40
_VISIBLE = (
    "SELECT count() FROM raw.events WHERE event_id = {event_id:UUID}"
    " AND batch_seq IN (SELECT batch_seq FROM raw.batches)"
)


def measure(settings: Settings, *, events: int, turns: int) -> dict[str, float]:
    """Events per second and latencies in ms of both, medians over turns, and how soon an event is in raw."""
    file = str(simulated(settings, events))
    admin = connect(Identity.ADMIN, settings)
    seen: dict[str, list[float]] = {}
    with _plain(settings) as plain, collecting(settings) as (ours, _):
        for turn in range(turns + 1):
            for name, size, connections in (("single", 1, 64), ("batches_8", 100, 8), ("batches_64", 100, 64)):
                for way, url in (("plain", plain), ("ours", ours)):
                    admin.command(_BARE_TABLE)
                    figures = load(
                        url=url, path=_PATH, key=KEY, file=file, size=size, connections=connections, seconds=_SECONDS
                    )
                    if figures["failures"]:
                        raise AssertionError((way, figures))
                    if way == "ours":
                        wait_until_landed(url)
                    if turn:  # the first turn warms up
                        for figure in ("events_per_s", "p50_ms", "p99_ms"):
                            seen.setdefault(f"{name}_{way}_{figure}", []).append(figures[figure])
        visible = sorted(_visible_seconds(ours, admin) for _ in range(_PROBES))
    answer = {name: round(median(values), 2) for name, values in seen.items()}
    for name in ("single", "batches_8", "batches_64"):
        pairs = zip(seen[f"{name}_ours_events_per_s"], seen[f"{name}_plain_events_per_s"], strict=True)
        answer[f"{name}_ratio"] = round(median(ours / plain for ours, plain in pairs), 1)
    answer["visible_in_raw_p50_s"] = round(median(visible), 2)
    answer["visible_in_raw_p95_s"] = round(visible[int(0.95 * (_PROBES - 1))], 2)
    return answer


@contextmanager
def _plain(settings: Settings) -> Iterator[str]:
    port = choose_port(None, 18005, "COLLECTOR_PORT")
    admin = http_endpoint(Identity.ADMIN, settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.plain_collector", str(port)], stdin=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"url": admin.url, "headers": admin.headers}) + "\n")
    process.stdin.flush()
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_answering(f"{url}/openapi.json")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def collecting(settings: Settings) -> Iterator[tuple[str, int]]:
    """Our collector in a process of its own: its address and process id."""
    port = choose_port(None, 13004, "COLLECTOR_PORT")
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli.main", "collect", "--host", "127.0.0.1", "--json"],
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(settings.home),
            "COLLECTOR_PORT": str(port),
            "COLLECTOR_API_KEYS": f"bench:{KEY}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        url: str = json.loads(process.stdout.readline())["url"]
        _wait_until_answering(f"{url}/health")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_answering(url: str) -> None:
    urllib3.request(
        "GET", url, retries=urllib3.Retry(total=None, connect=600, read=0, backoff_factor=0.05, backoff_max=0.1)
    )


def wait_until_landed(url: str) -> None:
    while json.load(urllib.request.urlopen(f"{url}/health"))["segments"]:
        time.sleep(0.1)


def _visible_seconds(url: str, client: Client) -> float:
    """Seconds from the answer to one event until it counts in raw."""
    event_id = str(uuid.uuid4())
    event = {"event_id": event_id, "event_type": "page.view", "occurred_at": "2025-01-01T00:00:00Z"}
    answer = urllib3.request("POST", f"{url}{_PATH}", json=event, headers={"X-API-Key": KEY})
    assert answer.status == 202
    started = time.perf_counter()
    while not client.query(_VISIBLE, parameters={"event_id": event_id}).first_row[0]:  # type: ignore[index]
        time.sleep(0.01)
    return time.perf_counter() - started
