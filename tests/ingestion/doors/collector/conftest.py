"""The collector over real HTTP, on the shared engine."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from ingestion.doors.collector.access import Access, ApiKey, api_keys
from ingestion.doors.collector.app import create_app
from warehouse.settings import Settings
from warehouse.tokens import Role, Verifier

KEY = "a-key-of-the-tests-0123456789"
SECRET = "a-secret-of-the-tests-with-more-than-32-bytes"
EVENTS = "/api/analytics/events"
FINANCIALS = "/api/analytics/financials"
METRICS = "/api/metrics/upsert"


def access() -> Access:
    """One API key, and tokens signed with SECRET."""
    return Access(api_keys(f"tests:{KEY}"), Verifier(SECRET))


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Run an application on a free port of loopback; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="on"))
    thread = threading.Thread(target=server.run)
    thread.start()
    started = threading.Event()
    while not server.started and thread.is_alive():
        started.wait(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def collecting(settings: Settings, keys: Access | None = None) -> Iterator[httpx.Client]:
    """A collector on a home, and a client that has its key."""
    with (
        serving(create_app(settings, keys or access())) as url,
        httpx.Client(base_url=url, headers={"X-API-Key": KEY}, timeout=40) as client,
    ):
        yield client


@pytest.fixture
def client(empty: Settings) -> Iterator[httpx.Client]:
    """A client of a collector whose warehouse is empty."""
    with collecting(empty) as client:
        yield client


@pytest.fixture
def admin_access() -> Access:
    """The key in the role of an admin."""
    key: ApiKey = api_keys(f"tests:{KEY}")[0]
    return Access([ApiKey(key.name, key.digest, Role.ADMIN)], None)


def event(**changes: object) -> dict[str, object]:
    return {
        "event_id": str(uuid.uuid4()),
        "event_type": "user.signin",
        "occurred_at": "2025-05-01T10:00:00Z",
        "user_id": "u1",
    } | changes


def line(**changes: object) -> bytes:
    return json.dumps(event(**changes)).encode()


def ndjson(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"
