"""Answers have the members that the requirement documents show, filled or empty."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.endpoint import load
from serving_api.generations import REMEMBERED_SECONDS
from tests.serving_api.published import point, publish

NUMBER, TEXT, INSTANT, DATE = (int, float), str, "instant", "date"
#: Members may be there that the document does not show.
MORE = "..."
#: As in the documents: a list has one example; numbers may be null where there is nothing to make them of.
SHOWN: dict[str, Any] = {
    # creator-platform-epic-07-analytics-reporting.md, 4.1
    "/api/v1/analytics/uploader/dashboard": {
        "summary": {
            "uploads_count": NUMBER,
            "total_spent": NUMBER,
            "avg_delivery_hours": NUMBER,
            "pending_count": NUMBER,
        },
        "spending_trend": [{"date": DATE, "amount": NUMBER}],
        "output_type_breakdown": [{"type": TEXT, "count": NUMBER, "percent": NUMBER}],
        "recent_uploads": [{"upload_id": TEXT, "status": TEXT, "started_at": INSTANT, MORE: True}],
        MORE: True,
    },
    "/api/v1/analytics/creator/dashboard": {
        "summary": {
            "completed_tasks": NUMBER,
            "total_earnings": NUMBER,
            "available_balance": NUMBER,
            "avg_rating": NUMBER,
            "on_time_rate": NUMBER,
        },
        "level_progress": {
            "current_level": TEXT,
            "tasks_completed": NUMBER,
            "tasks_required": NUMBER,
            "rating_current": NUMBER,
            "rating_required": NUMBER,
        },
        "earnings_trend": [{"date": DATE, "amount": NUMBER}],
        "performance_vs_average": {MORE: True},
        MORE: True,
    },
    "/api/v1/admin/analytics/dashboard": {
        "summary": {
            "revenue": NUMBER,
            "payouts": NUMBER,
            "margin": NUMBER,
            "active_uploaders": NUMBER,
            "active_creators": NUMBER,
            "pending_assignments": NUMBER,
        },
        "trends": {
            "revenue": [{"date": DATE, "value": NUMBER}],
            "users": [{"date": DATE, "uploaders": NUMBER, "creators": NUMBER}],
            "transactions": [{"date": DATE, "count": NUMBER}],
            MORE: True,
        },
        "creator_levels": [{"level": TEXT, "count": NUMBER, "percent": NUMBER}],
        "recent_activity": [{"type": TEXT, "description": TEXT, "timestamp": INSTANT}],
        MORE: True,
    },
    "/api/v1/admin/analytics/creator-levels": {
        "current": [{"level_id": TEXT, "level_name": TEXT, "count": NUMBER, "avg_rating": NUMBER}],
        "trend": [{"date": DATE, "level_id": TEXT, "count": NUMBER}],
        "transitions": [{"from_level": TEXT, "to_level": TEXT, "count": NUMBER}],
        MORE: True,
    },
    "/api/v1/admin/analytics/fraud": {
        "summary": {
            "pending_flags": NUMBER,
            "resolved_this_period": NUMBER,
            "accounts_suspended": NUMBER,
            "duplicate_accounts_blocked": NUMBER,
        },
        "flag_types": [{"type": TEXT, "count": NUMBER}],
        "trend": [{"date": DATE, "flags_created": NUMBER, "flags_resolved": NUMBER}],
        "false_positive_rate": NUMBER,
        MORE: True,
    },
    # freelance-marketplace-analytics-plan.md, 5
    "/analytics/freelancer/overview": {
        "totalEarnings": NUMBER,
        "jobsCompleted": NUMBER,
        "jss": NUMBER,
        "activeProposals": NUMBER,
    },
    # job-placement-analytics-service.md, response example
    "/api/v1/dashboard": {
        "total_users": NUMBER,
        "total_jobs": NUMBER,
        "total_matches": NUMBER,
        "success_rate": NUMBER,
        "revenue": NUMBER,
        "growth_rate": NUMBER,
    },
    # multi-vendor-ecommerce-analytics-service.md, models Metric and EventLog
    "/api/metrics/daily_signups": {
        "id": TEXT,
        "type": TEXT,
        "value": NUMBER,
        "metadata": {MORE: True},
        "createdAt": INSTANT,
    },
    "/api/events": {
        "data": [{"id": TEXT, "eventType": TEXT, "userId": TEXT, "metadata": {MORE: True}, "createdAt": INSTANT}],
        "meta": {MORE: True},
    },
}


def has_shape(found: Any, shown: Any, *, empty: bool) -> bool:
    if isinstance(shown, dict):
        members = set(shown) - {MORE}
        fits = members <= set(found) if MORE in shown else members == set(found)
        return fits and all(has_shape(found[name], shown[name], empty=empty) for name in members)
    if isinstance(shown, list):
        return (empty or bool(found)) and all(has_shape(item, shown[0], empty=empty) for item in found)
    if found is None:
        return True
    if shown in (DATE, INSTANT):
        return isinstance(found, str) and len(found) == (10 if shown == DATE else 24)
    return isinstance(found, shown)


@pytest.mark.parametrize("path", SHOWN)
def test_an_answer_has_the_members_that_its_document_shows(admin_client: httpx.Client, path: str) -> None:
    answer = admin_client.get(path)
    assert answer.status_code == 200
    assert has_shape(answer.json(), SHOWN[path], empty=False), answer.text


@pytest.fixture(scope="module")
def nothing(url: str, admin: Client) -> Iterator[None]:
    """A generation of marts without a row."""
    publish(admin, 7, None, empty=True)
    time.sleep(REMEMBERED_SECONDS)
    yield
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)


@pytest.mark.parametrize("path", [path for path in SHOWN if not path.startswith("/api/metrics/")])
def test_without_data_the_members_are_there(nothing: None, admin_client: httpx.Client, path: str) -> None:
    answer = admin_client.get(path)
    assert answer.status_code == 200
    assert answer.headers["x-generation"] == "7"
    assert has_shape(answer.json(), SHOWN[path], empty=True), answer.text


@pytest.mark.parametrize("endpoint", load(), ids=lambda endpoint: endpoint.header.path)
def test_no_endpoint_fails_without_data(nothing: None, admin_client: httpx.Client, endpoint: Any) -> None:
    answer = admin_client.get(endpoint.header.path.replace("{type}", "daily_signups"))
    assert answer.status_code == (200 if endpoint.header.absent is None else 404)
    if endpoint.header.shape == "envelope" and endpoint.header.marts:
        # Only what counts up to a day has a row where there are none.
        rows = answer.json()["data"]
        assert [row["total_users"] for row in rows] == ([0] if endpoint.header.path.endswith("users/count") else [])
