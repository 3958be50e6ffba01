"""What has to hold after any accident: the ledger adds up, and every line counts exactly once."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.oracle.contract import Deliveries
from warehouse.client import Identity, connect
from warehouse.settings import Settings

TABLES = (
    "raw.events",
    "raw.quarantine",
    "raw.receipts",
    "raw.duplicates",
    "raw.batches",
    "raw.replays",
    "raw.positions",
)

# Admitted and the first receipt of its id: what staging takes.
_ADMITTED = """
    FROM raw.events
    WHERE batch_seq IN (SELECT batch_seq FROM raw.batches)
        AND (event_id, received_seq) NOT IN (SELECT event_id, received_seq FROM raw.duplicates)
"""


# The embedded engine's own standing statement has no user.
_OF_OTHERS = "SELECT count() FROM system.processes WHERE user NOT IN ('', currentUser())"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Sums over the ledger."""

    batches: int
    received: int
    stored: int
    duplicates: int
    quarantined: int


def ledger(settings: Settings) -> Ledger:
    """Sums over the ledger, whose every row adds up and is there once."""
    client = connect(Identity.LOADER, settings)
    wrong = client.query("SELECT * FROM raw.batches WHERE received != stored + duplicates + quarantined").result_rows
    assert wrong == []
    ((commits, ids),) = client.query(
        "SELECT groupArray(commit_seq), groupArray(batch_id) FROM (SELECT * FROM raw.batches ORDER BY commit_seq)"
    ).result_rows
    assert commits == list(range(1, len(commits) + 1))
    assert len(set(ids)) == len(ids)
    (row,) = client.query(
        "SELECT count(), sum(received), sum(stored), sum(duplicates), sum(quarantined) FROM raw.batches"
    ).result_rows
    return Ledger(*row)


def admitted(settings: Settings) -> list[str]:
    """Ids of the events that count, as often as they count, sorted."""
    client = connect(Identity.TRANSFORMER, settings)
    rows = client.query(f"SELECT toString(event_id) AS id {_ADMITTED} ORDER BY id").result_columns
    return list(rows[0]) if rows else []


def held(settings: Settings) -> Counter[bytes]:
    """Lines in quarantine that count."""
    client = connect(Identity.LOADER, settings)
    rows = client.query("SELECT original FROM raw.held", column_formats={"original": "bytes"}).result_rows
    return Counter(original for (original,) in rows)


def assert_landed_once(settings: Settings, lines: Iterable[bytes]) -> None:
    """Every good event of `lines` counts once, every bad line is held as often as it was sent."""
    oracle = Deliveries()
    oracle.deliver(list(lines))
    assert_holds(settings, *truth(oracle))


def truth(oracle: Deliveries) -> tuple[list[str], Counter[bytes]]:
    """The ids to count and the lines to hold, by the oracle."""
    ids = sorted(event.event_id for event in oracle.accepted())
    return ids, Counter(line for line, _ in oracle.quarantine)


def assert_holds(settings: Settings, ids: list[str], refused: Counter[bytes]) -> None:
    """The warehouse counts exactly these events and holds exactly these lines."""
    found = admitted(settings)
    assert len(found) == len(ids)
    assert found == ids
    assert held(settings) == refused
    sums = ledger(settings)
    assert sums.stored == len(ids)
    assert sums.quarantined == refused.total()


def forget(settings: Settings) -> None:
    """Empty everything landed."""
    admin = connect(Identity.ADMIN, settings)
    for table in TABLES:
        admin.command(f"TRUNCATE TABLE {table}")


def wait_until_settled(settings: Settings) -> None:
    """Wait until no statement of a killed sender goes on in the engine: what it began may yet be stored."""
    admin = connect(Identity.ADMIN, settings)
    deadline = time.monotonic() + 120
    quiet = 0
    while quiet < 3:
        assert time.monotonic() < deadline
        (running,) = admin.query(_OF_OTHERS).result_rows[0]
        quiet = 0 if running else quiet + 1
        time.sleep(0.02)


def rows_written(settings: Settings) -> int:
    """Rows of all attempts, whether they count or not."""
    client = connect(Identity.LOADER, settings)
    count: int = client.query(
        "SELECT (SELECT count() FROM raw.events) + (SELECT count() FROM raw.quarantine)"
    ).result_rows[0][0]
    return count


def current_database(settings: Settings) -> str:
    """Database of the generation in force, by the pointer."""
    client = connect(Identity.READER, settings, database="marts")
    database: str = client.query("SELECT argMax(database, sequence) FROM marts.publications").result_rows[0][0]
    return database


def views(settings: Settings) -> dict[str, str]:
    """A digest of every mart as readers see it through the views, by name."""
    return _contents(settings, "marts", "View")


def generation_contents(settings: Settings, database: str) -> dict[str, str]:
    """A digest of every mart of a generation, by name."""
    return _contents(settings, database, "%MergeTree")


def _contents(settings: Settings, database: str, engine: str) -> dict[str, str]:
    names = connect(Identity.TRANSFORMER, settings).query(
        "SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE {engine:String}"
        " AND name != 'publications'",
        parameters={"database": database, "engine": engine},
    )
    reader = connect(Identity.READER, settings)
    return {
        name: hashlib.sha256(
            reader.raw_query(f"SELECT * FROM {database}.{name} ORDER BY ALL", fmt="TSVWithNames")
        ).hexdigest()
        for (name,) in names.result_rows
    }
