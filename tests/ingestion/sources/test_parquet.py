"""Parquet → events."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.sources.arrow_values import plain_values
from ingestion.sources.errors import BadTableError, UnreadableInputError
from ingestion.sources.files import read

ID = uuid.UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
AT = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)


def envelope(rows: int = 1) -> dict[str, Any]:
    return {
        "event_id": pa.array([ID.bytes] * rows, pa.binary(16)),
        "event_type": pa.array(["user.signin"] * rows).dictionary_encode(),
        "occurred_at": pa.array([AT] * rows, pa.timestamp("us", tz="America/Sao_Paulo")),
    }


def events(folder: Path, columns: dict[str, Any]) -> list[Any]:
    path = folder / "t.parquet"
    pq.write_table(pa.table(columns), path)
    return [orjson.loads(line) for batch in read([path]) for line in batch.lines.splitlines()]


def test_golden(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = envelope() | {
        "amount": pa.array([Decimal("0.0000001")], pa.decimal128(20, 7)),
        "total": pa.array([Decimal("1234567890123456.7800")], pa.decimal128(30, 4)),
        "gap": pa.array([float("nan")]),
        "quantity": pa.array([3.0]),
        "rate": pa.array([0.1], pa.float32()),
        "prop.day": pa.array([date(2026, 1, 2)]),
        "up": pa.array([True]),
        "output_types": pa.array([["captions", "summary"]]),
        "due_at": pa.array([datetime(2026, 1, 2, 3, tzinfo=UTC).replace(tzinfo=None)], pa.timestamp("ns")),
        "ip": pa.array(["10.0.0.1"]),
        "none": pa.nulls(1),
    }
    pq.write_table(pa.table(columns), path)
    [batch] = read([path])
    assert batch.lines == (
        b'{"event_id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","event_type":"user.signin",'
        b'"occurred_at":"2026-01-01T12:00:00.123Z","context":{"ip":"10.0.0.1"},"properties":{'
        b'"amount":"0.0000001","total":"1234567890123456.7800","quantity":3,"rate":0.1,"day":"2026-01-02",'
        b'"up":true,"output_types":["captions","summary"],"due_at":"2026-01-02T03:00:00.000"}}\n'
    )


@pytest.mark.parametrize(
    "properties",
    [
        pa.array([{"amount": Decimal("1.50"), "at": AT, "gone": None}], None),
        pa.array(['{"amount": "1.50", "at": "2026-01-01T12:00:00.123Z"}']),
        pa.array([[("amount", "1.50"), ("at", "2026-01-01T12:00:00.123Z")]], pa.map_(pa.string(), pa.string())),
    ],
    ids=["struct", "json", "map"],
)
def test_objects_come_as_struct_json_or_map(tmp_path: Path, properties: pa.Array) -> None:
    [event] = events(tmp_path, envelope() | {"properties": properties, "context": properties})
    assert event["properties"] == {"amount": "1.50", "at": "2026-01-01T12:00:00.123Z"}
    assert event["context"] == event["properties"]


def test_a_naive_time_stays_naive_for_landing_to_refuse(tmp_path: Path) -> None:
    naive = {"occurred_at": pa.array([AT.replace(tzinfo=None)], pa.timestamp("ms"))}
    [event] = events(tmp_path, envelope() | naive)
    assert event["occurred_at"] == "2026-01-01T12:00:00.123"


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([1.5, None, float("inf"), 2.0**60]), [1.5, None, "inf", 2.0**60]),
        (pa.array([b"text", b"\xff\xfe", ID.bytes, None]), ["text", "fffe", str(ID), None]),
        (pa.array([[1], None, []], pa.list_(pa.int64(), -1)), [[1], None, []]),
        (pa.array([[1, 2], None], pa.list_(pa.int64(), 2)), [[1, 2], None]),
        (pa.array([{"a": [{"b": Decimal("1.0")}]}, None]), [{"a": [{"b": "1.0"}]}, None]),
        (pa.array([[(1, 2.5)], None, []], pa.map_(pa.int64(), pa.float64())), [{"1": 2.5}, None, {}]),
        (pa.array([1, None], pa.time64("ns")), ["00:00:00", None]),
        (pa.array([date(1969, 12, 31)], pa.date64()), ["1969-12-31"]),
        (pa.array([datetime(2026, 7, 1, tzinfo=ZoneInfo("Asia/Tokyo"))]), ["2026-06-30T15:00:00.000Z"]),
        (pa.array([ID.bytes], pa.uuid()), [str(ID)]),
    ],
    ids=str,
)
def test_values(array: pa.Array, expected: list[Any]) -> None:
    assert plain_values(array) == expected
    padded = pa.concat_arrays([array[:1], array, array[:1]]) if not isinstance(array, pa.ExtensionArray) else array
    if padded is not array:
        assert plain_values(padded.slice(1, len(array))) == expected


def test_compressed_chunked_and_empty(tmp_path: Path) -> None:
    table = pa.table(envelope(10_000) | {"n": pa.array(range(10_000))})
    plain, packed = tmp_path / "t.parquet", tmp_path / "t.parquet.gz"
    pq.write_table(table, plain)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    moved: list[int] = []
    batches = list(read([plain], chunk_bytes=10_000, progress=moved.append))
    assert len(batches) > 50
    assert sum(moved) == plain.stat().st_size
    numbers = [orjson.loads(line)["properties"]["n"] for b in batches for line in b.lines.splitlines()]
    assert numbers == list(range(10_000))
    again = read([packed], chunk_bytes=10_000)
    assert [batch.batch_id for batch in again] == [batch.batch_id for batch in batches]
    pq.write_table(table.slice(0, 0), plain)
    assert list(read([plain])) == []


def test_a_torn_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(envelope(100)), path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableInputError, match=r"t\.parquet is not a whole Parquet file"):
        list(read([path]))


def test_a_type_without_a_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match=r"'took' is of type duration"):
        events(tmp_path, envelope() | {"took": pa.array([timedelta(seconds=1)])})
    with pytest.raises(BadTableError, match="no column for event_type or type"):
        events(tmp_path, {k: v for k, v in envelope().items() if k != "event_type"})


def test_memory_does_not_grow_with_the_file(tmp_path: Path, reading: Callable[[Path, int], tuple[int, int]]) -> None:
    peaks = []
    for rows in (100_000, 1_000_000):
        path = tmp_path / f"{rows}.parquet"
        columns = envelope(rows) | {"url": pa.array([f"https://shop.example/{n:060d}" for n in range(rows)])}
        pq.write_table(pa.table(columns), path, row_group_size=20_000)
        count, peak = reading(path, 1 << 20)
        assert count == rows
        peaks.append(peak)
    assert peaks[1] < 1.3 * peaks[0]
