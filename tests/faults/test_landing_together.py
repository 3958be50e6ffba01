"""Landings at the same time, and a file that grows under the reader's hands."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.faults.command import Command, finished
from tests.faults.state import assert_landed_once, ledger


def file(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_the_same_file_twice_at_once(warehouse: Command, tmp_path: Path, lines: list[bytes]) -> None:
    path = file(tmp_path / "events.ndjson", lines)
    answers = [finished(process) for process in [warehouse.start("ingest", path, "--json") for _ in range(2)]]
    assert [answer.code for answer in answers] == [0, 0], answers
    assert_landed_once(warehouse.settings, lines)
    assert ledger(warehouse.settings).batches == 1
    stored = sorted(answer.json["stored"] for answer in answers)
    assert stored == [0, ledger(warehouse.settings).stored]
    assert all(answer.json["received"] == len(lines) for answer in answers)


def test_different_files_that_share_events_at_once(warehouse: Command, tmp_path: Path, lines: list[bytes]) -> None:
    third = len(lines) // 3
    parts = [lines[: 2 * third], lines[third:], [*lines[2 * third :], *lines[:third]]]
    paths = [file(tmp_path / f"{number}.ndjson", part) for number, part in enumerate(parts)]
    answers = [finished(process) for process in [warehouse.start("ingest", path, "--json") for path in paths]]
    assert [answer.code for answer in answers] == [0, 0, 0], answers
    sums = ledger(warehouse.settings)
    assert (sums.batches, sums.received) == (3, sum(map(len, parts)))
    assert sums.stored == sum(answer.json["stored"] for answer in answers)
    assert_landed_once(warehouse.settings, [line for part in parts for line in part])


def test_a_file_that_is_still_being_written(warehouse: Command, tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "growing.ndjson"
    content = b"\n".join(lines) + b"\n"
    # Ends in the middle of a line, as a writer's buffer does.
    cut = content.index(b"\n", len(content) // 2) + 30
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    stopped = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as growing:
            for start in range(cut, len(content), 997):
                growing.write(content[start : start + 997])
                if stopped.wait(0.02):
                    growing.write(content[start + 997 :])
                    return

    writer = threading.Thread(target=write)
    writer.start()
    first = warehouse("ingest", path, "--json")
    stopped.set()
    writer.join()
    assert first.code == 0, first.stderr
    assert whole <= first.json["received"] <= len(lines)
    second = warehouse("ingest", path, "--json")
    assert (second.code, second.json["received"]) == (0, len(lines)), second.stderr
    sums = ledger(warehouse.settings)
    # A longer batch with the same beginning: all that had come before is resent, bad lines too.
    assert sums.received in {len(lines), len(lines) + first.json["received"]}
    again = sums.received - len(lines)
    assert_landed_once(warehouse.settings, [*lines[:again], *lines])
