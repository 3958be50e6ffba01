"""From delivery to published generation in the running stack, under a steady stream of events."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from statistics import mean

from clickhouse_connect.driver.client import Client

from dagster_project.instance import dagster_home
from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.simulator import simulate
from tests.servers.ports import free_port
from warehouse.client import Identity, connect, scalar
from warehouse.settings import Settings

_FIRST_TURN_SECONDS = 300.0
_LAST_TURN_SECONDS = 180.0
_POLL_SECONDS = 0.1
_SEED = 7


@dataclass(slots=True)
class Stream:
    """Deliveries: when each was handed over, and its commit."""

    sent: dict[int, float] = field(default_factory=dict)
    landing_seconds: list[float] = field(default_factory=list)
    behind: float = 0.0

    def run(self, settings: Settings, batches: list[bytes]) -> None:
        """Hand over a batch a second, as a collector would; late ones follow at once."""
        lander, started = Lander(settings), time.time()
        for number, lines in enumerate(batches):
            time.sleep(max(0.0, started + number - time.time()))
            at = time.time()
            entry = lander.land(Batch(str(uuid.uuid4()), "collector", "bench", lines))
            self.sent[entry.commit_seq] = at
            self.landing_seconds.append(time.time() - at)
            self.behind = max(self.behind, at - started - number)


def measure(settings: Settings, *, events: int, days: int, rate: int, seconds: int) -> dict[str, float]:
    """Seconds from the delivery of a second's events until readers see them, while the stack runs.

    Args:
        settings: a home with a running engine.
        events: history before the stack starts.
        days: days the history covers; what streams in is what the same marketplace does next.
        rate: events a second.
        seconds: how long they stream in.
    """
    lines = (line for chunk in simulate(events=events + rate * (seconds + 1), days=days, seed=_SEED)
             for line in chunk.splitlines())  # fmt: skip
    lander = Lander(settings)
    while block := b"\n".join(islice(lines, min(events, 100_000))):
        lander.land(Batch(str(uuid.uuid4()), "bench", "history", block))
        events -= min(events, 100_000)
        if not events:
            break
    batches = []
    while block := b"\n".join(islice(lines, rate)):
        batches.append(block)
    client = connect(Identity.TRANSFORMER, settings)
    with _stack(settings):
        # The stack builds once before it starts; then the first turn warms up everything.
        _follow(client, lambda _: True, _FIRST_TURN_SECONDS)
        first = lander.land(Batch(str(uuid.uuid4()), "bench", "first", batches.pop(0)))
        _follow(client, lambda through: through >= first.commit_seq, _FIRST_TURN_SECONDS)
        began, stream = time.time(), Stream()
        thread = threading.Thread(target=stream.run, args=(settings, batches[:seconds]))
        thread.start()
        shown = _follow(
            client,
            lambda through: not thread.is_alive() and through >= max(stream.sent),
            seconds + _LAST_TURN_SECONDS,
        )
        thread.join()
        runs, failed = _runs(settings, began)
    waits = sorted(
        next(at for at, through in shown if through >= commit) - sent for commit, sent in stream.sent.items()
    )
    minutes = (shown[-1][0] - began) / 60
    return {
        "deliveries": len(waits),
        "p50_s": round(waits[len(waits) // 2], 1),
        "p95_s": round(waits[int(0.95 * len(waits))], 1),
        "max_s": round(waits[-1], 1),
        "landing_mean_s": round(mean(stream.landing_seconds), 2),
        "landing_behind_s": round(stream.behind, 1),
        "turns_per_minute": round(len(shown) / minutes, 1),
        "turns_failed": failed,
        **{f"{name}_mean_s": round(mean(values), 1) for name, values in runs.items() if values},
    }


def _follow(client: Client, enough: Callable[[int], bool], patience: float) -> list[tuple[float, int]]:
    """When each new generation was seen and through which commit it goes, until one goes far enough."""
    shown: list[tuple[float, int]] = []
    sequence = int(scalar(client, "SELECT max(sequence) FROM marts.publications"))
    end = time.time() + patience
    while not shown or not enough(shown[-1][1]):
        if time.time() > end:
            raise RuntimeError(f"no generation goes far enough after {patience:.0f} s")
        time.sleep(_POLL_SECONDS)
        rows = client.query(
            "SELECT sequence, commit_seq FROM marts.publications WHERE sequence > {sequence:UInt64} ORDER BY sequence",
            parameters={"sequence": sequence},
        ).result_rows
        shown += [(time.time(), int(through)) for _, through in rows]
        sequence = rows[-1][0] if rows else sequence
    return shown


def _runs(settings: Settings, since: float) -> tuple[dict[str, list[float]], int]:
    """Of Dagster's runs: seconds from request to start and from start to end; and how many have failed."""
    from dagster import DagsterInstance, DagsterRunStatus

    with DagsterInstance.from_config(str(dagster_home(settings))) as instance:
        records = [record for record in instance.get_run_records() if (record.end_time or 0) > since]
    done = [record for record in records if record.dagster_run.status is DagsterRunStatus.SUCCESS]
    times = {
        "request_to_start": [(one.start_time or 0.0) - one.create_timestamp.timestamp() for one in done],
        "turn": [(one.end_time or 0.0) - (one.start_time or 0.0) for one in done],
    }
    return times, len(records) - len(done)


@contextmanager
def _stack(settings: Settings) -> Iterator[None]:
    """`warehouse up` on the home, with ports of its own; stopped with everything it started."""
    ports = [free_port() for _ in range(2)]
    log = (settings.home / "up.log").open("wb")
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "warehouse.cli.main", "up", "--events", "1", "--days", "1"],
            env={
                **os.environ,
                "WAREHOUSE_HOME": str(settings.home),
                "API_PORT": str(ports[0]),
                "DAGSTER_PORT": str(ports[1]),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        except BaseException:
            print((settings.home / "up.log").read_text("utf-8", "replace")[-4000:], file=sys.stderr)
            raise
        finally:
            # To itself alone: honcho passes it on.
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
