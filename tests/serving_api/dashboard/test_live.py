"""Whoever listens is told of each publication, and streams end when the server does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.dashboard.live import PATH, Closing
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.published import COMPLETE_THROUGH, point
from warehouse.settings import Settings


def publications(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_each_publication_is_told(url: str, admin: Client) -> None:
    with httpx.stream("GET", url + PATH, headers=bearer(Role.VENDOR), timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        told = publications(answer)
        first = next(told)
        assert first["generation"] == 1
        assert first["complete_through"] == COMPLETE_THROUGH.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        point(admin, 1, action="rollback")
        second = next(told)
    assert second["generation"] == 1
    assert second["published_at"] > first["published_at"]


def test_without_a_token_nothing_is_told(url: str) -> None:
    assert httpx.get(url + PATH).status_code == 401


def test_a_server_that_stops_ends_its_streams(engine: Settings, url: str) -> None:
    app = create_app(engine, Authority(SECRET))
    with serving(app) as address, httpx.stream("GET", address + PATH, headers=bearer(Role.ADMIN), timeout=30) as answer:
        told = publications(answer)
        next(told)
        app.state.closing.close()
        assert list(told) == []


def test_how_long_somebody_listens_is_no_latency(engine: Settings, url: str) -> None:
    with serving(create_app(engine, Authority(SECRET))) as address:
        with httpx.stream("GET", address + PATH, headers=bearer(Role.ADMIN), timeout=30) as answer:
            next(publications(answer))
        httpx.get(f"{address}/status")
        seen = httpx.get(f"{address}/metrics", headers=bearer(Role.ADMIN)).text
    assert 'warehouse_api_request_seconds_count{method="GET",route="/status",status="2xx"} 1.0' in seen
    assert f'route="{PATH}"' not in seen


def test_waiting_ends_early_only_when_the_server_does() -> None:
    async def wait() -> tuple[bool, bool]:
        closing = Closing()
        before = await closing.within(0.01)
        closing.close()
        return before, await closing.within(60)

    assert asyncio.run(wait()) == (False, True)


@pytest.fixture(autouse=True)
def _a_new_look() -> None:
    # What the API remembers of the generation in force is older than the test then.
    time.sleep(0.6)
