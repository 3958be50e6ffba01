"""Bad input, absent things and failing parts: always a problem document, never a stack trace."""

from __future__ import annotations

import base64
import json
import urllib.parse
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from tests.serving_api.conftest import SECRET, bearer, endpoint_file, serving
from tests.serving_api.published import publish
from tests.serving_api.test_metrics import of, scraped
from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.settings import Settings

REVENUE = "/api/v1/marts/revenue"

HOSTILE = [
    "'",
    "''; DROP TABLE revenue; --",
    "\\",
    "\\'",
    "{startDate:Date}",
    "') UNION ALL SELECT * FROM system.users --",
    "\0",
    "\n\t\r\b",
    "2024-01-01' OR '1'='1",
    "\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0661",
    "²",
    "-1",
    "1e9",
    "9" * 400,
    "🐢" * 300,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "null",
    "\\N",
    "[]",
    "day,week",
    "A" * 20_000,
]


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= document.keys()
    assert document["status"] == status
    assert "Traceback" not in answer.text
    assert "DB::Exception" not in answer.text
    return document


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("colour=red", "colour", "startDate, endDate, granularity, groupBy, limit, cursor"),
        ("startDate=yesterday", "startDate", "YYYY-MM-DD"),
        ("startDate=2024-02-30", "startDate", "YYYY-MM-DD"),
        ("startDate=20240201", "startDate", "YYYY-MM-DD"),
        ("startDate=", "startDate", "YYYY-MM-DD"),
        ("startDate=2024-02-01T00:00:00Z", "startDate", "YYYY-MM-DD"),
        ("startDate=1969-12-31", "startDate", "between 1970-01-01"),
        ("endDate=2150-01-01", "endDate", "2149-06-06"),
        ("startDate=2024-02-02&endDate=2024-02-01", "startDate", "must not be after endDate"),
        ("startDate=1980-01-01&endDate=2024-02-01", "startDate", "7305 days"),
        ("startDate=2024-02-02&startDate=2024-02-03", "startDate", "more than once"),
        ("granularity=hour", "granularity", "daily"),
        ("granularity=Day", "granularity", "one of day, week, month"),
        ("groupBy=stream,user_id", "groupBy", "one of stream, currency, plan_id"),
        ("limit=0", "limit", "from 1 to 10000"),
        ("limit=10001", "limit", "from 1 to 10000"),
        ("limit=1.5", "limit", "whole number"),
        ("cursor=abc", "cursor", "meta.next"),
        ("cursor=WzEsMCwiYWJjIl0", "cursor", "belongs to other parameters"),
        ("cursor=Wzk5OTksMCwiYWJjIl0", "cursor", "meta.next"),
        ("cursor=WzEsLTEsImFiYyJd", "cursor", "meta.next"),
    ],
)
def test_a_bad_parameter_is_named(analyst: httpx.Client, query: str, parameter: str, message: str) -> None:
    document = problem(analyst.get(f"{REVENUE}?{query}"), 400)
    assert document["instance"] == REVENUE
    (error,) = document["errors"]
    assert error["parameter"] == parameter
    assert message in error["message"]


@pytest.mark.parametrize(
    ("path", "parameter", "message"),
    [
        ("/api/v1/admin/analytics/fraud?period=decade", "period", "one of day, week, month, quarter, year"),
        ("/api/v1/analytics/uploader/dashboard?period=day", "period", "one of week, month, quarter, year"),
        ("/api/analytics/client/spend?range=1y", "range", "one of 7d, 30d, 90d, 12m, all"),
        ("/analytics/client/spend-analysis?groupBy=colour", "groupBy", "one of job_type, category"),
        ("/api/v1/admin/analytics/creator-levels?startDate=2024-01-01", "startDate", "start_date, end_date"),
        ("/api/v1/admin/analytics/creator-levels?start_date=now", "start_date", "YYYY-MM-DD"),
        (
            "/api/v1/admin/analytics/creator-levels?start_date=2024-02-02&end_date=2024-02-01",
            "start_date",
            "must not be after end_date",
        ),
        ("/api/v1/analytics/uploader/dashboard?userId=", "userId", "1 to 200 characters"),
        ("/api/metrics/daily_signups?type=daily_signups", "type", "more than once"),
    ],
)
def test_a_bad_parameter_of_a_document_is_named(analyst: httpx.Client, path: str, parameter: str, message: str) -> None:
    (error,) = problem(analyst.get(path), 400)["errors"]
    assert error["parameter"] == parameter
    assert message in error["message"]


def test_a_cursor_is_of_one_kind_of_page(admin_client: httpx.Client) -> None:
    by_key = admin_client.get("/api/events?limit=1").json()["meta"]["next"].partition("cursor=")[2]
    by_number = admin_client.get(f"{REVENUE}?limit=1").json()["meta"]["next"].partition("cursor=")[2]
    for path, cursor in (("/api/events", by_number), (REVENUE, by_key)):
        problem(admin_client.get(path, params={"limit": 1, "cursor": cursor}), 400)
    # Keys that nobody was given: 1 of 2, and one with a quote.
    for keys in (["a"], ["a", "'"], ["a", 1]):
        forged = base64.urlsafe_b64encode(json.dumps([1, keys, "x"]).encode()).decode().rstrip("=")
        problem(admin_client.get("/api/events", params={"cursor": forged}), 400)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_of_users_types_and_metrics_do_no_harm(admin_client: httpx.Client, text: str) -> None:
    short = len(text) <= 200
    overview = admin_client.get("/analytics/freelancer/overview", params={"userId": text})
    events = admin_client.get("/api/events", params={"type": text})
    assert (overview.status_code, events.status_code) == ((200, 200) if short else (400, 400))
    if short:
        assert (overview.json()["totalEarnings"], events.json()["data"]) == (0, [])
    metric = admin_client.get(f"/api/metrics/{urllib.parse.quote(text[:3000])}")
    problem(metric, 404 if len(text) <= 400 else 400)


def test_all_bad_parameters_are_named_at_once(analyst: httpx.Client) -> None:
    document = problem(analyst.get(REVENUE, params={"limit": "x", "granularity": "x", "x": "x"}), 400)
    assert [error["parameter"] for error in document["errors"]] == ["x", "granularity", "limit"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_do_no_harm(analyst: httpx.Client, text: str) -> None:
    for name in ("startDate", "endDate", "granularity", "groupBy", "limit", "cursor", text[:500]):
        problem(analyst.get(REVENUE, params={name: text}), 400)
    score = analyst.get("/api/v1/marts/job_success_score", params={"freelancerId": text})
    if len(text) > 200:
        problem(score, 400)
    else:
        assert (score.status_code, score.json()["data"]) == (200, [])


@pytest.mark.parametrize("query", ["startDate=%ff%fe", "%00=%00", "&&&=", "limit=%2", "groupBy=%E2%82"])
def test_broken_encoding_is_a_bad_parameter(analyst: httpx.Client, query: str) -> None:
    problem(analyst.get(f"{REVENUE}?{query}"), 400)


def test_unknown_paths_and_methods(analyst: httpx.Client) -> None:
    problem(analyst.get("/api/v1/marts/secrets"), 404)
    problem(analyst.get("/api/v1/marts/revenue/"), 404)
    problem(analyst.get("/%00/%ff"), 404)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = analyst.request(method, REVENUE, json={})
        problem(refused, 405)
        assert refused.headers["allow"] == "GET"


@pytest.fixture
def failing(endpoint_folder: Path) -> Path:
    """Endpoints whose queries fail in one way each."""
    queries = {
        "slow": "select toUInt64(sleep(3)) as number",
        "huge": "select sum(number) as number from numbers(1000000000000)",
        "wrong": "select toUInt64('secret text') as number",
        "absent": "select number from no_such_mart",
    }
    for name, sql in queries.items():
        (endpoint_folder / f"{name}.sql").write_text(endpoint_file(name, sql, marts=["m"], timeout_seconds=1))
    return endpoint_folder


def test_failing_queries(engine: Settings, url: str, failing: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving(create_app(engine, Authority(SECRET), failing)) as api:
        for name, status in (("slow", 504), ("huge", 422), ("wrong", 500), ("absent", 503)):
            answer = httpx.get(f"{api}/api/{name}", headers=bearer(Role.ADMIN, "a-person"), timeout=10)
            assert "secret" not in str(problem(answer, status))
    ours = [record.getMessage() for record in caplog.records if record.name == "serving_api"]
    assert any("QueryFailedError" in message for message in ours)
    assert not any("secret" in message or "a-person" in message for message in ours)


def test_clickhouse_away_and_back(fresh_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(Role.ADMIN)
    with serving(create_app(fresh_home, Authority(SECRET))) as api:
        unpublished = httpx.get(api + REVENUE, headers=headers)
        assert problem(unpublished, 503)["type"] == "/docs#problem-nothing-published"
        assert httpx.get(f"{api}/status").json()["generation"] is None
        assert httpx.get(f"{api}/health").json() == {"status": "ok", "clickhouse": "ok"}

        publish(connect(Identity.ADMIN, fresh_home), 1, complete_through=None)
        wait_until_published(api)
        filled = httpx.get(api + REVENUE, headers=headers, params={"startDate": "2024-01-01"})
        assert (filled.status_code, "x-complete-through" in filled.headers) == (200, False)

        process.stop(fresh_home)
        # What was answered before is known, and nothing can have been published since.
        again = httpx.get(api + REVENUE, headers=headers, params={"startDate": "2024-01-01"})
        assert (again.status_code, again.content) == (200, filled.content)
        assert of(scraped(api), "warehouse_clickhouse_up") == 0
        monkeypatch.setattr("serving_api.absence.RETURN_SECONDS", 0)
        problem(httpx.get(api + REVENUE, headers=headers, params={"startDate": "2024-01-01"}), 503)
        for path in (f"{REVENUE}?limit=7", "/freshness", "/health"):
            away = httpx.get(api + path, headers=headers, timeout=30)
            problem(away, 503)
            assert int(away.headers["retry-after"]) > 0
        status = httpx.get(f"{api}/status").json()
        assert (status["clickhouse_version"], status["generation"]) == (None, None)

        process.start(fresh_home)
        assert httpx.get(api + REVENUE, headers=headers).status_code == 200


def wait_until_published(api: str) -> None:
    for _ in range(200):
        if httpx.get(f"{api}/status").json()["generation"] is not None:
            return
    raise AssertionError("the publication was not seen")
