"""A report all the way: asked for over HTTP, made by a run of Dagster, fetched by its link, the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from tests.servers.dagster import running_dagster
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.dashboard.conftest import SHOTS, Visit, browser, visit
from tests.serving_api.published import publish
from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.settings import Settings

#: Fixtures that are another folder's.
__all__ = ["browser", "visit"]
REPORTS, EXPORTS = "/api/v1/admin/reports", "/api/v1/admin/exports"
SECONDS = 240


@pytest.fixture(scope="module")
def settings(home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Of a warehouse with generation 1, beside a Dagster that starts runs at once."""
    publish(connect(Identity.ADMIN, home), 1)
    with running_dagster(home, tmp_path_factory.mktemp("dagster") / "home", launches=True) as found:
        yield found


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    """Address of the API."""
    app = create_app(settings.model_copy(update={"api_rate_per_minute": 0}), Authority(SECRET))
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    """An admin's client of the API."""
    with httpx.Client(base_url=url, headers=bearer(Role.ADMIN), timeout=120) as found:
        yield found


def finished(client: httpx.Client, path: str) -> dict[str, Any]:
    """The answer about a run once it has ended."""
    end = time.monotonic() + SECONDS
    while True:
        answer: dict[str, Any] = client.get(path).json()
        if answer["report_run"]["status"] in ("completed", "failed"):
            return answer
        assert time.monotonic() < end, answer
        time.sleep(0.3)


def test_asked_for_made_and_fetched(client: httpx.Client) -> None:
    asked = {
        "report_type": "revenue", "start_date": "2024-01-01", "end_date": "2024-03-31",
        "format": "csv", "group_by": "month",
    }  # fmt: skip
    started = client.post(f"{REPORTS}/financial", json=asked)
    assert started.status_code == 202, started.text
    answer = finished(client, started.headers["location"])
    run = answer["report_run"]
    assert (run["status"], run["error_message"], run["generation"]) == ("completed", None, 1)
    assert run["created_at"] <= run["started_at"] <= run["completed_at"]
    assert run["row_count"] == started.json()["estimated_rows"]
    file = httpx.get(httpx.URL(answer["download_url"]).copy_with(port=client.base_url.port))
    assert file.headers["content-disposition"] == f'attachment; filename="{run["file_name"]}"'
    assert len(file.content) == run["file_size_bytes"]
    assert hashlib.sha256(file.content).hexdigest() == run["sha256"]
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert len(rows) == run["row_count"]
    assert {row["period"] for row in rows} == {"2024-01-01", "2024-02-01", "2024-03-01"}


def test_a_run_under_way_can_be_cancelled(client: httpx.Client, settings: Settings) -> None:
    engine = process.status(settings)
    assert engine is not None
    started = client.post(EXPORTS, json={"entity": "payouts", "format": "csv"})
    # What it asks of ClickHouse is not answered meanwhile.
    os.kill(engine.pid, signal.SIGSTOP)
    try:
        path, end = started.headers["location"], time.monotonic() + SECONDS
        while client.get(path).json()["report_run"]["status"] != "processing":
            assert time.monotonic() < end
            time.sleep(0.3)
        assert client.post(f"{path}/cancel").status_code == 202
        run = finished(client, path)["report_run"]
    finally:
        os.kill(engine.pid, signal.SIGCONT)
    assert (run["status"], run["error_message"]) == ("failed", "the run was cancelled")
    query = "query($id: ID!) { logsForRun(runId: $id) { ... on EventConnection { events { __typename } } } }"
    asked = {"query": query, "variables": {"id": run["id"]}}
    answer = httpx.post(f"http://127.0.0.1:{settings.dagster_port}/graphql", json=asked).json()
    kinds = {event["__typename"] for event in answer["data"]["logsForRun"]["events"]}
    assert "ExecutionStepUpForRetryEvent" not in kinds
    assert "RunCanceledEvent" in kinds


def test_what_fails_says_why(client: httpx.Client) -> None:
    # What can be told at once is refused at once; a statement of nobody is told by the run.
    saved = client.post(
        REPORTS,
        json={
            "name": "of a generation that goes",
            "report_type": "financial",
            "config": {"report_type": "refunds", "period": "last_year", "as_of": 999},
        },
    )
    refused = client.post(f"{REPORTS}/{saved.json()['report']['id']}/runs")
    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#problem-invalid-body")
    assert "generation 999 is not kept" in refused.json()["detail"]


def test_asked_for_watched_and_fetched_on_the_page(visit: Visit, client: httpx.Client) -> None:
    with visit("exports?start=2024-03-01&end=2024-03-31") as (page, complaints):
        form = page.get_by_role("form", name="Financial report")
        form.get_by_label("Report").select_option("revenue")
        form.get_by_role("button", name="Make the file").click()
        export = page.get_by_role("form", name="Data export")
        export.locator("select[name=entity]").select_option("payouts")
        export.get_by_label("Format").select_option("parquet")
        export.get_by_role("button", name="Make the file").click()
        files = page.get_by_label("Files of this tab")
        for name, magic in (("Financial report: revenue", b"PK"), ("Data export: payouts", b"PAR1")):
            line = files.locator("li", has_text=name)
            with page.expect_download(timeout=SECONDS * 1000) as download:
                line.get_by_role("link", name="Fetch").click(timeout=SECONDS * 1000)
            content = Path(download.value.path()).read_bytes()
            assert content.startswith(magic)
            address = httpx.URL(download.value.url).path
            run = client.get(f"{REPORTS}/runs/{address.split('/')[-2]}").json()["report_run"]
            assert hashlib.sha256(content).hexdigest() == run["sha256"]
            assert "completed" in line.inner_text()
            assert f"{run['row_count']:,} rows" in line.inner_text()
        page.screenshot(path=SHOTS / "exports-made.png")
        assert complaints == []


def test_an_access_export_names_nobody_on_its_way(client: httpx.Client, settings: Settings) -> None:
    started = client.post("/api/v1/admin/access-exports", json={"user_id": "nobody-here-5e"})
    assert started.status_code == 202, started.text
    end = time.monotonic() + SECONDS
    while (run := client.get(started.headers["Location"]).json())["status"] not in ("completed", "failed"):
        assert time.monotonic() < end, run
        time.sleep(0.3)
    assert run["status"] == "completed", run
    assert httpx.get(httpx.URL(run["download_url"]).copy_with(port=client.base_url.port)).content.startswith(b"PK")
    assert list((settings.home / "requests").iterdir()) == []
    history = [path for path in settings.home.parent.glob("dagster*/**/*") if path.is_file()]
    assert history != []
    assert [path for path in history if b"nobody-here-5e" in path.read_bytes()] == []
