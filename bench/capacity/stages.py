"""The stages of a warehouse's day at one size, in a home of its own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.capacity.generate import FILES
from bench.capacity.usage import Meter, Used, size_of
from bench.collector import collecting, wait_until_landed
from bench.load import load
from bench.plain_collector import KEY
from bench.serving import opened, questions, serving
from warehouse.client import Identity, connect
from warehouse.settings import Settings

PUBLICATIONS = 10
_ASKED_EACH = 5
_DOOR_SECONDS = 5.0
_DOOR_FILE_EVENTS = 100_000
_COMMAND = (sys.executable, "-m")
_KEPT = ("raw", "receipts", "build", "marts")
# Of the generations every one links the same files, so the current one says what marts take.
_STORED = """
SELECT
    multiIf(database != 'raw', splitByChar('_', database)[1], table = 'receipts', 'receipts', 'raw') AS kept,
    round(sum(bytes_on_disk) / 1048576, 1) AS mib,
    sum(rows) AS all_rows,
    count() AS parts
FROM system.parts
WHERE active AND (
    database IN ('raw', 'build')
    OR database = (SELECT max(name) FROM system.databases WHERE name LIKE 'marts\\_g%')
)
GROUP BY kept
"""
_EVENTS = "SELECT count() FROM raw.events"


def measure(settings: Settings, events: int, say: Callable[[str], None]) -> dict[str, Any]:
    """All stages one after the other; figures by stage, and what is on the disk at the end of them."""
    run = _Run(settings, events, say)
    return run.measure()


class _Run:
    def __init__(self, settings: Settings, events: int, say: Callable[[str], None]) -> None:
        self._settings, self._events, self._say = settings, events, say
        self._meter = Meter(settings)
        self._admin = connect(Identity.ADMIN, settings)
        self._files = {name: settings.home / f"{name}.ndjson" for name in FILES}
        self._stages: dict[str, dict[str, Any]] = {}

    def measure(self) -> dict[str, Any]:
        self._meter.settle()
        self._measured("generate", self._generate)
        self._measured("land", lambda: self._land("history"))
        sample = self._sample()
        self._files["history"].unlink()
        self._measured("full build", lambda: self._build("--full-refresh"))
        for delivery in ("day", "hour"):
            self._measured(f"land {delivery}", lambda delivery=delivery: self._land(delivery))  # type: ignore[misc]
            self._measured(f"{delivery} build", self._build)
        disk = self._disk()
        self._measured("publish", lambda: self._publish())
        self._measured("ask", self._ask)
        self._measured("door", lambda: self._door(sample))
        return {"stages": self._stages, "disk": disk}

    def _measured(self, name: str, stage: Callable[[], dict[str, Any]]) -> None:
        self._say(f"{self._events:,} events: {name}")
        with self._meter.stage() as used:
            figures = stage()
        self._stages[name] = asdict(used) | figures
        self._say(f"  {_shown(used)}")

    def _generate(self) -> dict[str, Any]:
        self._meter.run([*_COMMAND, "bench.capacity.generate", str(self._events), self._settings.home])
        return {"bytes": sum(file.stat().st_size for file in self._files.values())}

    def _land(self, name: str) -> dict[str, Any]:
        said = self._meter.run([*_COMMAND, "warehouse.cli.main", "ingest", self._files[name], "--json"])
        return {"events": json.loads(said)["stored"]}

    def _build(self, *options: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._meter.run([*_COMMAND, "bench.capacity.build", *options]))
        return answer

    def _publish(self) -> dict[str, Any]:
        self._meter.run([*_COMMAND, "bench.capacity.publish", str(PUBLICATIONS)])
        return {"times": PUBLICATIONS}

    def _ask(self) -> dict[str, Any]:
        """Every dashboard's question to a warm API that remembers nothing, one after another."""
        asked, taken = questions(self._settings), []
        with serving(self._settings, cache_mib=0) as api:
            for path in asked:
                opened(api, path)
            with self._meter.beside(api.process):
                for path in asked * _ASKED_EACH:
                    started = time.perf_counter()
                    opened(api, path)
                    taken.append((time.perf_counter() - started) * 1000)
        return {"times": len(taken), "p95_ms": round(quantiles(taken, n=20)[-1], 1), "worst_ms": round(max(taken), 1)}

    def _door(self, sample: Path) -> dict[str, Any]:
        """Events in batches of a hundred by HTTP until they have landed; each with an id of its own."""
        before = self._stored()
        with collecting(self._settings) as (url, pid), self._meter.beside(pid):
            figures = load(
                url=url, path="/api/analytics/events", key=KEY, file=str(sample),
                size=100, connections=8, seconds=_DOOR_SECONDS,
            )  # fmt: skip
            if figures["failures"]:
                raise RuntimeError(f"the door refused {figures['failures']} batches")
            wait_until_landed(url)
        return {"events": self._stored() - before, "events_per_s": figures["events_per_s"], "p99_ms": figures["p99_ms"]}

    def _stored(self) -> int:
        return int(self._admin.query(_EVENTS).first_row[0])  # type: ignore[index]

    def _sample(self) -> Path:
        """The first events of the history, for the door."""
        sample = self._settings.home / "sample.ndjson"
        with self._files["history"].open("rb") as lines, sample.open("wb") as file:
            file.writelines(line for _, line in zip(range(_DOOR_FILE_EVENTS), lines, strict=False))
        return sample

    def _disk(self) -> dict[str, Any]:
        """MiB, rows and parts of what is kept, when merges are done and what they replaced has gone."""
        stored = {name: [0, 0, 0] for name in _KEPT}
        stored |= {name: list(figures) for name, *figures in self._admin.query(_STORED).result_rows}
        named = {
            f"{name}_{what}": figure
            for name, figures in stored.items()
            for what, figure in zip(("mib", "rows", "parts"), figures, strict=True)
        }
        return named | {"home_mib": round(size_of(self._settings.home) / 2**20, 1)}


def _shown(used: Used) -> str:
    return (
        f"{used.seconds:,.1f} s, processor {used.own_cpu:,.1f} + {used.engine_cpu:,.1f} s,"
        f" memory {used.own_mib:,.0f} + {used.engine_mib:,.0f} MiB, disk {used.disk_mib:,.0f} MiB"
    )
