"""What the producer client's methods make of what they are given."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.client import AsyncClient, Client, InvalidEvent, new_event_id
from tests.ingestion.client.server import Endpoint, quick
from warehouse.settings import project_root


def test_an_event_arrives_as_it_was_tracked(collector: Endpoint) -> None:
    at = datetime(2026, 1, 15, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with Client(collector.url, "key", quick(source="shop")) as client:
        event_id = client.track(
            "order.created",
            "u1",
            {"order_id": "o1", "amount": Decimal("10.50"), "on": date(2026, 1, 2), "at": at, "name": "Ünïcode\n"},
            session_id="s1",
            context={"ip": "192.0.2.7"},
            occurred_at=at,
        )
    assert collector.taken == [
        {
            "event_id": event_id,
            "event_type": "order.created",
            "occurred_at": "2026-01-15T09:30:00.123Z",
            "user_id": "u1",
            "session_id": "s1",
            "source": "shop",
            "context": {"ip": "192.0.2.7"},
            "properties": {
                "order_id": "o1",
                "amount": "10.50",
                "on": "2026-01-02",
                "at": "2026-01-15T09:30:00.123Z",
                "name": "Ünïcode\n",
            },
        }
    ]
    assert collector.requests[0].headers["Authorization"] == "Bearer key"
    assert collector.requests[0].headers["Content-Type"] == "application/x-ndjson"


def test_what_is_left_out_is_made_here(collector: Endpoint) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    with Client(collector.url, "key", quick()) as client:
        client.track("page.view")
    (event,) = collector.taken
    assert set(event) == {"event_id", "event_type", "occurred_at"}
    assert uuid.UUID(event["event_id"]).version == 7
    assert before <= datetime.fromisoformat(event["occurred_at"]) <= datetime.now(UTC)


def test_event_ids_sort_by_time_and_differ() -> None:
    ids = [new_event_id() for _ in range(5_000)]
    assert len(set(ids)) == len(ids)
    assert [i[:13] for i in ids] == sorted(i[:13] for i in ids)
    assert {uuid.UUID(i).variant for i in ids} == {uuid.RFC_4122}


def test_the_methods_the_source_systems_call(collector: Endpoint) -> None:
    with Client(collector.url, "key", quick()) as client:
        client.track_page_view("u", "/pricing", "/home", session_id="s")
        client.track_conversion("u", "trial", Decimal("9.90"))
        client.trackPageView("u", "/pricing")
        client.trackConversion("u", "trial")
    assert [(e["event_type"], e["user_id"], e["properties"]) for e in collector.taken] == [
        ("page.view", "u", {"url": "/pricing", "referrer": "/home"}),
        ("conversion", "u", {"type": "trial", "value": "9.90"}),
        ("page.view", "u", {"url": "/pricing"}),
        ("conversion", "u", {"type": "trial"}),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"event_type": ""},
        {"event_type": None},
        {"event_type": "x", "occurred_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - that is the point
        {"event_type": "x", "occurred_at": 5},
        {"event_type": "x", "properties": {"a": object()}},
        {"event_type": "x", "properties": {"a": float("nan")}},
        {"event_type": "x", "properties": {"a": "\ud800"}},
        {"event_type": "x", "properties": [1]},
        {"event_type": "x", "properties": {"a": "x" * 1024 * 1024}},
    ],
)
def test_what_can_never_be_an_event_is_counted_and_raised_only_when_asked(
    collector: Endpoint, bad: dict[str, Any]
) -> None:
    with Client(collector.url, "key", quick()) as client:
        assert client.track(**bad) is None
    assert client.statistics.tracked == client.statistics.rejected == 1
    with Client(collector.url, "key", quick(strict=True)) as strict, pytest.raises(InvalidEvent):
        strict.track(**bad)
    assert collector.requests == []


def test_the_async_client_has_the_same_methods_and_awaits_only_what_waits(collector: Endpoint) -> None:
    async def work() -> AsyncClient:
        async with AsyncClient(collector.url, "key", quick(linger_seconds=60.0)) as client:
            client.track("page.view", "u1")
            assert await client.flush(10)
            assert len(collector.taken) == 1
            client.track_conversion("u1", "trial")
        return client

    client = asyncio.run(work())
    assert client.statistics.sent == len(collector.taken) == 2


def test_a_copy_under_another_name_needs_nothing_of_the_project(collector: Endpoint, tmp_path: Path) -> None:
    shutil.copytree(project_root() / "ingestion" / "client", tmp_path / "acme_events")
    program = (
        "import sys; from acme_events import Client; client = Client(sys.argv[1], 'key'); client.track('page.view');"
        "client.close(); ours = {name.split('.')[0] for name in sys.modules} & {'ingestion', 'warehouse'};"
        "sys.exit(f'{ours} {client.statistics}' if ours or client.statistics.sent != 1 else 0)"
    )
    subprocess.run([sys.executable, "-c", program, collector.url], cwd=tmp_path, check=True)
    assert len(collector.taken) == 1
