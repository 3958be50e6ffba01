"""What the client sends, and what it does about the answers."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from ingestion.client import BufferFull, Client, Closed
from tests.ingestion.client.server import JSON, Endpoint, Reply, quick, refusing


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


def test_what_cannot_even_begin_is_reported_and_keeps_the_events(tmp_path: Path) -> None:
    with Client("no url at all", "key", quick(buffer_dir=tmp_path, close_seconds=0.1)) as client:
        client.track("page.view")
        assert client.flush(0.1) is False
        assert client.statistics.last_error is not None
    assert client.statistics.buffered == 1
    assert client.flush() is False
