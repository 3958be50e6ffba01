"""What builds cost: all events as plain SQL, all events with dbt, and one more delivery, by length of history."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from bench.home import simulated
from bench.processes import until_idle
from ingestion.simulator import DEFAULT_END
from warehouse import builds, transform
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, scalar
from warehouse.settings import Settings

#: A delivery of this many events, on the last two days and on one sixty days back.
DELIVERY = 10_000
_DAYS_BACK = (0, 1, 60)
_DAY = re.compile(rb'"(?:occurred_at|timestamp|created_at)":\s*"(\d{4}-\d\d-\d\d)')


class Engine:
    """Processor seconds ClickHouse spends, by its own account."""

    def __init__(self, settings: Settings) -> None:
        self._client = connect(Identity.ADMIN, settings)

    def seconds(self) -> float:
        used = scalar(
            self._client,
            "SELECT sum(value) FROM system.events WHERE event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds')",
        )
        return int(used) / 1e6

    def quiet(self) -> None:
        """Wait until merges are done."""
        until_idle(self.seconds)


def measure(settings: Settings, *, events: int, days: int = 365) -> dict[str, float]:
    """Full build against plain SQL, and a delivery of 10,000 events in three days against the full build."""
    history, delivery = divided(simulated(settings, events, days=days))
    land(settings, [str(history)], "bench")
    engine = Engine(settings)
    builds.build_and_publish(settings, run_id="warm")  # imports and the first parse
    engine.quiet()

    cpu, started = engine.seconds(), time.perf_counter()
    full = builds.build_and_publish(settings, run_id="full", full_refresh=True)
    full_wall = time.perf_counter() - started
    engine.quiet()
    full_cpu = engine.seconds() - cpu
    plain_wall = _plain_sql(settings)
    engine.quiet()

    land(settings, [str(delivery)], "bench")
    engine.quiet()
    cpu, started = engine.seconds(), time.perf_counter()
    turn = builds.build_and_publish(settings, run_id="turn")
    turn_wall = time.perf_counter() - started
    engine.quiet()
    turn_cpu = engine.seconds() - cpu

    started = time.perf_counter()
    idle = builds.state(connect(Identity.TRANSFORMER, settings)).reason
    assert not idle
    return {
        "events": events,
        "full_build_s": round(full_wall, 1),
        "plain_sql_s": round(plain_wall, 1),
        "full_to_plain_sql": round(full_wall / plain_wall, 2),
        "full_engine_cpu_s": round(full_cpu, 1),
        "turn_s": round(turn_wall, 2),
        "turn_engine_cpu_s": round(turn_cpu, 2),
        "turn_to_full_engine_cpu": round(turn_cpu / full_cpu, 3),
        "turn_to_full_engine_time": round(turn.built.engine_seconds / full.built.engine_seconds, 3),
        "days_rebuilt": turn.days_rebuilt,
        "nothing_new_s": round(time.perf_counter() - started, 3),
    }


def divided(file: Path) -> tuple[Path, Path]:
    """The file without some events of three days, and those."""
    last = DEFAULT_END
    held_back = {(last - timedelta(back)).isoformat().encode(): DELIVERY // len(_DAYS_BACK) for back in _DAYS_BACK}
    history, delivery = file.with_suffix(".history.ndjson"), file.with_suffix(".delivery.ndjson")
    with file.open("rb") as lines, history.open("wb") as most, delivery.open("wb") as rest:
        for line in lines:
            found = _DAY.search(line)
            day = found.group(1) if found else b""
            if held_back.get(day, 0) > 0:
                held_back[day] -= 1
                rest.write(line)
            else:
                most.write(line)
    return history, delivery


def _plain_sql(settings: Settings) -> float:
    """Seconds for the statements of all tables one after another over HTTP, without dbt, tests or swaps."""
    client = connect(Identity.TRANSFORMER, settings)
    manifest = transform.manifest(settings, transform.fingerprint())
    transform.run_dbt(settings, ["compile", "--full-refresh"], None, manifest)
    compiled = [
        (node.name, node.compiled_code)
        for key in _in_order(manifest)
        if (node := manifest.nodes[key]).resource_type == "model" and node.config.materialized != "view"
    ]
    client.command("CREATE DATABASE IF NOT EXISTS marts_gplain")
    started = time.perf_counter()
    for name, sql in compiled:
        client.command(
            f"CREATE TABLE marts_gplain.{name} ENGINE = MergeTree ORDER BY tuple() AS {sql}", settings=_PLAIN
        )
    seconds = time.perf_counter() - started
    client.command("DROP DATABASE marts_gplain SYNC")
    return seconds


_PLAIN = {"join_use_nulls": 0, "session_timezone": "UTC", "max_partitions_per_insert_block": 0}


def _in_order(manifest: Any) -> Iterable[str]:
    parents = {key: set(node.depends_on_nodes) & set(manifest.nodes) for key, node in manifest.nodes.items()}
    return TopologicalSorter(parents).static_order()
