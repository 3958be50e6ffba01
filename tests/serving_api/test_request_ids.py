"""The id of a request: in the answer, in problems, in the log, and among ClickHouse's queries."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from pathlib import Path

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.observing.logs import JsonLines
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.settings import Settings

REVENUE = "/api/v1/marts/revenue"
HEADER = "X-Request-Id"

SLOW = """/*
path: /api/slow
summary: s
description: d
source: s
roles: [analyst]
shape: object
parts:
  one: {shape: rows, description: d, order: [number], columns: {number: {type: UInt8, description: d}}}
  two: {shape: rows, description: d, order: [number], columns: {number: {type: UInt8, description: d}}}
*/
-- part: one
select toUInt8(1 + sleep(1)) as number
-- part: two
select toUInt8(2 + sleep(1)) as number
"""
BROKEN = """/*
path: /api/broken
summary: s
description: d
source: s
roles: [analyst]
grain: g
order: [number]
columns:
  number: {type: UInt8, description: d}
*/
select nonsense as number
"""


@pytest.fixture
def own(endpoint_folder: Path) -> Path:
    (endpoint_folder / "slow.sql").write_text(SLOW)
    (endpoint_folder / "slower.sql").write_text(SLOW.replace("/api/slow", "/api/slower"))
    (endpoint_folder / "broken.sql").write_text(BROKEN)
    return endpoint_folder


def test_an_id_is_taken_over_or_made(url: str) -> None:
    headers = bearer(Role.ANALYST)
    sent = httpx.get(url + REVENUE, headers=headers | {HEADER: "job-17.attempt_2"})
    assert sent.headers[HEADER] == "job-17.attempt_2"
    for wrong in ("short", "someone@example.com", "with space", "x" * 65, "-begins-with-it", "a'b'c'd'e"):
        made = httpx.get(url + REVENUE, headers=headers | {HEADER: wrong}).headers[HEADER]
        assert re.fullmatch("[0-9a-f]{32}", made), wrong
    assert len({httpx.get(f"{url}/status").headers[HEADER] for _ in range(3)}) == 3


def test_every_problem_has_it(engine: Settings, own: Path, url: str) -> None:
    with serving(create_app(engine, Authority(SECRET), own)) as api:
        for path, headers, status in (
            ("/nowhere", {}, 404),
            ("/api/slow", {}, 401),
            ("/api/slow?x=1", bearer(Role.ANALYST), 400),
            ("/api/broken", bearer(Role.ANALYST), 500),
        ):
            answer = httpx.get(api + path, headers=headers | {HEADER: f"problem-{status}"})
            assert answer.status_code == status
            assert answer.json()["request_id"] == answer.headers[HEADER] == f"problem-{status}"


def test_what_nobody_expected_is_found_as_well(engine: Settings) -> None:
    app = create_app(engine, Authority(SECRET))

    @app.get("/boom")
    async def boom() -> None:
        raise ZeroDivisionError

    with serving(app) as api:
        answer = httpx.get(f"{api}/boom", headers={HEADER: "unexpected-1"})
        counted = 'warehouse_api_request_seconds_count{method="GET",route="/boom",status="5xx"} 1.0'
        assert counted in httpx.get(f"{api}/metrics").text
    assert (answer.status_code, answer.headers[HEADER]) == (500, "unexpected-1")
    assert answer.json()["request_id"] == "unexpected-1"


def test_queries_of_a_request_are_found_by_it(engine: Settings, own: Path, url: str, admin: Client) -> None:
    headers = bearer(Role.ANALYST) | {HEADER: "slow-request-1"}
    seen: set[str] = set()

    def look() -> None:
        found = admin.query(
            "SELECT query_id FROM system.processes WHERE startsWith(query_id, {id:String})",
            parameters={"id": "slow-request-1."},
        ).result_rows
        seen.update(str(query_id) for (query_id,) in found)

    async def both(api: str) -> list[httpx.Response]:
        # Of one id, at once: ClickHouse runs no second query with the query_id of one that runs.
        async with httpx.AsyncClient(base_url=api, headers=headers, timeout=30) as client:
            asked = asyncio.gather(client.get("/api/slow"), client.get("/api/slower"))
            while not asked.done():
                await asyncio.to_thread(look)
                await asyncio.sleep(0.01)
            return await asked

    with serving(create_app(engine, Authority(SECRET), own)) as api:
        assert [answer.status_code for answer in asyncio.run(both(api))] == [200, 200]
    assert len(seen) == 4


def test_a_line_of_the_log_is_json_with_the_id_and_nobody_in_it(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="serving_api")
    caplog.handler.setFormatter(JsonLines())
    headers = bearer(Role.ANALYST, "the-analyst") | {HEADER: "logged-request"}
    httpx.get(f"{url}/api/v1/marts/job_success_score", headers=headers, params={"freelancerId": "a-freelancer"})
    httpx.get(f"{url}/api/metrics/a-vendor", headers=headers)
    httpx.get(f"{url}/health/live", headers=headers)
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    requests = [line for line in lines if line.get("event") == "request"]
    assert [(line["route"], line["method"], line["status"]) for line in requests] == [
        ("/api/v1/marts/job_success_score", "GET", 200),
        ("/api/metrics/{type}", "GET", 404),
    ]
    assert {line["request_id"] for line in requests} == {"logged-request"}
    assert all({"time", "level", "logger", "duration_ms"} <= line.keys() for line in requests)
    assert not [name for name in ("a-freelancer", "the-analyst", "a-vendor", "127.0.0.1") if name in caplog.text]
