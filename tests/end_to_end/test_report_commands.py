"""`warehouse report | export`: files made here and now, and saved reports."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import running_home
from tests.faults.command import Command
from tests.serving_api.published import publish
from warehouse.client import Identity, connect

MADE = {"file", "rows", "size", "sha256", "generation", "complete_through", "seconds"}
SAVED = {
    "name": "Refunds of the quarter",
    "report_type": "financial",
    "config": {"report_type": "refunds", "start_date": "2024-01-01", "end_date": "2024-03-31", "format": "csv"},
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The command on a home with a generation made by hand."""
    with running_home(tmp_path_factory.mktemp("home")) as settings:
        publish(connect(Identity.ADMIN, settings), 1)
        yield Command(settings)


def test_a_report_and_an_export_are_files_of_the_same_bytes_each_time(warehouse: Command, tmp_path: Path) -> None:
    days = ("--start", "2024-01-01", "--end", "2024-03-31", "--as-of", "1", "--format", "csv")
    first = warehouse("report", "run", "revenue", *days, "--by", "month", "--out", tmp_path / "a", "--json").json
    again = warehouse("report", "run", "revenue", *days, "--by", "month", "--out", tmp_path / "b", "--json").json
    assert first.keys() == MADE
    content = Path(first["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == first["sha256"] == again["sha256"]
    assert len(list(csv.reader(content.decode().splitlines()))) == first["rows"] + 1
    options = ("--format", "json", "--out", tmp_path, "--json")
    whole = warehouse("export", "users", *options).json
    rows = json.loads(Path(whole["file"]).read_bytes())
    assert len(rows) == whole["rows"] > 1
    one = warehouse("export", "users", "--filter", f"country={rows[0]['country'] or 'XX'}", *options).json
    assert one["rows"] <= whole["rows"]


def test_what_cannot_be_made_says_what_can(warehouse: Command, tmp_path: Path) -> None:
    for arguments, said in (
        (("report", "run", "wages", "--period", "last_month"), "'revenue'"),
        (("report", "run", "revenue"), "give start and end, or a period"),
        (("report", "run", "revenue", "--period", "last_month", "--as-of", "99"), "generation 99 is not kept"),
        (("report", "show", "wages"), "no saved report wages"),
        (("export", "users", "--filter", "colour=red"), "it has: role"),
    ):
        answer = warehouse(*arguments, *(("--out", str(tmp_path)) if arguments[1] != "show" else ()), "--json")
        assert answer.code == 1, answer
        assert said in answer.json["error"], arguments
    assert warehouse("export", "users", "--filter", "red").code == 2


def test_saved_reports_are_kept_changed_run_and_forgotten(warehouse: Command, tmp_path: Path) -> None:
    saved = warehouse("report", "save", "-", "--owner", "the-cfo", "--json", stdin=json.dumps(SAVED).encode()).json
    assert (saved["created_by"], saved["name"]) == ("the-cfo", SAVED["name"])
    other = json.dumps({**SAVED, "name": "Refunds"}).encode()
    assert warehouse("report", "save", "-", "--id", saved["id"], "--json", stdin=other).json["name"] == "Refunds"
    assert [row["id"] for row in warehouse("report", "list", "--json").json["reports"]] == [saved["id"]]
    assert saved["id"] in warehouse("report", "list").stdout
    made = warehouse("report", "run", saved["id"], "--out", tmp_path, "--json").json
    assert Path(made["file"]).name.startswith("refunds_")
    wrong = warehouse("report", "save", "-", "--json", stdin=json.dumps({**SAVED, "config": {}}).encode())
    assert (wrong.code, "config.report_type" in wrong.json["error"]) == (1, True)
    assert warehouse("report", "delete", saved["id"], "--json").json == {"deleted": saved["id"]}
    assert warehouse("report", "list", "--json").json == {"reports": []}
