"""Exports of all rows of a mart: by pages, and streamed in every format; complete, in constant memory, gone on with."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping

import orjson
import psutil

from bench.processes import resident_mib
from serving_api.clickhouse import STREAM_SETTINGS
from serving_api.endpoint import load as endpoints
from warehouse import publications
from warehouse.client import Identity, connect, http_endpoint, receive
from warehouse.settings import Settings

_PATH = "/api/events"
_MART = "activity_feed"
_PAGE = 10_000
_PIECE_BYTES = 1 << 16
#: Streams that are measured beside NDJSON, whose rows are compared one by one.
_FORMATS = ("csv", "parquet", "arrow")


def fill(settings: Settings, rows: int) -> None:
    """Publish a generation in which the mart has so many rows; the table in `build` is another after that."""
    client = connect(Identity.TRANSFORMER, settings)
    client.command(f"TRUNCATE TABLE build.{_MART}")
    client.command(
        f"INSERT INTO build.{_MART} (occurred_at, event_id, type, user_id, description, properties)"
        " SELECT toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(intDiv(number, 3)),"
        " reinterpretAsUUID(MD5(toString(number))), 'page.view', toString(number % 1000), '',"
        " map('n', toString(number))"
        f" FROM numbers({rows})"
    )
    publications.publish(client, [_MART], commit_seq=0, code="", seeds={}, run_id="bench-export", tests_passed=0)


def measure(settings: Settings, url: str, headers: Mapping[str, str], process: int) -> dict[str, float]:
    """The same rows by every way; hashes of them are compared with that of the rows as ClickHouse gives them."""
    whole = _mart(settings)
    figures = _pages(url, headers, process, whole) | _streamed(url, headers, process, whole)
    for form in _FORMATS:
        started, size = time.monotonic(), 0
        for piece in _pieces(url, f"{_PATH}?format={form}", headers):
            size += len(piece)
        figures[f"export_{form}_mib_per_s"] = round(size / (time.monotonic() - started) / (1 << 20), 1)
        figures[f"export_{form}_mib_of_memory"] = _resident_mib(process)
    return figures


def _pages(url: str, headers: Mapping[str, str], process: int, whole: str) -> dict[str, float]:
    """Page after page of JSON, every one asked for anew by the token of the one before."""
    read, count, pages = hashlib.sha256(), 0, 0
    following: str | None = f"{_PATH}?limit={_PAGE}"
    early = 0.0
    started = time.monotonic()
    while following:
        with urllib.request.urlopen(urllib.request.Request(url + following, headers=dict(headers)), timeout=60) as page:
            body = page.read()
        rows, meta = (
            body[len(b'{"data":[') : body.rindex(b'],"meta":')],
            orjson.loads(body[body.rindex(b'"meta":') + 7 : -2]),
        )
        # Rows are ClickHouse's own lines, with commas between them.
        read.update(rows.replace(b"},\n{", b"}\n{") + b"\n")
        count, pages, following = count + meta["rows"], pages + 1, meta["next"]
        if pages == 50:
            early = _resident_mib(process)
    seconds = time.monotonic() - started
    return {
        "export_rows": count,
        "export_rows_per_s": round(count / seconds),
        "export_mib_after_50_pages": early,
        "export_mib_at_the_end": _resident_mib(process),
        "export_hash_equals_the_mart": float(read.hexdigest() == whole),
    }


def _streamed(url: str, headers: Mapping[str, str], process: int, whole: str) -> dict[str, float]:
    """One stream of NDJSON, whole; then one that is left in the middle and gone on with from its last whole row."""
    read, rows = hashlib.sha256(), 0
    memory: list[float] = []
    started = time.monotonic()
    for piece in _pieces(url, f"{_PATH}?format=ndjson", headers):
        read.update(piece)
        rows += piece.count(b"\n")
        if len(memory) < rows // 1_000_000:
            memory.append(_resident_mib(process))
    seconds = time.monotonic() - started
    again, line, had = hashlib.sha256(), b"", 0
    for piece in _pieces(url, f"{_PATH}?format=ndjson", headers):
        lines, end, line = (line + piece).rpartition(b"\n")
        again.update(lines + end)
        had += lines.count(b"\n") + len(end)
        if had > rows // 2:
            break
    resumed = time.monotonic()
    for piece in _pieces(url, f"{_PATH}?format=ndjson&skip={had}", headers):
        if resumed:
            waited, resumed = time.monotonic() - resumed, 0.0
        again.update(piece)
    return {
        "export_ndjson_rows": rows,
        "export_ndjson_rows_per_s": round(rows / seconds),
        "export_ndjson_least_mib": min(memory, default=0.0),
        "export_ndjson_most_mib": max(memory, default=0.0),
        "export_ndjson_hash_equals_the_mart": float(read.hexdigest() == whole),
        "export_gone_on_with_after_rows": had,
        "export_gone_on_with_after_s": round(waited, 2),
        "export_gone_on_with_hash_equals_the_mart": float(again.hexdigest() == whole),
    }


def _pieces(url: str, path: str, headers: Mapping[str, str]) -> Iterator[bytes]:
    """The bytes of a stream; raises when it breaks off, which ends the connection."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(answer.read().decode())
        while piece := answer.read(_PIECE_BYTES):
            yield piece
    finally:
        connection.close()


def _mart(settings: Settings) -> str:
    """Hash of the rows as ClickHouse gives them to the reader."""
    endpoint = next(e for e in endpoints() if e.header.path == _PATH)
    query = STREAM_SETTINGS | {
        "database": "marts",
        "default_format": "JSONEachRow",
        "param_type": "\\N",
        "param_after": "[]",
        "param_limit": "1000000000",
    }
    found = hashlib.sha256()
    for piece in receive(http_endpoint(Identity.READER, settings), endpoint.answer.sql, parameters=query):
        found.update(piece)
    return found.hexdigest()


def _resident_mib(process: int) -> float:
    return round(resident_mib([psutil.Process(process)]), 1)
