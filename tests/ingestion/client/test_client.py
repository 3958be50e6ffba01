"""The client against a real HTTP server: what it sends, and what it does with each answer."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.client import AsyncClient, BufferFull, Client, Closed, InvalidEvent, Options, new_event_id
from tests.ingestion.client.server import JSON, Endpoint, Reply
from warehouse.settings import project_root

QUICK: dict[str, Any] = {
    "linger_seconds": 0.02,
    "min_backoff_seconds": 0.01,
    "max_backoff_seconds": 0.05,
    "close_seconds": 10.0,
}


def quick(**more: Any) -> Options:
    return Options(**{**QUICK, **more})


def refusing(status: int, **body: Any) -> Reply:
    return Reply(status, headers=JSON, body=json.dumps(body or {"detail": "no"}).encode())


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


def test_batches_are_bounded_by_count_and_bytes_and_large_ones_are_compressed(collector: Endpoint) -> None:
    with Client(collector.url, "key", quick(batch_events=10, linger_seconds=60.0)) as client:
        for number in range(25):
            client.track("page.view", f"u{number}")
        assert client.flush(10)
    assert [len(request.events) for request in collector.requests] == [10, 10, 5]
    assert [event["user_id"] for event in collector.taken] == [f"u{number}" for number in range(25)]
    collector.requests.clear()
    with Client(collector.url, "key", quick(batch_bytes=10_000, linger_seconds=60.0)) as client:
        for _ in range(10):
            client.track("page.view", properties={"url": "x" * 4_000})
    assert [len(request.events) for request in collector.requests] == [2] * 5
    assert all(request.headers["Content-Encoding"] == "gzip" for request in collector.requests)
    assert all(request.body_size < 1_000 for request in collector.requests)


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


def test_a_full_buffer_drops_the_newest_counts_them_and_says_so(
    collector: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    collector.behave = lambda request: Reply(503)
    client = Client(collector.url, "key", quick(buffer_bytes=1_000, min_backoff_seconds=0.05))
    accepted = [event_id for _ in range(50) if (event_id := client.track("page.view")) is not None]
    assert 0 < len(accepted) < 50
    assert client.statistics.dropped == 50 - len(accepted)
    assert "dropped" in caplog.text
    collector.behave = lambda request: None
    assert client.close()
    assert sorted(set(collector.ids)) == sorted(accepted)
    statistics = client.statistics
    assert (statistics.tracked, statistics.sent, statistics.buffered) == (50, len(accepted), 0)


def test_strict_raises_what_went_wrong(collector: Endpoint) -> None:
    collector.behave = lambda request: Reply(503)
    client = Client(collector.url, "key", quick(buffer_bytes=300, strict=True, close_seconds=0.0))
    client.track("page.view")
    client.track("page.view")
    with pytest.raises(BufferFull):
        client.track("page.view")
    client.close()
    with pytest.raises(Closed):
        client.track("page.view")


def test_a_verdict_is_counted_and_logged_without_the_events_content(
    collector: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    answer = {"received": 2, "invalid": [{"index": 1, "reason": "missing_field:order_id"}]}
    collector.behave = lambda request: Reply(headers=JSON, body=json.dumps(answer).encode(), after_taking=True)
    with Client(collector.url, "top-secret", quick(linger_seconds=60.0)) as client:
        client.track("page.view", "u1", {"email": "private"})
        bad = client.track("order.created", "u2", {"email": "private"})
    assert (client.statistics.sent, client.statistics.invalid) == (2, 1)
    assert f"{bad} of type order.created" in caplog.text
    assert "missing_field:order_id" in caplog.text
    assert "private" not in caplog.text
    assert "top-secret" not in caplog.text


def test_a_request_that_is_too_large_is_split_down_to_the_event_that_is(collector: Endpoint) -> None:
    def behave(request: Any) -> Reply | None:
        large = len(request.events) > 3 or any(event["user_id"] == "u5" for event in request.events)
        return refusing(413) if large else None

    collector.behave = behave
    with Client(collector.url, "key", quick(linger_seconds=60.0)) as client:
        for number in range(10):
            client.track("page.view", f"u{number}")
    assert [event["user_id"] for event in collector.taken] == [f"u{n}" for n in range(10) if n != 5]
    assert (client.statistics.sent, client.statistics.rejected) == (9, 1)


@pytest.mark.parametrize("status", [400, 415])
def test_what_the_collector_refuses_is_counted_and_put_aside(collector: Endpoint, status: int, tmp_path: Path) -> None:
    collector.behave = lambda request: refusing(status, detail="no NDJSON")
    with Client(collector.url, "key", quick(buffer_dir=tmp_path, linger_seconds=60.0)) as client:
        ids = [client.track("page.view") for _ in range(3)]
    assert (client.statistics.rejected, client.statistics.buffered) == (3, 0)
    (kept,) = (tmp_path / "rejected").iterdir()
    assert [json.loads(line)["event_id"] for line in kept.read_bytes().splitlines()] == ids
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401),
        Reply(403),
        Reply(404),
        Reply(301, headers={"Location": "http://127.0.0.1:9/"}),
        Reply(200, body=b"<html>welcome</html>"),
        Reply(202, body=b'{"received": 0}'),
        Reply(400, body=b"a proxy is not amused"),
        Reply(408),
        Reply(429),
        Reply(500),
        Reply(502, body=b"bad gateway"),
        Reply(503, headers={"Retry-After": "0"}),
        Reply(503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        Reply(503, headers={"Retry-After": "soon"}),
        Reply(cut=True),
        Reply(cut=True, after_taking=True),
    ],
    ids=lambda reply: f"{reply.status}{'-cut' if reply.cut else ''}",
)
def test_anything_else_keeps_the_events_until_it_is_better(collector: Endpoint, reply: Reply) -> None:
    bad = 3

    def behave(_: object) -> Reply | None:
        nonlocal bad
        bad -= 1
        return reply if bad >= 0 else None

    collector.behave = behave
    with Client(collector.url, "key", quick()) as client:
        ids = [client.track("page.view") for _ in range(5)]
        assert client.flush(20)
        assert client.statistics.last_error is None
    assert list(dict.fromkeys(collector.ids)) == ids
    assert client.statistics.sent == 5
    # A retry is the same events in the same order.
    first, *others = [request.events for request in collector.requests if request.events[0]["event_id"] == ids[0]]
    assert len(others) >= 3
    assert all(other == first for other in others)


def test_the_pause_the_collector_asks_for_is_kept_even_at_the_end(collector: Endpoint) -> None:
    collector.behave = lambda request: Reply(503, headers={"Retry-After": "120"})
    client = Client(collector.url, "key", quick(linger_seconds=0.0))
    client.track("page.view")
    while client.statistics.last_error is None:
        time.sleep(0.01)
    assert client.close() is False
    assert len(collector.requests) == 1
    assert (client.statistics.dropped, client.statistics.buffered) == (1, 0)


def test_a_caller_waits_for_nothing_while_the_collector_hangs(collector: Endpoint) -> None:
    # The server answers only when this test is over: had any call waited for it, the test would not end.
    collector.behave = lambda request: Reply(hang=True)
    client = Client(collector.url, "key", quick(batch_events=10), timeout=60.0)
    assert all(client.track("page.view") for _ in range(2_000))
    assert client.flush(0.05) is False
    assert client.close(0.05) is False
    assert client.track("page.view") is None
    assert client.statistics.buffered == 2_000


def test_a_token_may_be_a_function_that_fails_for_a_while(collector: Endpoint) -> None:
    tokens = iter(["first"])

    def token() -> str:
        try:
            return next(tokens)
        except StopIteration:
            raise RuntimeError("the vault is closed") from None

    with Client(collector.url, token, quick()) as client:
        client.track("page.view")
        assert client.flush(10)
        client.track("page.view")
        assert client.flush(0.2) is False
        assert client.statistics.last_error == "RuntimeError: the vault is closed"
        tokens = iter(["second"])
    assert [request.headers["Authorization"] for request in collector.requests] == ["Bearer first", "Bearer second"]


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


def test_what_cannot_even_begin_is_reported_and_keeps_the_events(tmp_path: Path) -> None:
    with Client("no url at all", "key", quick(buffer_dir=tmp_path, close_seconds=0.1)) as client:
        client.track("page.view")
        assert client.flush(0.1) is False
        assert client.statistics.last_error is not None
    assert client.statistics.buffered == 1
    assert client.flush() is False


def test_a_forked_child_sends_its_own_events_and_not_its_parents(collector: Endpoint, tmp_path: Path) -> None:
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path, linger_seconds=60.0))
    parents = client.track("page.view", "parent")
    child = os.fork()
    if child == 0:
        ok = client.statistics.tracked == 0
        client.track("page.view", "child")
        ok = ok and client.close(10) and client.statistics.sent == 1
        os._exit(0 if ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [event["user_id"] for event in collector.taken] == ["child"]
    assert client.close()
    assert collector.ids.count(str(parents)) == 1
    assert len(collector.taken) == 2
    assert [path for path in tmp_path.iterdir() if path.name != "rejected"] == []


def test_forks_in_the_middle_of_tracking_neither_hang_nor_mix(collector: Endpoint, tmp_path: Path) -> None:
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path))
    enough = threading.Event()
    own: list[list[str | None]] = [[] for _ in range(3)]

    def produce(ids: list[str | None]) -> None:
        while not enough.wait(0.0005):
            ids.append(client.track("page.view", "parent"))

    threads = [threading.Thread(target=produce, args=(ids,)) for ids in own]
    for thread in threads:
        thread.start()
    for _ in range(10):
        child = os.fork()
        if child == 0:
            client.track("page.view", "child")
            done = client.close(20) and client.statistics.sent == client.statistics.tracked == 1
            os._exit(0 if done else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    enough.set()
    for thread in threads:
        thread.join()
    assert client.close(20)
    arrived = {event["event_id"]: event["user_id"] for event in collector.taken}
    assert {i for ids in own for i in ids} == {event_id for event_id, user in arrived.items() if user == "parent"}
    assert list(arrived.values()).count("child") == 10


def test_a_copy_under_another_name_needs_nothing_of_the_project(collector: Endpoint, tmp_path: Path) -> None:
    shutil.copytree(project_root() / "ingestion" / "client", tmp_path / "acme_events")
    program = (
        "import sys; from acme_events import Client; client = Client(sys.argv[1], 'key'); client.track('page.view');"
        "client.close(); ours = {name.split('.')[0] for name in sys.modules} & {'ingestion', 'warehouse'};"
        "sys.exit(f'{ours} {client.statistics}' if ours or client.statistics.sent != 1 else 0)"
    )
    subprocess.run([sys.executable, "-c", program, collector.url], cwd=tmp_path, check=True)
    assert len(collector.taken) == 1


def test_a_folder_that_cannot_be_used_means_memory_and_a_message(
    collector: Endpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with Client(collector.url, "key", quick(buffer_dir=tmp_path / "file")) as client:
        client.track("page.view")
    assert len(collector.taken) == 1
    assert "memory only" in caplog.text


def test_a_disk_that_takes_only_a_part_of_an_event_loses_none(collector: Endpoint, tmp_path: Path) -> None:
    # The kernel cuts the write that passes the limit, as a full disk does.
    program = (
        "import resource, sys; from ingestion.client import Client, Options;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000));"
        "client = Client(sys.argv[1], 'key', Options(buffer_dir=sys.argv[2], linger_seconds=60.0));"
        "ids = [client.track('page.view', f'u{n}') for n in range(100)]; client.flush(); print(*ids)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, collector.url, str(tmp_path / "buffer")],
        cwd=project_root(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.split() == collector.ids
    assert "does not take an event" in said.stderr


def test_a_folder_that_is_removed_loses_nothing_that_comes_after(collector: Endpoint, tmp_path: Path) -> None:
    collector.behave = lambda request: Reply(503, headers={"Retry-After": "2"})
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path, batch_events=1))
    client.track("page.view")
    while client.statistics.last_error is None:
        time.sleep(0.01)
    (own,) = tmp_path.iterdir()
    own.rename(tmp_path.parent / f"{own.name}-away")
    later = client.track("page.view")
    collector.behave = lambda request: None
    assert client.flush(30)
    client.close()
    assert collector.ids == [later]
    assert (client.statistics.sent, client.statistics.dropped) == (1, 1)
