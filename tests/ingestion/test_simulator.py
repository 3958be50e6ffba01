"""The simulator: same bytes, exact numbers, resends."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ingestion.simulator import simulate, write, writer
from tests.ingestion.test_simulator_contract import (
    lines_of,
    parse,
)


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return lines_of(events=50_000, days=90, seed=1)


def test_same_arguments_give_the_same_bytes(lines: list[bytes]) -> None:
    assert lines_of(events=50_000, days=90, seed=1) == lines


def test_bytes_of_a_seed_stay_what_they_were() -> None:
    """Changes when the market or the drawing of it changes; then update it knowingly."""
    data = b"".join(simulate(events=2_000, days=30, seed=7, duplicates=0.02, invalid=0.02))
    digest = "ea334021e54fa64e3243e765787b6f718d93028076c364f969d9b971ac90aa37"
    assert hashlib.sha256(data).hexdigest() == digest


@pytest.mark.parametrize(("threads", "chunk_events"), [(1, 36_000), (4, 1_500)])
def test_bytes_do_not_depend_on_threads_or_chunks(
    lines: list[bytes], monkeypatch: pytest.MonkeyPatch, threads: int, chunk_events: int
) -> None:
    monkeypatch.setattr(writer, "_THREADS", threads)
    monkeypatch.setattr(writer, "CHUNK_EVENTS", chunk_events)
    assert lines_of(events=50_000, days=90, seed=1) == lines


def test_other_seeds_give_other_events(lines: list[bytes]) -> None:
    events = [parse(line) for line in lines]
    other = [parse(line) for line in lines_of(events=5_000, days=90, seed=2)]
    assert not {e["event_id"] for e in events} & {e["event_id"] for e in other}
    assert not {e.get("user_id", "") for e in events} & {e.get("user_id", "-") for e in other}


@pytest.mark.parametrize("events", [1, 7, 60, 500, 3_001, 20_000])
@pytest.mark.parametrize("days", [1, 20, 400])
def test_the_number_of_lines_is_exact(events: int, days: int) -> None:
    assert len(lines_of(events=events, days=days, seed=5)) == events
    if events > 1:
        assert len(lines_of(events=events, days=days, seed=5, duplicates=0.1, invalid=0.1)) == events


def test_write_gives_the_same_bytes_and_reports_them(tmp_path: Path, lines: list[bytes]) -> None:
    target = tmp_path / "events.ndjson"
    seen: list[int] = []
    size = write(target, events=50_000, days=90, seed=1, progress=seen.append)
    assert target.read_bytes().splitlines() == lines
    assert size == sum(seen) == target.stat().st_size
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": 0},
        {"days": 0},
        {"days": 5000},
        {"duplicates": -0.1},
        {"invalid": 1.0},
        {"duplicates": 0.6, "invalid": 0.6},
        {"end": dt.date(1971, 2, 1), "days": 100},
    ],
)
def test_arguments_out_of_range_are_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"events|shares|leave|begin"):
        simulate(**{"events": 100, "days": 10, "seed": 1} | wrong)


def test_resends_are_later_copies_of_lines() -> None:
    found = lines_of(events=10_000, days=30, seed=3, duplicates=0.05)
    counts = Counter(found)
    assert sum(counts.values()) - len(counts) == 500
    assert len({parse(line)["event_id"] for line in counts}) == len(counts)
    first = [parse(line)["at"] for line in dict.fromkeys(found)]
    assert first == sorted(first)
