"""One file of events for everybody: in one spelling, nothing refused, one in a hundred sent twice."""

from __future__ import annotations

from pathlib import Path

import urllib3

from bench.building import divided
from bench.landing import empty_raw
from ingestion.simulator import write
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, http_endpoint
from warehouse.settings import Settings

_PLAIN = """
SELECT event_id, event_type, occurred_at, user_id, session_id, source, context, properties
FROM raw.events ORDER BY received_seq
SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0
FORMAT JSONEachRow
"""

_PATIENCE = 600.0


def plain_events(settings: Settings, events: int, days: int) -> Path:
    """Simulated events as this warehouse understood them, so that nobody needs to know other spellings."""
    simulated, plain = settings.home / "simulated.ndjson", settings.home / "plain.ndjson"
    write(simulated, events=events, days=days, seed=1, duplicates=0.01)
    land(settings, [str(simulated)], "peers")
    endpoint = http_endpoint(Identity.ADMIN, settings)
    # Without a timeout of its own, urllib3 waits for three seconds.
    answer = urllib3.request(
        "POST", endpoint.url, body=_PLAIN, headers=endpoint.headers, preload_content=False, timeout=_PATIENCE
    )
    if answer.status != 200:
        raise RuntimeError(answer.read()[:500])
    with plain.open("wb") as file:
        for chunk in answer.stream(1 << 20):
            file.write(chunk)
    empty_raw(connect(Identity.ADMIN, settings))
    simulated.unlink()
    return plain


def delivered(plain: Path) -> tuple[Path, Path]:
    """Most of the events, and a delivery of the last two days and of one sixty days before."""
    return divided(plain)


def distinct(settings: Settings, database: str, table: str) -> tuple[int, int]:
    """Rows and distinct events of a table."""
    client = connect(Identity.ADMIN, settings, database=database)
    query = "SELECT count(), uniqExact(event_id) FROM {table:Identifier}"
    [(rows, events)] = client.query(query, parameters={"table": table}).result_rows
    return int(rows), int(events)
