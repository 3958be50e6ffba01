"""Landing against a bare streaming insert of the same file, and against a typical consumer."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import urllib3
from clickhouse_connect.driver.client import Client
from pydantic import AliasChoices, AwareDatetime, BaseModel, Field

from bench.home import simulated
from ingestion.landing import Lander, Totals
from ingestion.sources import open_source
from warehouse.client import Identity, connect, http_endpoint
from warehouse.settings import Settings

_CONSUMER_BATCH = 1_000

_BARE_TABLE = """
CREATE OR REPLACE TABLE warehouse.bare
(
    event_id UUID, event_type LowCardinality(String), occurred_at DateTime64(3, 'UTC'), user_id String,
    session_id String, source LowCardinality(String),
    context Map(LowCardinality(String), String), properties Map(LowCardinality(String), String)
)
ENGINE = MergeTree
ORDER BY (event_type, occurred_at, event_id)
"""


class Event(BaseModel):
    """The envelope, as a typical consumer declares it."""

    event_id: uuid.UUID = Field(validation_alias=AliasChoices("event_id", "id"))
    event_type: str = Field(validation_alias=AliasChoices("event_type", "type"), max_length=100)
    occurred_at: AwareDatetime = Field(validation_alias=AliasChoices("occurred_at", "timestamp", "created_at"))
    user_id: str = Field("", validation_alias=AliasChoices("user_id", "userId"), max_length=255)
    session_id: str = Field("", max_length=100)
    source: str = Field("", max_length=100)
    context: dict[str, Any] = {}
    properties: dict[str, Any] = Field(
        default={}, validation_alias=AliasChoices("properties", "data", "metadata", "event_data")
    )


def ours(settings: Settings, path: Path, turn: int) -> None:
    """Land the file, ledger included; a name of its own per turn, so that nothing is recognised."""
    lander, totals = Lander(settings), Totals()
    for entry in lander.land_all(open_source(f"bench{turn}", [path]).batches):
        totals.add(entry)
    if totals.received != totals.stored + totals.duplicates + totals.quarantined:
        raise AssertionError(totals)


def bare(settings: Settings, path: Path) -> None:
    """One streaming INSERT … FORMAT JSONEachRow into a table with the columns of raw.events."""
    endpoint = http_endpoint(Identity.ADMIN, settings)
    query = urlencode(
        {
            "query": "INSERT INTO warehouse.bare FORMAT JSONEachRow",
            "date_time_input_format": "best_effort",
            "input_format_skip_unknown_fields": 1,
            "input_format_null_as_default": 1,
            "async_insert": 0,
        }
    )
    with path.open("rb") as body:
        answer = urllib3.request(
            "POST",
            f"{endpoint.url}/?{query}",
            body=body,
            headers=endpoint.headers | {"Content-Length": str(path.stat().st_size)},
            retries=False,
        )
    if answer.status != 200:
        raise RuntimeError(answer.data.decode()[:500])


def consumer(client: Client, path: Path, events: int) -> None:
    """Validate each event with pydantic and insert a thousand at a time."""
    rows: list[list[object]] = []
    columns = list(Event.model_fields)
    with path.open("rb") as lines:
        for _, line in zip(range(events), lines, strict=False):
            event = Event.model_validate_json(line)
            values = event.model_dump()
            values["context"] = {k: str(v) for k, v in event.context.items()}
            values["properties"] = {
                k: v if isinstance(v, str) else json.dumps(v, default=str) for k, v in event.properties.items()
            }
            rows.append([values[column] for column in columns])
            if len(rows) == _CONSUMER_BATCH:
                client.insert("warehouse.bare", rows, column_names=columns)
                rows = []
    if rows:
        client.insert("warehouse.bare", rows, column_names=columns)


def measure(settings: Settings, *, events: int, consumer_events: int, turns: int) -> dict[str, float]:
    """Events per second of the three ways, medians over turns, and the ratios turn by turn."""
    admin = connect(Identity.ADMIN, settings)
    path = simulated(settings, events)
    rates: dict[str, list[float]] = {"ours": [], "bare": [], "consumer": []}
    for turn in range(turns + 1):
        ways: dict[str, tuple[int, Callable[[], None]]] = {
            "bare": (events, lambda: bare(settings, path)),
            "ours": (events, lambda turn=turn: ours(settings, path, turn)),  # type: ignore[misc]
            "consumer": (consumer_events, lambda: consumer(admin, path, consumer_events)),
        }
        for name, (count, run) in ways.items():
            admin.command(_BARE_TABLE)
            empty_raw(admin)
            started = time.perf_counter()
            run()
            if turn:  # the first turn warms up
                rates[name].append(count / (time.perf_counter() - started))
    return {
        **{f"{name}_events_per_s": round(median(values)) for name, values in rates.items()},
        "ratio_to_bare": round(median(a / b for a, b in zip(rates["ours"], rates["bare"], strict=True)), 2),
        "ratio_to_consumer": round(median(a / b for a, b in zip(rates["ours"], rates["consumer"], strict=True)), 1),
    }


def empty_raw(admin: Client) -> None:
    for table in ("events", "quarantine", "receipts", "duplicates", "batches"):
        admin.command(f"TRUNCATE TABLE raw.{table}")
