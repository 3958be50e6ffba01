"""The API beside ClickHouse's own HTTP, dashboards, publications under load, and an export of all rows of a mart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from statistics import median, quantiles
from urllib.parse import urlencode

from bench import export, switching
from bench.home import simulated
from bench.wrk import Load, load
from serving_api.clickhouse import SETTINGS
from serving_api.endpoint import Endpoint
from serving_api.endpoint import load as endpoints
from serving_api.parameters import START
from warehouse import publications
from warehouse.cli.building import build_and_publish
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, http_endpoint, scalar
from warehouse.engine.ports import choose_port
from warehouse.settings import Settings

_PATH = "/api/v1/marts/revenue"
_CONNECTIONS = (8, 64)
_ASKED_EACH = 20
_BUSIEST = {
    "uploader": "SELECT topK(1)(user_id)[1] FROM marts.uploader_activity",
    "creator": "SELECT topK(1)(user_id)[1] FROM marts.creator_performance",
    "freelancer": "SELECT topK(1)(freelancer_id)[1] FROM marts.job_success_contracts",
    "client": "SELECT topK(1)(client_id)[1] FROM marts.client_placements",
    "vendor": "SELECT topK(1)(vendor_id)[1] FROM marts.vendor_metrics",
}


@dataclass(frozen=True, slots=True)
class Api:
    """A running API: where it is, what it is asked with, and its process."""

    url: str
    headers: dict[str, str]
    process: int


@contextmanager
def serving(settings: Settings, *, cache_mib: int) -> Iterator[Api]:
    """The API in a process of its own, with as much memory for answers."""
    api = subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli.main", "serve", "--json"],
        env={
            **os.environ,
            "WAREHOUSE_HOME": str(settings.home),
            "API_PORT": str(choose_port(None, 18004, "API_PORT")),
            "API_RATE_PER_MINUTE": "0",
            "API_CACHE_MIB": str(cache_mib),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if api.stdout is None:
            raise RuntimeError("the API did not start")
        said = json.loads(api.stdout.readline())
        yield Api(said["url"], {"Authorization": f"Bearer {said['token']}"}, api.pid)
    finally:
        api.terminate()
        api.wait(timeout=30)


def measure(settings: Settings, *, events: int, rows: int = 10_000_000, switches: int = 1000) -> dict[str, float]:
    """All of it, on a history of so many events in a year."""
    land(settings, [str(simulated(settings, events, days=365))], "bench")
    build_and_publish(settings)
    figures = rates(settings) | dashboards(settings)
    with serving(settings, cache_mib=64) as api:
        figures |= switching.measure(settings, api.url, api.headers, switches)
    export.fill(settings, rows)
    with serving(settings, cache_mib=64) as api:
        figures |= export.measure(settings, api.url, api.headers, api.process)
    return figures


def rates(settings: Settings, turns: int = 3) -> dict[str, float]:
    """A mart query with the same SQL: ClickHouse itself, the API asking it each time, from memory, and unchanged.

    In turns, one after another; of the ratios within a turn the median counts.
    """
    figures: dict[str, float] = {}
    with serving(settings, cache_mib=0) as anew, serving(settings, cache_mib=64) as remembering:
        unchanged = remembering.headers | {"If-None-Match": opened(remembering, _PATH)}
        for connections in _CONNECTIONS:
            ways: dict[str, Callable[[int], Load]] = {
                "clickhouse": partial(_clickhouse, settings),
                # Equal questions at once would be one query.
                "anew": partial(load, anew.url + _PATH, anew.headers, numbered="limit"),
                "again": partial(load, remembering.url + _PATH, remembering.headers),
                "unchanged": partial(load, remembering.url + _PATH, unchanged),
            }
            found = [{name: way(connections) for name, way in ways.items()} for _ in range(turns)]
            for name in ways:
                figures[f"{name}_{connections}_per_s"] = round(median(turn[name].per_second for turn in found))
                figures[f"{name}_{connections}_p99_ms"] = round(median(turn[name].p99_ms for turn in found), 1)
            ratios = {
                "rate_to_clickhouse": [turn["anew"].per_second / turn["clickhouse"].per_second for turn in found],
                "p99_to_clickhouse": [turn["anew"].p99_ms / turn["clickhouse"].p99_ms for turn in found],
                "again_to_anew": [turn["again"].per_second / turn["anew"].per_second for turn in found],
                "unchanged_to_anew": [turn["unchanged"].per_second / turn["anew"].per_second for turn in found],
            }
            figures |= {f"{name}_{connections}": round(median(each), 2) for name, each in ratios.items()}
    return figures


def dashboards(settings: Settings) -> dict[str, float]:
    """p95 in ms of every endpoint whose answer has parts, one after another, nothing remembered."""
    figures = {}
    with serving(settings, cache_mib=0) as api:
        for path in questions(settings):
            opened(api, path)
            taken = []
            for _ in range(_ASKED_EACH):
                started = time.perf_counter()
                opened(api, path)
                taken.append((time.perf_counter() - started) * 1000)
            figures[f"p95_ms {path.partition('?')[0]}"] = round(quantiles(taken, n=20)[-1], 1)
    return figures | {"dashboards_worst_p95_ms": max(figures.values())}


def questions(settings: Settings) -> list[str]:
    """Path and query of a question with much to answer, for every endpoint whose answer has parts."""
    return [
        f"{endpoint.header.path}?{urlencode(_asked(settings, endpoint))}"
        for endpoint in endpoints()
        if len(endpoint.answer.parts) >= 2 and "{" not in endpoint.header.path
    ]


def _asked(settings: Settings, endpoint: Endpoint) -> dict[str, str]:
    """A question with much to answer: of the user with the most rows, over the longest period."""
    reader = connect(Identity.READER, settings)
    asked = {}
    for name, parameter in endpoint.parameters.items():
        if parameter.type == "user":
            who = next(busiest for role, busiest in _BUSIEST.items() if role in endpoint.header.roles)
            asked[parameter.shown_name] = str(scalar(reader, who))
        elif parameter.type == "period":
            asked[parameter.shown_name] = parameter.choices[-1]
        elif name == START:
            last: date = scalar(reader, "SELECT max(date) FROM marts.daily_metrics")
            asked[parameter.shown_name] = str(last - timedelta(days=89))
    return asked


def opened(api: Api, path: str) -> str:
    """Ask and read all of the answer; returns its tag."""
    with urllib.request.urlopen(urllib.request.Request(api.url + path, headers=api.headers), timeout=60) as answer:
        answer.read()
        return str(answer.headers["ETag"])


def _clickhouse(settings: Settings, connections: int) -> Load:
    endpoint = next(e for e in endpoints() if e.header.path == _PATH)
    reader = http_endpoint(Identity.READER, settings)
    last: date = scalar(connect(Identity.READER, settings), "SELECT max(date) FROM marts.daily_metrics")
    generation = publications.current(connect(Identity.TRANSFORMER, settings))
    query = SETTINGS | {
        "database": generation.database if generation else "marts",
        "default_format": "JSONEachRow",
        "param_startDate": str(last - timedelta(days=29)),
        "param_endDate": str(last),
        "param_granularity": "day",
        "param_groupBy": "['stream','currency','plan_id']",
        "param_offset": "0",
    }
    return load(
        f"{reader.url}/?{urlencode(query)}",
        reader.headers,
        connections,
        body=endpoint.answer.sql,
        numbered="param_limit",
    )
