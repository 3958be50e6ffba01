"""The command contract: what each command takes, answers, prints and ends with."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.faults.command import Answer, Command, own_home
from warehouse.client import Identity, connect

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

INGESTED = {"received", "stored", "duplicates", "quarantined", "batches", "seconds"}
BUILT = {"generation", "published", "days_rebuilt", "tests_passed", "tests_failed", "seconds"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The command on an empty, running home, shared by this module."""
    with own_home(tmp_path_factory.mktemp("cli") / "home") as command:
        yield command


@pytest.fixture(scope="module")
def built(warehouse: Command) -> Command:
    """The same with one order landed, and published."""
    line = json.dumps(order("9.5"))
    assert warehouse("ingest", "-", stdin=line.encode()).code == 0
    assert answer_of(warehouse("build", "--json"), BUILT)["published"] is True
    return warehouse


def answer_of(answer: Answer, keys: set[str]) -> dict[str, Any]:
    """The answer of a command that succeeded: nothing but one JSON object on stdout, with these keys."""
    assert answer.code == 0, answer.stderr + answer.stdout
    assert keys <= answer.json.keys()
    return answer.json


def order(amount: str) -> dict[str, Any]:
    return {
        "event_id": str(uuid.uuid4()),
        "event_type": "order.created",
        "occurred_at": "2025-05-01T10:00:00Z",
        "user_id": "ann",
        "properties": {"order_id": str(uuid.uuid4()), "vendor_id": "v", "amount": amount},
    }


def flat(events: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{**{k: v for k, v in event.items() if k != "properties"}, **event["properties"]} for event in events]


def as_ndjson(events: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def as_csv(events: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(flat(events)[0]))
    writer.writeheader()
    writer.writerows(flat(events))
    return text.getvalue().encode()


def as_parquet(events: list[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_pylist(flat(events)), sink)
    return sink.getvalue()


FORMATS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    ".ndjson": as_ndjson, ".jsonl": as_ndjson, ".csv": as_csv, ".parquet": as_parquet,
}  # fmt: skip
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, ".gz": gzip.compress, ".zst": zstd.compress,
}  # fmt: skip


def test_start_status_migrate_stop_and_doctor(warehouse: Command) -> None:
    started = answer_of(warehouse("start", "--json"), {"url", "pid", "version"})
    assert answer_of(warehouse("status", "--json"), {"url", "pid", "version"})["pid"] == started["pid"]
    first = answer_of(warehouse("migrate", "--json"), {"applied"})["applied"]
    assert len(first) > 3
    assert answer_of(warehouse("migrate", "--json"), {"applied"})["applied"] == []
    doctor = answer_of(warehouse("doctor", "--json"), {"ok", "checks"})
    assert doctor["ok"] is True
    assert answer_of(warehouse("stop", "--json"), {"url", "pid", "version"})["pid"] == started["pid"]
    # Whatever needs the engine starts it.
    assert answer_of(warehouse("quarantine", "list", "--json"), {"held", "summary"})["held"] == 0
    assert warehouse("status", "--json").json["running"] is True


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_every_format(warehouse: Command, tmp_path: Path, suffix: str, compression: str) -> None:
    events = [order("1.10"), order("12345678.9012")]
    path = tmp_path / f"events{suffix}{compression}"
    path.write_bytes(COMPRESSIONS[compression](FORMATS[suffix](events)))
    answer = answer_of(warehouse("ingest", path, "--source", "shop", "--json"), INGESTED)
    assert [answer[name] for name in ("received", "stored", "duplicates", "quarantined")] == [2, 2, 0, 0]
    found = connect(Identity.TRANSFORMER, warehouse.settings).query(
        "SELECT toString(event_id), user_id, source, properties['order_id'], properties['amount']"
        " FROM raw.events WHERE event_id IN {ids:Array(UUID)}",
        parameters={"ids": [event["event_id"] for event in events]},
    )
    stored = {row[0]: row[1:] for row in found.result_rows}
    for event in events:
        *texts, amount = stored[event["event_id"]]
        assert texts == ["ann", "shop", event["properties"]["order_id"]]
        assert Decimal(amount) == Decimal(event["properties"]["amount"])


def test_a_folder_is_searched_and_standard_input_read(warehouse: Command, tmp_path: Path) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "a.ndjson").write_bytes(as_ndjson([order("1")]))
    (tmp_path / "deep" / "b.csv.gz").write_bytes(gzip.compress(as_csv([order("2")])))
    (tmp_path / "deep" / "deeper" / "c.parquet").write_bytes(as_parquet([order("3")]))
    (tmp_path / "deep" / "notes.txt").write_text("not events")
    (tmp_path / "deep" / "d.ndjson.part").write_bytes(as_ndjson([order("4")]))
    assert answer_of(warehouse("ingest", tmp_path, "--json"), INGESTED)["stored"] == 3
    piped = warehouse("ingest", "-", "--json", stdin=as_ndjson([order("5"), order("6")]))
    assert answer_of(piped, INGESTED)["stored"] == 2


def test_the_same_file_twice_stores_nothing_twice(warehouse: Command, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(as_ndjson([order("1"), order("2")]) + b"{broken\n")
    renamed = tmp_path / "renamed.ndjson"
    renamed.write_bytes(path.read_bytes())
    counts = [
        [answer[name] for name in ("received", "stored", "duplicates", "quarantined")]
        for answer in (answer_of(warehouse("ingest", file, "--json"), INGESTED) for file in (path, path, renamed))
    ]
    assert counts == [[3, 2, 0, 1], [3, 0, 2, 1], [3, 0, 2, 1]]


@pytest.mark.parametrize("content", [b"", b"\n\r\n\n"])
@pytest.mark.parametrize("name", ["empty.ndjson", "empty.csv"])
def test_a_file_without_events(warehouse: Command, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    answer = answer_of(warehouse("ingest", tmp_path / name, "--json"), INGESTED)
    assert [answer[key] for key in ("received", "stored", "duplicates", "quarantined")] == [0, 0, 0, 0]


def test_what_cannot_be_read_ends_1_and_says_what_to_do(warehouse: Command, tmp_path: Path) -> None:
    (tmp_path / "events.xlsx").write_bytes(b"x")
    (tmp_path / "broken.ndjson.gz").write_bytes(b"not gzip")
    for name in ("missing.ndjson", "events.xlsx", "broken.ndjson.gz"):
        answer = warehouse("ingest", tmp_path / name, "--json")
        assert answer.code == 1
        assert answer.json.keys() == {"error", "hint"}
        assert name in answer.json["error"]
        assert answer.json["hint"]
        assert "Traceback" not in answer.stderr


def test_simulate_same_seed_same_bytes(warehouse: Command, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.ndjson" for number in range(3)]
    for file, seed in zip(files, ("7", "7", "8"), strict=True):
        answer = warehouse("simulate", "--events", "2000", "--days", "20", "--seed", seed, "--out", file, "--json")
        assert answer_of(answer, {"events", "file"}) == {"events": 2000, "file": str(file)}
    first, again, other = (file.read_bytes() for file in files)
    assert first == again != other
    assert first.count(b"\n") == 2000


def test_quarantine_lists_and_replays(warehouse: Command) -> None:
    source = f"replayed-{uuid.uuid4()}"
    bad = {**order("1"), "event_type": "no.such.thing"}
    assert warehouse("ingest", "-", "--source", source, stdin=as_ndjson([bad]) + b"[1]\n").code == 0
    listed = answer_of(warehouse("quarantine", "list", "--source", source, "--json"), {"held", "summary", "events"})
    assert listed["held"] == 2
    assert {row["reason"] for row in listed["summary"]} == {"unknown_event_type", "not_an_object"}
    assert {row["original"] for row in listed["events"]} == {json.dumps(bad), "[1]"}
    only = ("--reason", "unknown_event_type", "--source", source, "--json")
    assert warehouse("quarantine", "list", *only).json["held"] == 1
    replayed = answer_of(warehouse("quarantine", "replay", *only), {"received", "stored", "quarantined"})
    assert [replayed[name] for name in ("received", "stored", "quarantined")] == [1, 0, 1]
    # Still refused, so still held, once.
    assert warehouse("quarantine", "list", *only).json["held"] == 1
    assert "no.such.thing" in warehouse("quarantine", "list", "--source", source).stdout


def test_build_says_when_there_is_nothing_to_do(built: Command) -> None:
    first = built("build", "--json")
    again = answer_of(built("build", "--json"), BUILT)
    assert (again["published"], again["generation"]) == (False, first.json["generation"])
    assert str(again["generation"]) in built("build").stdout


def test_build_of_months_says_which_and_builds_no_others(built: Command) -> None:
    answer = answer_of(built("build", "--from", "2025-05", "--to", "2025-05", "--json"), BUILT)
    assert (answer["published"], answer["full"]) == (True, False)
    assert answer["reason"].startswith("2025-05 asked for")
    assert {row["first"][:7] for row in answer["rebuilt"] if row["model"] == "revenue"} == {"2025-05"}
    assert "2025-01..2025-03" in built("build", "--from", "2025-06", "--to", "2025-05").stderr


def test_publications_list_roll_back_and_come_again(built: Command) -> None:
    before = answer_of(built("publications", "list", "--json"), {"publications"})["publications"]
    newer = answer_of(built("build", "--full-refresh", "--json"), BUILT)["generation"]
    assert newer == before[0]["generation"] + 1
    back = answer_of(built("publications", "rollback", "--json"), {"generation", "action"})
    assert (back["generation"], back["action"]) == (before[0]["generation"], "rollback")
    after = built("publications", "list", "--json").json["publications"]
    assert [row["action"] for row in after[:2]] == ["rollback", "publish"]
    missing = built("publications", "rollback", "999999", "--json")
    assert missing.code == 1
    assert "999999" in missing.json["error"]


def test_query_answers_in_the_format_asked_for(built: Command) -> None:
    rows = answer_of(built("query", "SELECT 1 AS a, 'x' AS b", "--json"), {"rows"})["rows"]
    assert rows == [{"a": 1, "b": "x"}]
    assert "1" in built("query", "SELECT 1 AS a").stdout
    assert built("query", "SELECT 1 AS a, 'x' AS b", "--format", "CSVWithNames").stdout == '"a","b"\n1,"x"\n'
    assert built("query", "select 1 as a, 2 as b format TSV").stdout == "1\t2\n"
    assert built("query", "select 1 as a FORMAT JSONEachRow;").stdout == '{"a":1}\n'
    assert built("query", "SELECT 'format TSV' AS a -- format TSV", "--format", "TSV").stdout == "format TSV\n"
    # Marts by their bare name, an empty answer, and a decimal with all its digits.
    assert built("query", "SELECT count() > 0 FROM daily_metrics", "--format", "TSV").stdout == "1\n"
    assert answer_of(built("query", "SELECT * FROM revenue WHERE 0", "--json"), {"rows"})["rows"] == []
    exact = built("query", "SELECT toDecimal64('12345678901234.5678', 4) AS money", "--json")
    assert "12345678901234.5678" in exact.stdout


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE marts.publications",
        "DROP VIEW marts.revenue",
        "INSERT INTO marts.publications (sequence) VALUES (99)",
        "ALTER TABLE marts.publications DELETE WHERE 1",
        "CREATE TABLE marts.mine (a UInt8) ENGINE = Memory",
        "SELECT * FROM raw.events",
        "SELECT * FROM build.stg_events",
        "SELECT * FROM no_such_mart",
        "SELEC 1",
        "SELECT * FROM numbers(1e12) ORDER BY number DESC SETTINGS max_execution_time = 0",
    ],
)
def test_the_reader_cannot_do_more_than_read_marts(built: Command, sql: str) -> None:
    answer = built("query", sql, "--json")
    assert answer.code == 1, answer
    assert answer.json.keys() == {"error", "hint"}
    assert "Traceback" not in answer.stderr
    assert len(answer.json["error"]) < 500
    plain = built("query", sql)
    assert (plain.code, plain.stdout) == (1, "")
    assert built("query", "SELECT count() > 0 FROM revenue", "--format", "TSV").stdout == "1\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest"],
        ["query"],
        ["simulate", "--events", "5"],
        ["simulate", "--events", "0", "--days", "1", "--seed", "1", "--out", "x"],
        ["build", "--nonsense"],
        ["build", "--full-refresh", "--from", "2025-05"],
        ["build", "--from", "May"],
        ["publications", "rollback", "last"],
        ["quarantine", "burn"],
        ["nonsense"],
    ],
)
def test_wrong_usage_ends_2(warehouse: Command, arguments: list[str]) -> None:
    answer = warehouse(*arguments)
    assert (answer.code, answer.stdout) == (2, "")
    assert "Usage" in answer.stderr
