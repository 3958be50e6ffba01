"""Reports over HTTP: who may, what is refused, what Dagster is asked for, links, and saved reports."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.reports import links
from serving_api.reports.links import Link
from serving_api.reports.shelf import Shelf
from tests.servers.objects import ObjectServer, objects
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.object_storage import s3_client
from warehouse.settings import Settings

__all__ = ["objects"]

REPORTS, EXPORTS = "/api/v1/admin/reports", "/api/v1/admin/exports"
NOBODY = uuid.UUID(int=7)
REVENUE = {
    "report_type": "revenue",
    "start_date": "2024-01-01",
    "end_date": "2024-03-31",
    "format": "csv",
    "group_by": "month",
}
SAVED: dict[str, Any] = {
    "name": "Revenue of the month",
    "description": "For accounting",
    "report_type": "financial",
    "config": {"report_type": "revenue", "period": "last_month", "format": "xlsx"},
    "is_scheduled": True,
    "schedule_cron": "0 6 1 * *",
    "recipients": ["cfo@example.com"],
}
#: Every operation, with a request that is sound.
OPERATIONS: list[tuple[str, str, Any]] = [
    ("POST", f"{REPORTS}/financial", REVENUE),
    ("POST", f"{REPORTS}/statements", {"user": "creator-1"}),
    ("POST", f"{REPORTS}/queries", {"query": {"metrics": ["new_users"]}}),
    ("POST", EXPORTS, {"entity": "users"}),
    ("GET", f"{REPORTS}/runs/{NOBODY}", None),
    ("POST", f"{REPORTS}/runs/{NOBODY}/cancel", None),
    ("GET", REPORTS, None),
    ("POST", REPORTS, SAVED),
    ("GET", f"{REPORTS}/{NOBODY}", None),
    ("PUT", f"{REPORTS}/{NOBODY}", SAVED),
    ("DELETE", f"{REPORTS}/{NOBODY}", None),
    ("POST", f"{REPORTS}/{NOBODY}/runs", None),
]

every_operation = pytest.mark.parametrize(
    ("method", "path", "body"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)


@pytest.fixture
def owner(url: str) -> Iterator[httpx.Client]:
    """An admin who saves reports; nobody else's are his."""
    subject = f"owner-{uuid.uuid4()}"
    with httpx.Client(base_url=url, headers=bearer(Role.ADMIN, subject), timeout=30) as client:
        yield client


def problem(answer: httpx.Response, status: int, kind: str) -> str:
    """The detail of a problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["type"] == f"/docs#problem-{kind}"
    return str(document["detail"])


def test_the_operations_are_all_there_are(engine: Settings) -> None:
    paths = create_app(engine, Authority(SECRET)).openapi()["paths"]
    described = {
        (method.upper(), path)
        for path, item in paths.items()
        if path.startswith((REPORTS, EXPORTS)) and not path.endswith(("/file", "/query", "/catalog"))
        for method in item
    }
    assert described == {(method, path.replace(str(NOBODY), "{id}")) for method, path, _ in OPERATIONS}


@every_operation
@pytest.mark.parametrize("role", [None, *Role])
def test_reports_are_for_admins(url: str, role: Role | None, method: str, path: str, body: Any) -> None:
    headers = {} if role is None else bearer(role)
    answer = httpx.request(method, url + path, headers=headers, json=body, timeout=30)
    if role is Role.ADMIN:
        assert answer.status_code in (200, 201, 404, 503)
    elif role is None:
        problem(answer, 401, "unauthenticated")
    else:
        assert "admin" in problem(answer, 403, "forbidden")


def test_who_asks_is_looked_at_before_what_is_sent(url: str) -> None:
    for headers, status in (({}, 401), (bearer(Role.ANALYST), 403)):
        answer = httpx.post(f"{url}{REPORTS}/financial", headers=headers, content=b"{no json")
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/financial", {**REVENUE, "report_type": "wages"}, "'revenue', 'payouts'"),
        ("/financial", {**REVENUE, "start_date": "2024-05-01"}, "start must not be after end"),
        ("/financial", {**REVENUE, "period": "last_month"}, "either period"),
        ("/financial", {**REVENUE, "start_date": 0}, "start_date: must be a calendar date"),
        ("/financial", {**REVENUE, "as_of": "1"}, "as_of"),
        ("/financial", {"report_type": "revenue"}, "give start and end, or a period"),
        ("/financial", {**REVENUE, "format": "parquet"}, "'csv', 'xlsx' or 'json'"),
        ("/financial", {**REVENUE, "group_by": "year"}, "'day', 'week' or 'month'"),
        ("/financial", {**REVENUE, "colour": "red"}, "colour"),
        ("/financial", {**REVENUE, "as_of": 999}, "generation 999 is not kept"),
        ("/financial", [], "dictionary"),
        ("/queries", {"query": {"metrics": []}}, "query.metrics"),
        ("/queries", {"query": {"metrics": ["no_such"]}}, "no_such"),
        ("/statements", {"user": "x", "month": "2024-13"}, "month"),
        ("", {**SAVED, "schedule_cron": None}, "schedule_cron is missing"),
        ("", {**SAVED, "schedule_cron": "61 * * * *"}, "bad minute"),
        ("", {**SAVED, "schedule_cron": "* * * * * *"}, "five fields"),
        ("", {**SAVED, "recipients": ["nobody"]}, "recipients"),
        ("", {**SAVED, "config": {"report_type": "revenue"}}, "config: give start and end"),
        ("", {**SAVED, "config": {"entity": "users"}}, "config.report_type"),
        ("", {**SAVED, "name": "a\nb"}, "name"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(owner: httpx.Client, path: str, body: Any, said: str) -> None:
    assert said in problem(owner.post(REPORTS + path, json=body), 422, "invalid-body")


def test_filters_are_those_of_the_entity(owner: httpx.Client) -> None:
    refused = owner.post(EXPORTS, json={"entity": "users", "filters": {"colour": "red"}})
    assert "colour is no filter of users; it has: role" in problem(refused, 422, "invalid-body")
    headers = {"Content-Type": "application/json"}
    for content in (b"{no json", b"\xff\xfe", b"\x80{}"):
        assert "JSON" in problem(owner.post(EXPORTS, content=content, headers=headers), 422, "invalid-body")


def test_without_dagster_the_api_says_what_to_do(owner: httpx.Client) -> None:
    for answer in (owner.post(f"{REPORTS}/financial", json=REVENUE), owner.get(f"{REPORTS}/runs/{NOBODY}")):
        detail = problem(answer, 503, "unavailable")
        assert "Dagster does not answer" in detail
        assert "warehouse up" in detail
        assert "DAGSTER_URL" in detail
        assert "retry-after" in answer.headers


def test_a_report_becomes_a_run_of_dagster_and_can_be_cancelled(queued: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "serving_api.audit")
    with httpx.Client(base_url=queued, headers=bearer(Role.ADMIN, "the-cfo"), timeout=60) as client:
        started = client.post(f"{REPORTS}/financial", json=REVENUE)
        assert started.status_code == 202
        answer = started.json()
        assert answer["status"] == "processing"
        assert answer["estimated_rows"] > 0
        assert answer["estimated_time"] > 0
        assert started.headers["location"] == f"{REPORTS}/runs/{answer['report_run_id']}"
        run = client.get(started.headers["location"])
        assert run.headers["cache-control"] == "no-store"
        stands = run.json()
        assert stands["download_url"] is None
        assert stands["report_run"]["status"] == "pending"
        assert stands["report_run"]["request"] == {
            "kind": "financial",
            "report": "revenue",
            "start": "2024-01-01",
            "end": "2024-03-31",
            "granularity": "month",
            "format": "csv",
        }
        cancelled = client.post(f"{started.headers['location']}/cancel")
        assert cancelled.status_code == 202
        after = client.get(started.headers["location"]).json()["report_run"]
        assert (after["status"], after["error_message"]) == ("failed", "the run was cancelled")
        # Once more changes nothing.
        assert client.post(f"{started.headers['location']}/cancel").json()["report_run"] == after
        export = client.post(EXPORTS, json={"entity": "users", "filters": {"role": "creator"}, "format": "json"})
        assert export.status_code == 202
        assert client.get(f"{REPORTS}/runs/{export.json()['export_id']}").json()["report_run"]["request"]["filters"]
        problem(client.get(f"{REPORTS}/runs/{NOBODY}"), 404, "not-found")
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert lines[0] == {
        "event": "admin_write",
        "sub": "the-cfo",
        "route": f"{REPORTS}/financial",
        "parameters": stands["report_run"]["request"],
        "status": 202,
        "generation": None,
    }
    assert "creator" not in json.dumps(lines)


def test_saved_reports_are_their_owners(url: str, owner: httpx.Client) -> None:
    created = owner.post(REPORTS, json=SAVED)
    assert created.status_code == 201
    report = created.json()["report"]
    assert created.headers["location"] == f"{REPORTS}/{report['id']}"
    assert {name: report[name] for name in SAVED} == SAVED
    assert (report["is_shared"], report["last_run_at"]) == (False, None)
    assert owner.get(REPORTS).json() == {"reports": [report]}
    assert owner.get(created.headers["location"]).json() == {"report": report}
    with httpx.Client(base_url=url, headers=bearer(Role.ADMIN, "another"), timeout=30) as other:
        for method in ("GET", "DELETE"):
            problem(other.request(method, created.headers["location"]), 404, "not-found")
        assert report not in other.get(REPORTS).json()["reports"]
        changed = owner.put(created.headers["location"], json={**SAVED, "name": "Shared", "is_shared": True})
        assert changed.json()["report"]["name"] == "Shared"
        assert changed.json()["report"]["created_at"] == report["created_at"]
        assert changed.json()["report"] in other.get(REPORTS).json()["reports"]
        assert other.get(created.headers["location"]).status_code == 200
        problem(other.put(created.headers["location"], json=SAVED), 403, "forbidden")
        problem(other.delete(created.headers["location"]), 403, "forbidden")
    assert owner.delete(created.headers["location"]).status_code == 204
    problem(owner.get(created.headers["location"]), 404, "not-found")
    problem(owner.put(created.headers["location"], json=SAVED), 404, "not-found")


def test_a_saved_report_runs_now_and_is_sent_to_nobody(queued: str) -> None:
    with httpx.Client(base_url=queued, headers=bearer(Role.ADMIN, "the-cfo"), timeout=60) as client:
        report = client.post(REPORTS, json=SAVED).json()["report"]
        started = client.post(f"{REPORTS}/{report['id']}/runs")
        assert started.status_code == 202
        run = client.get(started.headers["location"]).json()["report_run"]
        assert (run["report_id"], run["request"]["period"]) == (report["id"], "last_month")
        assert client.delete(f"{REPORTS}/{report['id']}").status_code == 204


@pytest.fixture
def kept(engine: Settings) -> Iterator[tuple[Link, bytes]]:
    """A finished file on the shelf."""
    link, content = Link(uuid.uuid4(), "revenue.csv"), b"month,revenue\n" + bytes(range(256)) * 40
    with Shelf(engine).place(link.run_id) as folder:
        (folder / link.name).write_bytes(content)
    yield link, content
    Shelf(engine).remove(link.run_id)


def path_of(link: str) -> str:
    return httpx.URL(link).raw_path.decode()


def test_a_link_gives_the_file_whole_and_in_ranges_without_a_token(
    url: str, engine: Settings, kept: tuple[Link, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serving_api.audit")
    link, content = kept
    path = path_of(links.url(engine, link, 60))
    whole = httpx.get(url + path)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["content-disposition"] == 'attachment; filename="revenue.csv"'
    assert whole.headers["cache-control"] == "no-store"
    for given, expected in (("bytes=5-9", content[5:10]), ("bytes=-7", content[-7:]), ("bytes=100-", content[100:])):
        part = httpx.get(url + path, headers={"Range": given})
        assert (part.status_code, part.content) == (206, expected)
    assert httpx.get(url + path, headers={"Range": "bytes=99999999-"}).status_code == 416
    [line, *_] = [json.loads(record.getMessage()) for record in caplog.records]
    assert line == {"event": "report_file", "run": str(link.run_id), "kept": True}
    Shelf(engine).remove(link.run_id)
    problem(httpx.get(url + path), 410, "not-kept")


def test_only_our_links_open_anything(url: str, engine: Settings, kept: tuple[Link, bytes]) -> None:
    link, _ = kept
    good = path_of(links.url(engine, link, 60))
    claims = {"aud": "report-file", "sub": str(link.run_id), "name": link.name, "exp": time.time() + 60}
    file = f"{links.RUNS_PATH}/{link.run_id}/file"
    forged = [
        good[:-2] + ("aa" if good[-2:] != "aa" else "bb"),
        f"{file}?token={jwt.encode(claims, 'x' * 40, algorithm='HS256')}",
        f"{file}?token={jwt.encode(claims, SECRET, algorithm='HS256')}",
        f"{file}?token={jwt.encode(claims, '', algorithm='none')}",
        f"{file}?token={bearer(Role.ADMIN)['Authorization'][7:]}",
        good.replace(str(link.run_id), str(NOBODY)),
    ]
    for path in forged:
        problem(httpx.get(url + path), 403, "forbidden")
    assert "expired" in problem(httpx.get(url + path_of(links.url(engine, link, -60))), 410, "not-kept")
    problem(httpx.get(url + file), 422, "invalid-body")
    # Nobody but us can name a file, and even then it stays in the folder of its run.
    for name in ("../../credentials.json", "..", "/etc/passwd"):
        outside = path_of(links.url(engine, Link(link.run_id, name), 60))
        problem(httpx.get(url + outside), 410, "not-kept")


def test_files_in_object_storage_are_fetched_from_there(
    engine: Settings, objects: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in objects.environment.items():
        monkeypatch.setenv(name, value)
    s3_client.cache_clear()
    objects.client().create_bucket(Bucket="reports-of-tests")
    settings = engine.model_copy(update={"reports_prefix": "s3://reports-of-tests/monthly/"})
    link, shelf = Link(uuid.uuid4(), "revenue.csv"), Shelf(settings)
    with shelf.place(link.run_id) as folder:
        (folder / link.name).write_bytes(b"month,revenue\n")
    assert shelf.location(link.run_id, link.name) == f"s3://reports-of-tests/monthly/{link.run_id}/revenue.csv"
    assert not (engine.home / "reports" / str(link.run_id)).exists()
    with serving(create_app(settings, Authority(SECRET))) as address:
        path = path_of(links.url(settings, link, 60))
        sent_on = httpx.get(address + path)
        assert sent_on.status_code == 307
        fetched = httpx.get(sent_on.headers["location"], headers={"Range": "bytes=0-4"})
        assert (fetched.is_success, fetched.content) == (True, b"month")
        shelf.remove(link.run_id)
        problem(httpx.get(address + path), 410, "not-kept")
    s3_client.cache_clear()


def test_links_begin_where_people_reach_the_api(engine: Settings) -> None:
    settings = engine.model_copy(update={"api_public_url": "https://api.example.com/"})
    made = links.url(settings, Link(NOBODY, "a.csv"), 60)
    assert made.startswith(f"https://api.example.com{links.RUNS_PATH}/{NOBODY}/file?token=")


def test_reports_lie_in_the_home(engine: Settings, kept: tuple[Link, bytes]) -> None:
    link, _ = kept
    location = Path(Shelf(engine).location(link.run_id, link.name))
    assert location == engine.home / "reports" / str(link.run_id) / "revenue.csv"
    assert location.is_file()
