"""The example services as processes of their own: each emits every event of its part of the catalog, all valid."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3

from ingestion.batch import Batch
from ingestion.catalog import load
from ingestion.landing import Lander
from tests.ingestion.client.server import Endpoint, endpoint
from warehouse.settings import Settings, project_root

_HTTP = urllib3.PoolManager()
_READY_SECONDS = 60.0


def of_the_catalog(*prefixes: str) -> set[str]:
    return {event.name for event in load().events if event.name.partition(".")[0] in prefixes}


@pytest.fixture
def collector() -> Iterator[Endpoint]:
    with endpoint() as serving:
        yield serving


def call(method: str, url: str, status: int, body: object = None) -> Any:
    response = _HTTP.request(method, url, json=body) if body is not None else _HTTP.request(method, url)
    assert response.status == status, response.data
    return json.loads(response.data) if response.data and status < 300 else None


@contextmanager
def serving(module: str, collector_url: str) -> Iterator[str]:
    """An example service; at the end it is told to stop, and has sent all when it has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(project_root()),
        "ANALYTICS_URL": collector_url,
        "ANALYTICS_KEY": "key",
        "PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", module], cwd=project_root(), env=environment)
    try:
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def assert_all_valid(home: Settings, events: list[dict[str, Any]]) -> None:
    lines = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    entry = Lander(home).land(Batch("examples", "examples", "examples", lines))
    assert (entry.stored, entry.quarantined) == (len(events), 0)


def test_the_auth_service_emits_all_its_events(collector: Endpoint, empty: Settings) -> None:
    with serving("examples.auth_service", collector.url) as url:
        ada = {"email": "ada@example.com", "password": "right"}
        call("GET", f"{url}/signup?session=visit&role=client", 200)
        user = call("POST", f"{url}/users", 201, {**ada, "session": "visit"})["user_id"]
        call("POST", f"{url}/users", 409, ada)
        session = call("POST", f"{url}/sessions", 201, ada)["session"]
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "pro"})
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "free"})
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "free"})
        call("DELETE", f"{url}/sessions/{session}", 204)
        for _ in range(4):
            call("POST", f"{url}/sessions", 401, {**ada, "password": "wrong"})
        call("POST", f"{url}/users/{user}/flag", 204, {"outcome": "confirmed"})
        call("POST", f"{url}/sessions", 401, ada)
    counts = Counter(event["event_type"] for event in collector.taken)
    assert counts.pop("api.request") == 14
    assert counts.pop("audit.recorded") == 1
    assert counts == dict.fromkeys(of_the_catalog("user", "signup", "account"), 1)
    assert_all_valid(empty, collector.taken)


def test_the_chat_service_emits_all_its_events(collector: Endpoint, empty: Settings) -> None:
    with serving("examples.chat_service", collector.url) as url:
        opened = call("POST", f"{url}/conversations", 201, {"user_id": "u1", "title": "Rome"})
        conversation = f"{url}/conversations/{opened['conversation_id']}"
        assert call("POST", f"{conversation}/messages", 200, {"text": "how far is it"}) == {"answer": "how far is it"}
        call("GET", f"{conversation}/export", 200)
        call("DELETE", conversation, 204)
        call("POST", f"{conversation}/messages", 404, {"text": "anybody?"})
    assert {e["event_type"] for e in collector.taken} == {*of_the_catalog("chat"), "feature.used"}
    (message,) = [e for e in collector.taken if e["event_type"] == "chat.message_sent"]
    assert (message["properties"]["tokens"], message["properties"]["cost"]) == (8, "0.0008")
    assert_all_valid(empty, collector.taken)
