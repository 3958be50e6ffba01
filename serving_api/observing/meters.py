"""What a process of the API counts of itself, for Prometheus."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from serving_api.observing import SHARED_METERS

_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: What a process counts: type, meaning and labels by name.
DECLARED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "warehouse_api_request_seconds": (
        "histogram",
        "Seconds until the last byte of an answer, by route as in OpenAPI and by class of status.",
        ("route", "method", "status"),
    ),
    "warehouse_api_answers_total": ("counter", "Answers; status 499 where the client left first.", ("status",)),
    "warehouse_api_requests_in_progress": ("gauge", "Requests being served now.", ()),
    "warehouse_api_cache_lookups_total": (
        "counter",
        "Answers from marts: `unchanged` where the client has it (304), `hit` from memory, `miss` by asking.",
        ("result",),
    ),
    "warehouse_api_cache_bytes": ("gauge", "Bytes of answers in memory.", ()),
    "warehouse_api_clickhouse_query_seconds": (
        "histogram",
        "Seconds of a query to ClickHouse, its wait for a connection included, by how it came out.",
        ("outcome",),
    ),
    "warehouse_api_clickhouse_queries_in_progress": ("gauge", "Queries to ClickHouse under way now.", ()),
}


class Meters:
    """The meters of one application; with several processes, an exposition is the sum of all."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = self._histogram("warehouse_api_request_seconds")
        self._answers = self._counter("warehouse_api_answers_total")
        self._serving = self._gauge("warehouse_api_requests_in_progress")
        self._lookups = self._counter("warehouse_api_cache_lookups_total")
        self._cached = self._gauge("warehouse_api_cache_bytes")
        self._queries = self._histogram("warehouse_api_clickhouse_query_seconds")
        self._querying = self._gauge("warehouse_api_clickhouse_queries_in_progress")
        self._exposed = self._own
        self._folder = os.environ.get(SHARED_METERS)
        if self._folder is None:
            ProcessCollector(registry=self._own)
        else:
            self._exposed = CollectorRegistry()
            MultiProcessCollector(self._exposed)  # type: ignore[no-untyped-call]

    @property
    def registry(self) -> CollectorRegistry:
        """What to expose: the meters of every process there is."""
        if self._folder is not None:
            self._bury(Path(self._folder))
        return self._exposed

    def began(self) -> None:
        """A request has come in."""
        self._serving.inc()

    def ended(self, route: str, method: str, status: int, seconds: float | None) -> None:
        """It has been answered; `seconds` are None where they say nothing of speed."""
        self._serving.dec()
        if seconds is not None:
            self._requests.labels(route, method, f"{status // 100}xx").observe(seconds)
        self._answers.labels(str(status)).inc()

    def looked_up(self, result: str) -> None:
        """An answer was `unchanged`, a `hit` or a `miss`."""
        self._lookups.labels(result).inc()

    def cached(self, size: int) -> None:
        """The answers in memory have so many bytes."""
        self._cached.set(size)

    @contextmanager
    def query(self) -> Iterator[None]:
        """A query to ClickHouse is under way."""
        began = perf_counter()
        self._querying.inc()
        outcome = "ok"
        try:
            yield
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            self._querying.dec()
            self._queries.labels(outcome).observe(perf_counter() - began)

    def _histogram(self, name: str) -> Histogram:
        _, text, labels = DECLARED[name]
        return Histogram(name, text, labels, buckets=_BUCKETS, registry=self._own)

    def _counter(self, name: str) -> Counter:
        _, text, labels = DECLARED[name]
        return Counter(name, text, labels, registry=self._own)

    def _gauge(self, name: str) -> Gauge:
        _, text, labels = DECLARED[name]
        return Gauge(name, text, labels, registry=self._own, multiprocess_mode="livesum")

    @staticmethod
    def _bury(folder: Path) -> None:
        # A process that was killed leaves behind that it was busy.
        for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("gauge_live*.db")}:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _outcome(error: BaseException) -> str:
    if type(error).__module__.startswith("aiohttp"):
        return "disconnected"
    words = re.findall("[A-Z][a-z]+", type(error).__name__.removesuffix("Error"))
    return "_".join(words).lower()
