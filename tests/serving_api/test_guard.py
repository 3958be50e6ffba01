"""At the door: how often one may ask, what browsers are told, what is written down of admins, and of nobody else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.guard import SECURITY_HEADERS
from serving_api.rates import REMEMBERED_CALLERS, WINDOW_SECONDS, Rates
from tests.serving_api.conftest import SECRET, bearer, endpoint_file, serving
from warehouse.errors import SettingsError
from warehouse.settings import Settings, get_settings

REVENUE = "/api/v1/marts/revenue"
SCORE = "/api/v1/marts/job_success_score"
ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def api(engine: Settings, url: str) -> Iterator[str]:
    """The API as it guards by default, for the pages of one origin; `url` has published something."""
    settings = engine.model_copy(
        update={"api_rate_per_minute": get_default("api_rate_per_minute"), "api_cors_origins": (ORIGIN,)}
    )
    with serving(create_app(settings, Authority(SECRET))) as address:
        yield address


def get_default(name: str) -> Any:
    return Settings.model_fields[name].default


def test_a_token_may_ask_a_hundred_times_a_minute(api: str) -> None:
    headers = bearer(Role.ANALYST, "busy")
    with httpx.Client(base_url=api, headers=headers) as client:
        first = client.get(REVENUE, params={"limit": 1})
        etag = {"If-None-Match": first.headers["etag"]}
        rest = [client.get(REVENUE, params={"limit": 1}, headers=etag) for _ in range(99)]
        refused = client.get(REVENUE, params={"limit": 1})
    answers = [first, *rest]
    assert [answer.status_code for answer in answers] == [200] + [304] * 99
    assert [int(answer.headers["ratelimit-remaining"]) for answer in answers] == list(range(99, -1, -1))
    assert {answer.headers["ratelimit-limit"] for answer in [*answers, refused]} == {"100"}
    assert all(0 < int(answer.headers["ratelimit-reset"]) <= 61 for answer in [*answers, refused])
    assert (refused.status_code, refused.json()["type"]) == (429, "/docs#problem-rate-limited")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    # Another token of the same person is another one.
    assert httpx.get(api + REVENUE, headers=bearer(Role.ADMIN, "busy")).status_code == 200


def test_without_a_valid_token_the_address_counts(engine: Settings, url: str) -> None:
    settings = engine.model_copy(update={"api_rate_per_minute": 3})
    with serving(create_app(settings, Authority(SECRET))) as api:
        tries = [
            httpx.get(f"{api}/status"),
            httpx.get(api + REVENUE, headers={"Authorization": "Bearer one.that.is-none"}),
            httpx.get(api + REVENUE, headers={"Authorization": "Bearer another.that.is-none"}),
            httpx.get(api + REVENUE),
        ]
        assert [answer.status_code for answer in tries] == [200, 401, 401, 429]
        assert httpx.get(api + REVENUE, headers=bearer(Role.ANALYST)).status_code == 200


@given(
    gaps=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=80),
    limit=st.integers(1, 5),
    start=st.floats(0, 9),
)
def test_no_minute_has_more_than_the_limit_and_everybody_gets_it(gaps: list[float], limit: int, start: float) -> None:
    now = [start]
    rates = Rates(limit, clock=lambda: now[0])
    passed: list[float] = []
    for gap in gaps:
        now[0] += gap
        verdict = rates.ask("somebody")
        # Seconds are whole: a minute may last one more.
        recent = [at for at in passed if now[0] - at < WINDOW_SECONDS + 1]
        if verdict.allowed:
            passed.append(now[0])
            assert len([at for at in passed if now[0] - at < WINDOW_SECONDS]) <= limit
        else:
            assert len(recent) >= limit
            now[0] += verdict.reset
            assert rates.ask("somebody").allowed
            passed.append(now[0])


def test_callers_are_forgotten_before_memory_is_full() -> None:
    rates = Rates(1, clock=lambda: 0)
    assert rates.ask("first").allowed
    for number in range(REMEMBERED_CALLERS):
        rates.ask(str(number))
    assert rates.ask("first").allowed
    assert not rates.ask(str(REMEMBERED_CALLERS - 1)).allowed


@pytest.mark.parametrize("path", [REVENUE, "/docs", "/nowhere", "/health", f"{REVENUE}?limit=x"])
def test_every_answer_has_the_headers_that_keep_browsers_safe(api: str, path: str) -> None:
    for headers in (bearer(Role.ANALYST, "careful"), {}):
        answer = httpx.get(api + path, headers=headers)
        assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_only_pages_of_listed_origins_may_read(api: str, url: str) -> None:
    preflight = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    asked = httpx.options(api + REVENUE, headers={"Origin": ORIGIN, **preflight})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    answer = httpx.get(api + REVENUE, headers=bearer(Role.ANALYST, "page") | {"Origin": ORIGIN})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "RateLimit-Remaining" in answer.headers["access-control-expose-headers"]
    assert {"Origin", "Authorization"} <= set(answer.headers["vary"].replace(" ", "").split(","))
    for address, origin in ((api, "https://app.example.com.evil.example"), (api, "null"), (url, ORIGIN)):
        other = httpx.get(address + REVENUE, headers=bearer(Role.ANALYST, "page") | {"Origin": origin})
        assert "access-control-allow-origin" not in other.headers
        assert httpx.options(address + REVENUE, headers={"Origin": origin, **preflight}).status_code in (400, 405)


@pytest.mark.parametrize("origins", ["*", "https://*.example.com", "app.example.com", "https://a.example/path"])
def test_what_is_no_origin_is_refused_at_start(monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    monkeypatch.setenv("API_CORS_ORIGINS", origins)
    with pytest.raises(SettingsError, match="API_CORS_ORIGINS"):
        get_settings()


def test_origins_and_rate_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_CORS_ORIGINS", "https://a.example, http://localhost:5173")
    monkeypatch.setenv("API_RATE_PER_MINUTE", "7")
    settings = get_settings()
    assert settings.api_cors_origins == ("https://a.example", "http://localhost:5173")
    assert settings.api_rate_per_minute == 7


def test_reads_of_admins_are_written_down_and_persons_nowhere(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = {"freelancerId": "a-freelancer", "limit": "5"}
    httpx.get(url + SCORE, headers=bearer(Role.ADMIN, "the-admin"), params=asked)
    httpx.get(f"{url}/api/metrics/a-vendor", headers=bearer(Role.ADMIN, "the-admin"))
    httpx.get(f"{url}/freshness", headers=bearer(Role.ADMIN, "the-admin"))
    httpx.get(url + SCORE, headers=bearer(Role.ANALYST, "the-analyst"), params=asked)
    httpx.get(url + SCORE, headers=bearer(Role.FREELANCER, "a-freelancer"))
    httpx.get(url + REVENUE, headers=bearer(Role.ADMIN, "the-admin"), params={"a-freelancer": "a-freelancer"})
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "serving_api.audit"]
    assert [(line["sub"], line["route"], line["status"]) for line in lines] == [
        ("the-admin", SCORE, 200),
        ("the-admin", "/api/metrics/{type:path}", lines[1]["status"]),
        ("the-admin", "/freshness", 200),
        ("the-admin", REVENUE, 400),
    ]
    assert lines[0] == {
        "event": "admin_read",
        "sub": "the-admin",
        "route": SCORE,
        "parameters": {"freelancerId": "…", "limit": 5},
        "status": 200,
        "generation": "1",
    }
    # The client's own log is not ours, and the server's access log, which pytest listens to, is switched off.
    others = ("httpx", "httpcore", "uvicorn.access")
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(others)]
    assert not [text for text in ours if any(name in text for name in ("a-freelancer", "the-analyst", "a-vendor"))]


LIMITS = {
    "time": ("select toUInt64(sleepEachRow(0.1)) as number from numbers(100) settings max_execution_time = 1", 504),
    "memory": (
        "select length(groupArray(number)) as number from numbers(9000000) settings max_memory_usage = 2000000",
        422,
    ),
    "read": ("select sum(transaction_count) as number from revenue settings max_rows_to_read = 10", 422),
    "result": ("select number from numbers(2000000) order by number", 422),
    "more": ("select 1 as number settings max_memory_usage = 0", 500),
}


def test_a_query_beyond_the_readers_limits_is_a_problem_that_says_so(
    engine: Settings, url: str, endpoint_folder: Path
) -> None:
    for name, (sql, _) in LIMITS.items():
        (endpoint_folder / f"{name}.sql").write_text(endpoint_file(name, sql))
    with serving(create_app(engine, Authority(SECRET), endpoint_folder)) as api:
        for name, (_, status) in LIMITS.items():
            answer = httpx.get(f"{api}/api/{name}", headers=bearer(Role.ADMIN), timeout=30)
            assert (answer.status_code, answer.json()["status"]) == (status, status), name
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "DB::" not in answer.text
