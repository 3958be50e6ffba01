"""Segments and the spool: what is durable, what is cut off, what is never lost to a full disk."""

from __future__ import annotations

import random
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.doors.collector import segment
from ingestion.doors.collector.spool import SEGMENT_BYTES, Record, Spool, SpoolError


def record(*lines: bytes) -> Record:
    return Record(b"".join(line + b"\n" for line in lines), len(lines))


def contents(spool: Spool) -> list[bytes]:
    return [segment.read(waiting.path).lines for waiting in spool.sealed()]


def test_groups_are_read_back_in_their_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write([record(b"1", b"2"), record(b"3")])
    spool.write([record(b"4")])
    assert spool.segments == 1
    assert contents(spool) == [b"1\n2\n3\n4\n"]
    spool.write([record(b"5")])
    assert contents(spool) == [b"1\n2\n3\n4\n", b"5\n"]
    assert [waiting.lines for waiting in spool.sealed()] == [4, 1]
    # What another process left comes first, and new names come after it.
    after = Spool(tmp_path)
    after.write([record(b"6")])
    assert contents(after) == [b"1\n2\n3\n4\n", b"5\n", b"6\n"]
    assert after.size == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_a_segment_cut_off_anywhere_holds_its_whole_records(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.write([record(b"first")])
    first = next(tmp_path.iterdir()).stat().st_size
    spool.write([record(b"second" * 100)])
    (waiting,) = spool.sealed()
    whole = waiting.path.read_bytes()
    for size in range(len(whole)):
        waiting.path.write_bytes(whole[:size])
        read = segment.read(waiting.path)
        assert read.lines == (b"first\n" if size >= first else b"")
        if size >= first:
            waiting.path.write_bytes(whole[:size] + bytes(4096))  # a hole, as a file system leaves after a power cut
            assert segment.read(waiting.path).lines == read.lines
    rng = random.Random(1)
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[rng.randrange(first, len(whole))] ^= 1 << rng.randrange(8)
        waiting.path.write_bytes(damaged)
        assert segment.read(waiting.path).lines == b"first\n"


def test_a_copy_is_the_same_batch_and_equal_lines_are_not(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for _ in range(2):
        spool.write([record(b"same")])
        spool.sealed()
    one, other = [waiting.path for waiting in spool.sealed()]
    copy = tmp_path / "copy.segment"
    copy.write_bytes(one.read_bytes())
    ids = [segment.read(path).batch("test").batch_id for path in (one, copy, other)]
    assert ids[0] == ids[1] != ids[2]


def test_a_file_that_is_no_segment(tmp_path: Path) -> None:
    (tmp_path / "000000000007.segment").write_bytes(b"something else " * 10)
    spool = Spool(tmp_path)
    (waiting,) = spool.sealed()
    with pytest.raises(segment.DamagedSegment):
        segment.read(waiting.path)
    kept = spool.set_aside(waiting)
    assert (kept.name, spool.segments) == ("000000000007.damaged", 0)
    spool.write([record(b"x")])
    assert spool.sealed()[0].path.name == "000000000008.segment"


def test_large_groups_seal_their_segment(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    line = b"x" * (SEGMENT_BYTES // 4)
    for _ in range(5):
        spool.write([record(line)])
    assert spool.segments == 2
    assert [content.count(b"\n") for content in contents(spool)] == [4, 1]


@pytest.fixture
def file_limit() -> Iterator[int]:
    """No file may grow beyond so many bytes, as on a disk without space: writes stop in the middle."""
    limit, before = 10_000, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_fails_half_way_keeps_what_was_acknowledged_and_nothing_else(
    tmp_path: Path, file_limit: int
) -> None:
    spool = Spool(tmp_path)
    spool.write([record(b"acknowledged")])
    with pytest.raises(SpoolError, match="cannot be written"):
        spool.write([record(b"x" * file_limit)])
    with pytest.raises(SpoolError):
        spool.write([record(b"y" * file_limit)])
    spool.write([record(b"small again")])
    assert contents(spool) == [b"acknowledged\n", b"small again\n"]
    assert all(path.stat().st_size < 200 for path in tmp_path.iterdir())


def test_writers_and_a_lander_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    done, taken = threading.Event(), []

    def land() -> None:
        while True:
            last = done.is_set()
            for waiting in spool.sealed():
                taken.append((segment.read(waiting.path).lines, waiting.lines))
                spool.remove(waiting)
            if last:
                return

    lander = threading.Thread(target=land)
    lander.start()
    written = [f"{number}".encode() for number in range(2_000)]
    for line in written:
        spool.write([record(line)])
    done.set()
    lander.join()
    assert b"".join(lines for lines, _ in taken).split() == written
    assert all(lines.count(b"\n") == count for lines, count in taken)
    assert (spool.segments, spool.size, list(tmp_path.iterdir())) == (0, 0, [])
