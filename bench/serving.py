"""Mart queries at eight connections: the API against ClickHouse's own HTTP for the same rows."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import aiohttp

from bench.home import simulated
from warehouse.cli.building import build_and_publish
from warehouse.cli.landing import land
from warehouse.client import Identity, http_endpoint
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings

_CONNECTIONS = 8
_SECONDS = 4.0
_PATH = "/api/v1/marts/revenue?groupBy=stream"
_SQL = """
SELECT date, stream, sum(gross_usd), sum(refund_usd), sum(net_usd), sum(transaction_count), sum(refund_count)
FROM marts.revenue WHERE date > (SELECT max(date) FROM marts.revenue) - 30
GROUP BY date, stream ORDER BY date, stream LIMIT 1001 FORMAT JSONEachRow
"""

#: URL and body of the request with a number; no body means GET.
Request = Callable[[int], tuple[str, str | None]]


async def _load(request: Request, headers: dict[str, str]) -> list[float]:
    """Latencies in seconds of as many requests as fit into the time, over all connections, sorted."""
    latencies: list[float] = []
    end = time.perf_counter() + _SECONDS

    async def one(session: aiohttp.ClientSession, worker: int) -> None:
        number = worker
        while time.perf_counter() < end:
            url, body = request(number)
            number += _CONNECTIONS
            started = time.perf_counter()
            async with session.request("POST" if body else "GET", url, data=body) as answer:
                await answer.read()
                answer.raise_for_status()
            latencies.append(time.perf_counter() - started)

    connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, headers=headers, auto_decompress=False) as session:
        await asyncio.gather(*(one(session, worker) for worker in range(_CONNECTIONS)))
    return sorted(latencies)


def measure(settings: Settings, *, events: int) -> dict[str, float]:
    """p95 in ms and requests per second: ClickHouse itself, the API asking anew each time, and answering again."""
    land(settings, [str(simulated(settings, events))], "bench")
    build_and_publish(settings)
    port = choose_port(None, 18004, "API_PORT")
    api = subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli.main", "serve", "--json"],
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(settings.home),
            "API_PORT": str(port),
            "API_RATE_PER_MINUTE": "0",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if api.stdout is None:
            raise RuntimeError("the API did not start")
        said = json.loads(api.stdout.readline())
        token = {"Authorization": f"Bearer {said['token']}"}
        reader = http_endpoint(Identity.READER, settings)
        ways: dict[str, tuple[Request, dict[str, str]]] = {
            "clickhouse": (lambda _: (f"{reader.url}/?max_threads=1&wait_end_of_query=1", _SQL), reader.headers),
            # A limit of its own for each request, so that nothing is answered from memory.
            "api_anew": (lambda n: (f"{said['url']}{_PATH}&limit={1_000 + n % 9_000}", None), token),
            "api_again": (lambda _: (f"{said['url']}{_PATH}", None), token),
        }
        figures: dict[str, float] = {}
        for name, (request, headers) in ways.items():
            latencies = asyncio.run(_load(request, headers))
            figures[f"{name}_p95_ms"] = round(latencies[int(0.95 * len(latencies))] * 1000, 1)
            figures[f"{name}_per_s"] = round(len(latencies) / _SECONDS)
    finally:
        api.terminate()
        api.wait(timeout=30)
    figures["ratio_to_clickhouse"] = round(figures["api_anew_per_s"] / figures["clickhouse_per_s"], 2)
    return figures
