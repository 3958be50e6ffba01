"""What was saved comes back equal, into an empty home, and what is no whole backup never does.

Homes and backups of older versions are brought up to date by what a user runs, and lose nothing on the way.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from tests.faults.command import Command, own_home
from tests.faults.state import current_database, generation_contents
from tests.law.law import contents
from tests.servers.objects import running_objects
from tests.warehouse.older import homes
from warehouse import builds
from warehouse.backups import making
from warehouse.backups.making import Made
from warehouse.backups.manifest import NAME, Manifest
from warehouse.client import Identity, connect, scalar
from warehouse.migrations import applied
from warehouse.settings import Settings

#: What has landed.
LANDED = ("events", "quarantine", "held", "receipts", "duplicates", "batches")
#: Tables in `build` that tell when and in which batches it landed.
BATCHES = {"int_batches__folded", "stg_events"}
OLDEST, LATEST = homes.COMMITS


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """A home with two deliveries of what older homes have, published, and everything else that a home holds."""
    folder, lines = tmp_path_factory.mktemp("saved"), homes.LINES.read_bytes().splitlines()
    with own_home(folder / "home") as command:
        homes.write_secrets(command.settings.home)
        for name, part in (("first", lines[:100]), ("second", lines[100:])):
            path = folder / f"{name}.ndjson"
            path.write_bytes(b"\n".join(part) + b"\n")
            assert command("ingest", path, "--json").code == 0
        assert command("build", "--json").json["published"]
        home = command.settings.home
        (home / "spool").mkdir()
        (home / "spool" / "000000000001.segment").write_bytes(b"what has been accepted")
        (home / "spool" / "collector-0").mkdir()
        (home / "spool" / "collector-0" / "000000000001.segment").write_bytes(b"by one of several")
        (home / "dagster" / "history").mkdir(parents=True)
        with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as runs, runs:
            runs.execute("CREATE TABLE runs (id TEXT)")
            runs.execute("INSERT INTO runs VALUES ('one')")
        yield command


@pytest.fixture(scope="module")
def made(source: Command) -> Made:
    answer = source("backup", "--json")
    assert answer.code == 0, answer.stderr
    (found,) = making.all_made(source.settings)
    assert answer.json["backup"] == found.address
    return found


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    return shutil.copytree(made.address, tmp_path / "backups" / "copy")


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Command]:
    """An empty home."""
    with own_home(tmp_path / "restored") as command:
        yield command


def commits(settings: Settings) -> list[tuple[int, int]]:
    """Rows in `raw` and events stored, by commit of the ledger."""
    found = connect(Identity.ADMIN, settings).query(
        "SELECT count(), any(batches.stored) FROM raw.events AS events"
        " INNER JOIN raw.batches AS batches USING (batch_seq) GROUP BY batches.commit_seq ORDER BY batches.commit_seq"
    )
    return [(int(rows), int(stored)) for rows, stored in found.result_rows]


def described(folder: Path) -> Manifest:
    return Manifest.read((folder / NAME).read_bytes())


def describe(folder: Path, manifest: Manifest) -> None:
    (folder / NAME).write_bytes(manifest.written())


def test_everything_comes_back(source: Command, made: Made, target: Command) -> None:
    answer = target("restore", made.address, "--json")
    assert answer.code == 0, answer.stderr
    assert (answer.json["events"], answer.json["applied"]) == (made.manifest.events, [])
    database = current_database(source.settings)
    assert current_database(target.settings) == database
    assert generation_contents(target.settings, database) == generation_contents(source.settings, database)
    assert answer.json["marts"] == len(generation_contents(target.settings, database))
    before, after = source.settings.home, target.settings.home
    for name in ("credentials.json", "spool/000000000001.segment", "spool/collector-0/000000000001.segment"):
        assert (after / name).read_bytes() == (before / name).read_bytes()
        assert (after / name).stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(after / "dagster" / "history" / "runs.db")) as runs:
        assert runs.execute("SELECT id FROM runs").fetchall() == [("one",)]
    # Nothing is left to build, and what has landed does not land again.
    assert target("build", "--json").json["published"] is False
    first = source.settings.home.parent / "first.ndjson"
    assert target("ingest", first, "--json").json["stored"] == 0
    again = target("restore", made.address)
    assert (again.code, "never overwrites" in again.stderr) == (1, True)


def test_what_landed_while_it_was_made_is_cut_off_and_lands_again(source: Command, copy: Path, target: Command) -> None:
    whole = described(copy)
    second = source.settings.home.parent / "second.ndjson"
    # As if the second delivery had come after the position was taken.
    (rows, stored), (_, late) = commits(source.settings)
    assert whole.events == stored + late
    describe(copy, replace(whole, commit_seq=whole.commit_seq - 1, rows=rows))
    answer = target("restore", copy, "--json")
    assert answer.code == 0, answer.stderr
    assert target("ingest", second, "--json").json["stored"] == late


@pytest.mark.parametrize("damage", ["no manifest", "half a table", "another file", "other numbers", "later format"])
def test_what_is_no_whole_backup_is_refused(copy: Path, target: Command, damage: str) -> None:
    manifest = described(copy)
    if damage == "no manifest":
        (copy / NAME).unlink()
    elif damage == "half a table":
        largest = max((copy / "clickhouse" / "data" / "raw").rglob("*.bin"), key=lambda path: path.stat().st_size)
        os.truncate(largest, largest.stat().st_size // 2)
    elif damage == "another file":
        (copy / "home" / "spool" / "000000000001.segment").write_bytes(b"something else")
    elif damage == "other numbers":
        describe(copy, replace(manifest, marts=manifest.marts | {"revenue": "1 rows, 0000000000000000"}))
    else:
        describe(copy, replace(manifest, format=2))
    answer = target("restore", copy)
    assert answer.code == 1
    assert "Traceback" not in answer.stderr
    assert any(line.startswith("hint: ") for line in answer.stderr.splitlines())


def test_a_backup_writes_into_no_other_folder(copy: Path, target: Command) -> None:
    manifest = described(copy)
    (copy / "home" / "evil").write_bytes(b"x")
    describe(copy, replace(manifest, files={"../../evil": "0" * 64}))
    assert target("restore", copy).code == 1
    assert not (target.settings.home.parent.parent / "evil").exists()


def test_object_storage_holds_backups_too(source: Command, tmp_path: Path) -> None:
    with running_objects(tmp_path / "objects") as server:
        server.client().create_bucket(Bucket="saved")
        variables = server.environment | {"WAREHOUSE_BACKUPS": "s3://saved/here"}
        there = Command(source.settings, **variables)
        addresses = []
        for _ in range(2):
            answer = there("backup", "--keep", "1", "--json")
            assert answer.code == 0, answer.stderr
            addresses.append(answer.json["backup"])
        assert answer.json["dropped"] == addresses[:1]
        assert [row["backup"] for row in there("backups", "--json").json["backups"]] == addresses[1:]
        with own_home(tmp_path / "restored") as target:
            restored = Command(target.settings, **variables)("restore", addresses[1], "--json")
            assert (restored.code, restored.json["events"]) == (0, answer.json["events"]), restored.stderr


def test_a_backup_that_fails_leaves_nothing(source: Command, tmp_path: Path) -> None:
    elsewhere = Command(source.settings, WAREHOUSE_BACKUPS=str(tmp_path / "elsewhere"))
    answer = elsewhere("backup")
    assert (answer.code, "WAREHOUSE_BACKUPS" in answer.stderr) == (1, True)
    assert not any((tmp_path / "elsewhere").glob("*"))


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Command]:
    """The command on a home for an older version's."""
    with own_home(tmp_path / "older") as command:
        yield command


def columns(client: Client) -> dict[str, str]:
    """The stored columns of what has landed, listed, by table."""
    rows = client.query(
        "SELECT table, arrayStringConcat(groupArray(name), ', ') FROM system.columns"
        " WHERE database = 'raw' AND table IN {tables:Array(String)} AND default_kind != 'ALIAS' GROUP BY table",
        parameters={"tables": list(LANDED)},
    ).result_rows
    return {str(table): str(listed) for table, listed in rows}


def landed(settings: Settings, known: dict[str, str]) -> dict[str, Any]:
    client = connect(Identity.ADMIN, settings)
    return {
        table: client.query(f"SELECT {listed} FROM raw.{table} ORDER BY ALL").result_rows
        for table, listed in known.items()
    }


def built(settings: Settings) -> dict[str, tuple[int, int]]:
    found = contents(connect(Identity.ADMIN, settings))
    return {name: rows for name, rows in found.items() if name not in BATCHES}


def test_a_home_of_an_older_version_is_upgraded_by_the_next_build(source: Command, older: Command) -> None:
    client = homes.bring_back(older.settings, OLDEST)
    known, migrated = columns(client), applied(client).keys()
    before = landed(older.settings, known)
    assert before.keys() == set(LANDED)
    assert all(before.values())
    answer = older("build", "--json")
    assert answer.code == 0, answer.stderr
    assert answer.json["full"]
    assert applied(client).keys() > migrated
    assert landed(older.settings, known) == before
    assert built(older.settings) == built(source.settings)
    shown, there = (
        generation_contents(home.settings, current_database(home.settings)).keys() for home in (older, source)
    )
    assert shown == there
    assert older("ingest", homes.LINES, "--json").json["stored"] == 0


def test_a_backup_of_an_older_version_is_restored_and_upgraded(older: Command, target: Command) -> None:
    client = homes.bring_back(older.settings, LATEST)
    known, migrated = columns(client), applied(client).keys()
    before = landed(older.settings, known)
    shown = generation_contents(older.settings, current_database(older.settings))
    # What that version wrote, this one writes of a home that is not migrated.
    made = making.make(older.settings)
    assert applied(client).keys() == migrated
    answer = target("restore", made.address, "--json")
    assert answer.code == 0, answer.stderr
    assert set(answer.json["applied"]) == applied(connect(Identity.ADMIN, target.settings)).keys() - migrated != set()
    assert landed(target.settings, known) == before
    # Readers have what they had until the next build, which has a reason.
    assert generation_contents(target.settings, current_database(target.settings)) == shown
    assert builds.state(connect(Identity.TRANSFORMER, target.settings)).full
    assert target("ingest", homes.LINES, "--json").json["stored"] == 0


@pytest.mark.parametrize("command", ["migrate", "build", "backup"])
def test_what_a_newer_version_has_migrated_is_left_alone(source: Command, command: str) -> None:
    client = connect(Identity.ADMIN, source.settings)
    generations = scalar(client, "SELECT count() FROM marts.publications")
    client.command("INSERT INTO warehouse.migrations (name, checksum) VALUES ('warehouse/9999_later', 'x')")
    try:
        refused = source(command)
    finally:
        client.command("DELETE FROM warehouse.migrations WHERE name = 'warehouse/9999_later'")
    assert refused.code == 1
    assert "warehouse/9999_later" in refused.stderr
    assert "hint: install the version" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert scalar(client, "SELECT count() FROM marts.publications") == generations
