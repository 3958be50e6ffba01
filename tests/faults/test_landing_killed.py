"""The command or the engine dies while files are landed: nothing is lost, nothing counts twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from ingestion.simulator import simulate
from tests.faults.command import Command, finished
from tests.faults.state import (
    admitted,
    assert_holds,
    assert_landed_once,
    forget,
    ledger,
    rows_written,
    truth,
    wait_until_settled,
)
from tests.oracle.contract import Deliveries
from warehouse.client import Identity, connect
from warehouse.locks import exclusive
from warehouse.settings import Settings

EVENTS = 130_000
MOMENTS = 5
LANDING_SECONDS = 0.6


class Delivery:
    """A file of several batches, and what has to come of it."""

    def __init__(self, path: Path) -> None:
        content = b"".join(simulate(events=EVENTS, days=60, seed=3, duplicates=0.01, invalid=0.01))
        path.write_bytes(content)
        oracle = Deliveries()
        oracle.deliver(content.splitlines())
        self.path = path
        self.ids, self.refused = truth(oracle)


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    return Delivery(tmp_path_factory.mktemp("delivery") / "events.ndjson")


@pytest.fixture
def small(tmp_path: Path, lines: list[bytes]) -> Path:
    path = tmp_path / "small.ndjson"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def wait_for_rows(settings: Settings) -> None:
    deadline = time.monotonic() + 120
    while rows_written(settings) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_killed_at_random_moments_then_run_again(warehouse: Command, delivery: Delivery, moments: list[float]) -> None:
    settings, cut_off = warehouse.settings, 0
    for moment in moments:
        forget(settings)
        process = warehouse.start("ingest", delivery.path, "--batch-mib", "16", "--json")
        wait_for_rows(settings)
        time.sleep(moment)
        process.kill()
        cut_off += finished(process).code == -9
        wait_until_settled(settings)
        before = ledger(settings)
        assert len(set(admitted(settings))) == before.stored, f"after {moment} s"
        answer = warehouse("ingest", delivery.path, "--batch-mib", "16", "--json")
        assert answer.code == 0, answer.stderr
        assert answer.json["received"] == EVENTS
        # What had been admitted before the kill comes back as duplicates.
        assert answer.json["stored"] == len(delivery.ids) - before.stored
        assert_holds(settings, delivery.ids, delivery.refused)
    assert cut_off, "every run was over before its kill"


@pytest.fixture
def moments() -> list[float]:
    """Seconds after the first rows; new ones each time, shown when the test fails."""
    seed = random.randrange(10_000)
    print(f"moments of seed {seed}")
    rng = random.Random(seed)
    # At once, so that one run is cut off however fast the machine is.
    return [0.0, *sorted(rng.uniform(0, LANDING_SECONDS) for _ in range(MOMENTS - 1))]


def test_killed_around_each_statement_then_run_again(warehouse: Command, small: Path, lines: list[bytes]) -> None:
    points = [("before", "raw.landing")]
    points += [("after", f"raw.{table}") for table in ("landing", "receipts", "duplicates", "batches")]
    for when, table in points:
        forget(warehouse.settings)
        assert warehouse.killed(when, f"INSERT INTO {table}", "ingest", small).code == -9
        landed = table == "raw.batches"
        assert ledger(warehouse.settings).batches == landed
        if not landed:
            assert admitted(warehouse.settings) == []
        assert warehouse("ingest", small, "--json").code == 0
        assert_landed_once(warehouse.settings, lines)


def test_what_a_cut_off_attempt_wrote_is_seen_by_nobody(warehouse: Command, small: Path, lines: list[bytes]) -> None:
    settings = warehouse.settings
    with exclusive("landing", settings):
        process = warehouse.start("ingest", small)
        wait_for_rows(settings)
        process.kill()
        finished(process)
    assert rows_written(settings) == len(lines)
    assert admitted(settings) == []
    assert warehouse("quarantine", "list", "--json").json["held"] == 0
    assert warehouse("quarantine", "replay", "--json").json["received"] == 0
    assert warehouse("ingest", small, "--json").json["received"] == len(lines)
    assert rows_written(settings) == 2 * len(lines)
    assert_landed_once(settings, lines)


def test_a_statement_that_outlives_its_killed_sender_admits_nothing_twice(
    warehouse: Command, small: Path, lines: list[bytes]
) -> None:
    settings = warehouse.settings
    admin = connect(Identity.ADMIN, settings)
    # A busy engine: the ledger's insert goes on for a while after its sender has died.
    admin.command("ALTER TABLE raw.batches ADD CONSTRAINT slow CHECK sleepEachRow(1.5) = 0")
    first = warehouse.start("ingest", small)
    deadline = time.monotonic() + 120
    running = "SELECT 1 FROM system.processes WHERE query LIKE '%INSERT INTO raw.batches%' AND user != currentUser()"
    while not admin.query(running).result_rows:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    second = warehouse.start("ingest", small)
    wait_until_written(settings, 2 * len(lines))
    first.kill()
    finished(first)
    assert finished(second).code == 0
    admin.command("ALTER TABLE raw.batches DROP CONSTRAINT slow")
    assert_landed_once(settings, lines)


def wait_until_written(settings: Settings, rows: int) -> None:
    deadline = time.monotonic() + 120
    while rows_written(settings) < rows:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_engine_is_killed_while_a_file_lands(warehouse: Command, delivery: Delivery) -> None:
    settings = warehouse.settings
    lines = delivery.path.read_bytes().splitlines()
    acknowledged = delivery.path.with_name("first.ndjson")
    acknowledged.write_bytes(b"\n".join(lines[:20_000]) + b"\n")
    first = warehouse("ingest", acknowledged, "--json").json
    kept = admitted(settings)
    answer = warehouse.killed(
        "during", "INSERT INTO raw.landing", "ingest", delivery.path, "--batch-mib", "16", victim=warehouse.engine_pid()
    )
    assert_readable_failure(answer.code, answer.stdout, answer.stderr)
    again = warehouse("ingest", delivery.path, "--batch-mib", "16", "--json")
    assert (again.code, again.json["received"]) == (0, EVENTS), again.stderr
    assert set(kept) <= set(admitted(settings))
    assert len(kept) == first["stored"]
    refused = delivery.refused + Counter(line for line in lines[:20_000] if line in delivery.refused)
    assert_holds(settings, delivery.ids, refused)


@pytest.mark.parametrize(("when", "table"), [("before", "raw.receipts"), ("after", "raw.batches")])
def test_the_engine_is_killed_around_admission(
    warehouse: Command, small: Path, lines: list[bytes], when: str, table: str
) -> None:
    victim = warehouse.engine_pid()
    answer = warehouse.killed(when, f"INSERT INTO {table}", "ingest", small, victim=victim)
    assert_readable_failure(answer.code, answer.stdout, answer.stderr)
    assert warehouse("ingest", small, "--json").code == 0
    assert_landed_once(warehouse.settings, lines)


def assert_readable_failure(code: int, stdout: str, stderr: str) -> None:
    assert code == 1
    assert "Traceback" not in stderr
    assert stdout == ""
    errors = [line for line in stderr.splitlines() if line.startswith("error: ")]
    hints = [line for line in stderr.splitlines() if line.startswith("hint: ")]
    assert len(errors) == len(hints) == 1, stderr
    assert len(errors[0]) < 400
    assert "warehouse" in hints[0]
