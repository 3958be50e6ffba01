"""NDJSON as it comes: archives, pipes, files still being written, files too large to hold."""

from __future__ import annotations

import gzip
import logging
import os
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion.batch import Batch
from ingestion.sources import streams
from ingestion.sources.discovery import Compression
from ingestion.sources.errors import SourceError, UnreadableInputError
from ingestion.sources.files import read

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINES = [b'{"event_id":"%032d","note":"%s"}\n' % (n, bytes([97 + n % 26]) * (n % 50)) for n in range(5000)]
CONTENT = b"".join(LINES)


def written(path: Path, content: bytes, age: float = 60.0) -> Path:
    path.write_bytes(content)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def joined(batches: Iterator[Batch]) -> bytes:
    return b"".join(batch.lines for batch in batches)


def until_error(batches: Iterator[Batch]) -> tuple[bytes, SourceError]:
    good: list[bytes] = []
    with pytest.raises(SourceError) as caught:
        good.extend(batch.lines for batch in batches)
    return b"".join(good), caught.value


def several_frames(pack: object) -> bytes:
    assert callable(pack)
    return b"".join(pack(CONTENT[at : at + 70_000]) for at in range(0, len(CONTENT), 70_000))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ndjson", CONTENT),
        ("a.ndjson.gz", gzip.compress(CONTENT)),
        ("members.jsonl.gz", several_frames(gzip.compress)),
        ("padded.jsonl.gz", gzip.compress(CONTENT) + b"\0" * 512),
        ("a.ndjson.zst", zstd.compress(CONTENT)),
        ("frames.ndjson.zst", several_frames(zstd.compress)),
    ],
    ids=["plain", "gzip", "gzip members", "padded gzip", "zstd", "zstd frames"],
)
@pytest.mark.parametrize("chunk_bytes", [100, 10_000, 1 << 24])
def test_every_wrapping_says_the_same(tmp_path: Path, name: str, content: bytes, chunk_bytes: int) -> None:
    path = written(tmp_path / name, content)
    moved: list[int] = []
    batches = list(read([path], source="shop", chunk_bytes=chunk_bytes, progress=moved.append))
    assert b"".join(batch.lines for batch in batches) == CONTENT
    plain = written(tmp_path / "same.ndjson", CONTENT)
    again = read([plain], source="shop", chunk_bytes=chunk_bytes)
    assert [batch.batch_id for batch in again] == [batch.batch_id for batch in batches]
    assert {(batch.source, batch.origin) for batch in batches} == {("shop", str(path))}
    assert sum(moved) == path.stat().st_size


@pytest.mark.parametrize("name", ["e.ndjson", "e.ndjson.gz", "e.ndjson.zst", "e.csv"])
def test_an_empty_file_gives_no_batch(tmp_path: Path, name: str) -> None:
    assert list(read([written(tmp_path / name, b"")])) == []


def test_highly_compressed_archives_stay_in_pieces(tmp_path: Path) -> None:
    bomb = (b" " * 999 + b"\n") * 20_000
    for name, content in (("b.ndjson.zst", zstd.compress(bomb)), ("b.ndjson.gz", gzip.compress(bomb))):
        path = written(tmp_path / name, content)
        with path.open("rb", buffering=0) as raw:
            kind = Compression(name.rsplit(".")[-1])
            stream = streams.ArchiveStream(name, raw, kind)
            buffer = bytearray(4096)
            total = 0
            while count := stream.readinto(memoryview(buffer)):
                assert count <= 4096
                total += count
        assert total == len(bomb)


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_a_truncated_archive_is_named_after_its_good_chunks(tmp_path: Path, suffix: str) -> None:
    packed = several_frames(gzip.compress if suffix == "gz" else zstd.compress)
    path = written(tmp_path / f"t.ndjson.{suffix}", packed[:-20])
    good, error = until_error(read([path], chunk_bytes=1000))
    assert isinstance(error, UnreadableInputError)
    assert "t.ndjson" in error.message
    assert "truncated" in error.message
    assert error.hint
    assert good
    assert CONTENT.startswith(good)
    assert good.endswith(b"\n")


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_a_corrupt_archive_is_named_after_its_good_chunks(tmp_path: Path, suffix: str) -> None:
    first = gzip.compress(CONTENT) if suffix == "gz" else zstd.compress(CONTENT)
    path = written(tmp_path / f"c.ndjson.{suffix}", first + b"this is no archive")
    good, error = until_error(read([path], chunk_bytes=1000))
    assert isinstance(error, UnreadableInputError)
    assert "corrupt" in error.message
    assert good
    assert CONTENT.startswith(good)


def test_a_wrong_checksum_is_corrupt(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(CONTENT))
    packed[-8:-4] = zlib.crc32(b"other").to_bytes(4, "little")
    _, error = until_error(read([written(tmp_path / "c.ndjson.gz", bytes(packed))], chunk_bytes=1000))
    assert isinstance(error, UnreadableInputError)


def test_standard_input_and_named_pipes(tmp_path: Path) -> None:
    program = (
        "import sys; from ingestion.sources.files import read\n"
        "for batch in read(['-'], chunk_bytes=1000): sys.stdout.buffer.write(batch.lines)"
    )
    piped = subprocess.run([sys.executable, "-c", program], input=CONTENT, capture_output=True, check=True)
    assert piped.stdout == CONTENT
    pipe = tmp_path / "pipe.ndjson"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(CONTENT,))
    writer.start()
    assert joined(read([pipe], chunk_bytes=1000)) == CONTENT
    writer.join()


def test_an_old_unended_line_is_handed_over(tmp_path: Path) -> None:
    assert joined(read([written(tmp_path / "a.ndjson", b'{"a":1}\n{"b"')])) == b'{"a":1}\n{"b"\n'


def test_a_fresh_but_complete_object_is_not_waited_for(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ndjson", b'{"a":1}', age=0)
    began = time.monotonic()
    assert joined(read([path])) == b'{"a":1}\n'
    assert time.monotonic() - began < 1


def test_a_line_being_written_is_waited_for(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ndjson", b'{"a":1}\n{"b":', age=0)

    def finish() -> None:
        time.sleep(0.4)
        with path.open("ab") as out:
            out.write(b"2}\n")

    writer = threading.Thread(target=finish)
    writer.start()
    assert joined(read([path])) == b'{"a":1}\n{"b":2}\n'
    writer.join()


def test_a_line_that_stays_unfinished_is_taken_when_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "QUIET_SECONDS", 0.4)
    path = written(tmp_path / "a.ndjson", b'{"a":1}\n{"b"', age=0)
    began = time.monotonic()
    assert joined(read([path])) == b'{"a":1}\n{"b"\n'
    assert 0.2 < time.monotonic() - began < 5


def test_a_file_that_keeps_growing_leaves_its_tail_for_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streams, "PATIENCE_SECONDS", 0.6)
    path = written(tmp_path / "a.ndjson", b'{"a":1}\n{"b":"', age=0)
    stop = threading.Event()

    def dribble() -> None:
        with path.open("ab", buffering=0) as out:
            while not stop.wait(0.05):
                out.write(b"x")
            out.write(b'"}\n')

    writer = threading.Thread(target=dribble)
    writer.start()
    with caplog.at_level(logging.WARNING):
        first = joined(read([path]))
    stop.set()
    writer.join()
    assert first == b'{"a":1}\n'
    assert "left for the next run" in caplog.text
    assert str(path) in caplog.text
    assert joined(read([path])) == path.read_bytes()


def test_memory_is_the_same_at_ten_times_the_size(
    tmp_path: Path, reading: Callable[[Path, int], tuple[int, int]]
) -> None:
    line = b'{"event_id":"%s","properties":{"url":"https://shop.example/a"}}\n' % (b"0" * 36)
    lines = 1_000_000 // len(line)
    peaks = []
    for megabytes in (30, 300):
        path = tmp_path / f"{megabytes}.ndjson"
        with path.open("wb") as out:
            for _ in range(megabytes):
                out.write(line * lines)
        count, peak = reading(path, 8 << 20)
        path.unlink()
        assert count == megabytes * lines
        peaks.append(peak)
    assert peaks[1] < 1.15 * peaks[0]
