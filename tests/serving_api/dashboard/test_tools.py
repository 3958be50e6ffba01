"""The report builder and the exports."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from serving_api.auth import Role
from tests.serving_api.conftest import bearer
from tests.serving_api.dashboard.conftest import SHOTS, Visit, serious, settled
from tests.serving_api.dashboard.drawn import shown_number


def test_the_builder_answers_what_it_is_asked(visit: Visit, url: str) -> None:
    with visit("builder") as (page, complaints):
        page.get_by_label("Search metrics").fill("Net revenue")
        page.get_by_label("Net revenue", exact=True).check()
        page.get_by_label("stream", exact=True).check()
        page.locator("select[name=grain]").select_option("month")
        page.locator("tbody tr").first.wait_for()
        settled(page)
        asked = dict(httpx.URL(page.url).params)
        assert asked == {"metrics": "net_revenue", "by": "stream", "grain": "month"}
        body = {"metrics": ["net_revenue"], "dimensions": ["stream"], "grain": "month", "start_date": "2024-04-01"}
        answer = httpx.post(
            f"{url}/api/v1/admin/reports/query", json=body, headers=bearer(Role.ADMIN), timeout=30
        ).json()
        rows = [row.split("\t") for row in page.locator("tbody tr").all_inner_texts()]
        assert [shown_number(row[-1]) for row in rows] == pytest.approx([row["net_revenue"] for row in answer["data"]])
        assert page.locator(".chart").count() == 1
        page.get_by_label("Name").fill("Net by stream")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Net by stream is saved.").wait_for()
        page.get_by_label("Leave out net_revenue").click()
        page.get_by_role("button", name="Net by stream").click()
        page.locator("tbody tr").first.wait_for()
        assert dict(httpx.URL(page.url).params)["metrics"] == "net_revenue"
        page.locator("li", has_text="Net by stream").get_by_role("button", name="Delete").click()
        page.get_by_text("Net by stream is deleted.").wait_for()
        assert serious(page) == []
        page.screenshot(path=SHOTS / "builder-asked.png")
        assert complaints == []


def test_exports_are_fetched_or_say_what_is_missing(visit: Visit) -> None:
    with visit("exports") as (page, _):
        with page.expect_download() as download:
            page.get_by_role("button", name="users").click()
        assert Path(download.value.path()).read_text("utf-8").startswith('"date"')
        page.get_by_role("form", name="Data export").get_by_role("button").click()
        page.get_by_role("alert").wait_for()
        assert "Dagster" in page.get_by_role("alert").inner_text()
