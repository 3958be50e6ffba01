"""An export of all rows of a mart, page after page by continuation token: complete, and in constant memory."""

from __future__ import annotations

import hashlib
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import orjson

from serving_api.clickhouse import SETTINGS
from serving_api.endpoint import load as endpoints
from warehouse import publications
from warehouse.client import Identity, connect, http_endpoint
from warehouse.settings import Settings

_PATH = "/api/events"
_MART = "activity_feed"
_PAGE = 10_000


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
    """Read it all, every page asked for anew by the token of the one before; hashes of the rows on both sides."""
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
        "export_hash_equals_the_mart": float(read.hexdigest() == _mart(settings)),
    }


def _mart(settings: Settings) -> str:
    """Hash of the rows as ClickHouse gives them, a part of them at a time: a reader may have a million."""
    endpoint = next(e for e in endpoints() if e.header.path == _PATH)
    reader = http_endpoint(Identity.READER, settings)
    found, after = hashlib.sha256(), "[]"
    query = SETTINGS | {
        "database": "marts",
        "default_format": "JSONEachRow",
        "param_type": "\\N",
        "param_limit": "900000",
    }
    while True:
        url = f"{reader.url}/?{urllib.parse.urlencode(query | {'param_after': after})}"
        request = urllib.request.Request(url, data=endpoint.answer.sql.encode(), headers=dict(reader.headers))
        with urllib.request.urlopen(request, timeout=120) as answer:
            rows = answer.read()
        if not rows:
            return found.hexdigest()
        found.update(rows)
        last = orjson.loads(rows.rstrip(b"\n").rpartition(b"\n")[2])
        after = f"['{last['createdAt']}','{last['id']}']"


def _resident_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)
