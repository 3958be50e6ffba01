"""A replay stores nothing twice and holds nothing twice: repeated, at once, or cut off."""

from __future__ import annotations

import json
import signal
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.quarantine import Quarantine, _groups
from tests.faults.command import Command, finished, own_home
from tests.faults.state import admitted, forget, held, ledger
from warehouse.settings import Settings

GOOD, BAD = 300, 40

# The landing of a catalog that does not know orders yet.
_LACKING = """
from ingestion.landing import lander, parameters
known = parameters.catalog_parameters()
fewer = {**known, "type_names": ["-" if name == "order.created" else name for name in known["type_names"]]}
lander.catalog_parameters = lambda: fewer
"""


def order(number: int, amount: str = "10.5", day: int = 1) -> dict[str, object]:
    return {
        "event_id": str(uuid.UUID(int=number + 1)), "event_type": "order.created",
        "occurred_at": f"2025-03-{day:02d}T12:00:00Z", "user_id": "u1",
        "properties": {"order_id": f"o{number}", "vendor_id": "v", "amount": amount},
    }  # fmt: skip


def delivery() -> bytes:
    good = [order(number) for number in range(GOOD)]
    bad = [order(GOOD + number, "much") for number in range(BAD)]
    return b"".join(json.dumps(event).encode() + b"\n" for event in good + bad)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    with own_home(tmp_path_factory.mktemp("replay") / "home") as command:
        assert command("migrate", "--json").code == 0
        yield command


@pytest.fixture
def refused(command: Command, tmp_path: Path) -> Command:
    """Everything of a delivery is held; most of it would pass now."""
    forget(command.settings)
    path = tmp_path / "orders.ndjson"
    path.write_bytes(delivery())
    answer = command.after(_LACKING, "ingest", path, "--json")
    assert answer.json["quarantined"] == GOOD + BAD, answer.stderr
    return command


def assert_replayed(settings: Settings) -> None:
    assert admitted(settings) == sorted(str(uuid.UUID(int=number + 1)) for number in range(GOOD))
    assert held(settings) == Counter(line for line in delivery().splitlines() if b"much" in line)
    ledger(settings)


def test_replayed_twice(refused: Command) -> None:
    told = refused("quarantine", "preview", "--json").json
    assert (told["held"], told["would_pass"], told["refused"]) == (GOOD + BAD, GOOD, {"invalid_field:amount": BAD})
    first = refused("quarantine", "replay", "--json").json
    assert (first["received"], first["stored"], first["quarantined"]) == (GOOD + BAD, GOOD, BAD)
    second = refused("quarantine", "replay", "--json").json
    assert (second["received"], second["stored"], second["quarantined"]) == (BAD, 0, BAD)
    assert_replayed(refused.settings)


@pytest.mark.parametrize(
    ("when", "statement"),
    [
        ("before", "INSERT INTO raw.replays"),
        ("after", "INSERT INTO raw.replays"),
        ("after", "INSERT INTO raw.landing"),
        ("before", "INSERT INTO raw.batches"),
        ("after", "INSERT INTO raw.batches"),
    ],
)
def test_killed_in_the_middle(refused: Command, when: str, statement: str) -> None:
    assert refused.killed(when, statement, "quarantine", "replay").code == -signal.SIGKILL
    # At no moment is a line lost or there twice.
    assert len(admitted(refused.settings)) + held(refused.settings).total() == GOOD + BAD
    assert refused("quarantine", "replay", "--json").code == 0
    assert_replayed(refused.settings)


def test_two_at_once(refused: Command) -> None:
    running = [refused.start("quarantine", "replay", "--json") for _ in range(3)]
    answers = [finished(process) for process in running]
    assert [answer.code for answer in answers] == [0, 0, 0], answers
    assert sum(answer.json["stored"] for answer in answers) == GOOD
    assert_replayed(refused.settings)


def test_the_command_line_says_it_in_a_sentence(refused: Command) -> None:
    said = refused("quarantine", "preview").stdout.splitlines()
    assert said[0] == f"{GOOD} of {GOOD + BAD} would pass; 1 day touched"
    assert f"{BAD} would be refused again: invalid_field:amount" in said
    assert f"revenue: 3,150.00 USD in {GOOD} events" in said
    assert refused("quarantine", "preview", "--source", "nobody").stdout == "nothing is held\n"


def test_many_lines_are_replayed_in_several_batches(empty: Settings) -> None:
    lines = b"\n".join(b'{"n": %d}' % number for number in range(9_000))
    Lander(empty).land(Batch("many", "many", "a test", lines))
    totals = Quarantine(empty).replay()
    assert (totals.received, totals.quarantined, totals.batches) == (9_000, 9_000, 3)
    assert held(empty).total() == 9_000


def test_groups_are_bounded() -> None:
    mib = 2**20
    assert list(_groups([(1, 10 * mib), (2, 10 * mib), (3, 40 * mib), (4, 1), (5, 1)])) == [[1], [2], [3], [4, 5]]
    assert list(_groups([])) == []


def test_after_a_replay_the_build_restates_the_days_it_touched(command: Command, tmp_path: Path) -> None:
    forget(command.settings)
    path = tmp_path / "orders.ndjson"
    path.write_bytes(b"".join(json.dumps(order(n, "100", day=n)).encode() + b"\n" for n in range(1, 11)))
    assert command("ingest", path, "--json").json["stored"] == 10
    assert command("build", "--json").json["published"] is True
    late = [order(50, "40", day=3), order(51, "2", day=7)]
    path.write_bytes(b"".join(json.dumps(event).encode() + b"\n" for event in late))
    assert command.after(_LACKING, "ingest", path, "--json").json["quarantined"] == 2
    told = command("quarantine", "preview", "--json").json
    assert (told["would_pass"], told["days_touched"]) == (2, 2)
    assert (told["published_revenue_usd"], told["revenue_usd"]) == ("1000.0000", "42.0000")
    assert told["revenue_change"] == pytest.approx(0.042)
    assert command("quarantine", "preview").stdout.startswith("2 of 2 would pass; 2 days touched; revenue +4.2 %\n")
    assert command("quarantine", "replay", "--json").json["stored"] == 2
    built = command("build", "--json").json
    assert built["published"] is True
    assert built["days_rebuilt"] >= 2
    sql = "SELECT toString(date), toString(total_revenue) FROM daily_metrics WHERE total_revenue != 100 ORDER BY date"
    shown = command("query", sql, "--format", "TSV").stdout
    assert shown == "2025-03-03\t140\n2025-03-07\t102\n"
