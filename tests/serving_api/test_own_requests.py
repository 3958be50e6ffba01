"""The API's own requests as `api.request` events: through the collector, of nobody, and never in a request's way."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from clickhouse_connect.driver.client import Client
from pydantic import AnyHttpUrl, SecretStr

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.observing.events import SERVICE
from tests.servers.collector import KEY, running_collector
from tests.servers.ports import free_port
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.errors import SettingsError
from warehouse.settings import Settings

REVENUE = "/api/v1/marts/revenue"
EVENTS = "SELECT user_id, session_id, source, properties, context FROM raw.events WHERE event_type = 'api.request'"


def telling(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"api_events_url": AnyHttpUrl(url), "api_events_key": SecretStr(KEY)})


def ask(api: str) -> None:
    headers = bearer(Role.ANALYST, "the-analyst")
    with httpx.Client(base_url=api, headers=headers) as client:
        client.get(REVENUE)
        client.get("/api/metrics/a-vendor")
        client.get("/api/v1/marts/job_success_score", params={"freelancerId": "a-freelancer"})
        client.post("/api/v1/admin/reports/query", json={})
        for path in ("/health", "/health/live", "/health/ready", "/metrics"):
            client.get(path)


def test_requests_arrive_as_events_without_anybody_in_them(
    engine: Settings, url: str, admin: Client, tmp_path: Path
) -> None:
    with running_collector(engine, tmp_path / "collector.log") as collector:
        with serving(create_app(telling(engine, collector.url), Authority(SECRET))) as api:
            ask(api)
        # The end of the API sends what is left, that of the collector lands it.
        collector.stop()
    rows = admin.query(EVENTS).result_rows
    found = {}
    for user, session, source, properties, context in rows:
        said = json.loads(properties) if isinstance(properties, str) else properties
        assert (user or "", session or "", source) == ("", "", SERVICE)
        assert said["service"] == SERVICE
        assert float(said["duration_ms"]) > 0
        found[said["endpoint"]] = int(said["status"])
        assert not [name for name in ("the-analyst", "a-vendor", "a-freelancer") if name in f"{said}{context}"]
    assert found == {
        REVENUE: 200,
        "/api/metrics/{type}": 404,
        "/api/v1/marts/job_success_score": 200,
        "POST /api/v1/admin/reports/query": 422,
    }
    assert len(rows) == 4
    assert admin.query("SELECT count() FROM raw.quarantine").first_row == (0,)


def test_a_collector_that_is_away_is_nothing_to_a_request(engine: Settings, url: str) -> None:
    with serving(create_app(telling(engine, f"http://127.0.0.1:{free_port()}"), Authority(SECRET))) as api:
        answers = [httpx.get(api + REVENUE, headers=bearer(Role.ANALYST)) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}


def test_nobody_is_told_unless_asked_for_and_not_without_a_key(engine: Settings) -> None:
    assert Settings.model_fields["api_events_url"].default is None
    server = {"clickhouse_url": AnyHttpUrl("http://127.0.0.1:1"), "reader_password": SecretStr("x")}
    told = engine.model_copy(update=server | {"api_events_url": AnyHttpUrl("http://127.0.0.1:3004")})
    with pytest.raises(SettingsError, match="API_EVENTS_KEY"):
        create_app(told, Authority(SECRET))
