"""Looking at a dashboard: its address, its tables and files, the keyboard, narrow and dark screens, its weight."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
from playwright.sync_api import Request

from serving_api.auth import Role
from tests.serving_api.conftest import bearer
from tests.serving_api.dashboard.conftest import SHOTS, Visit, serious, settled

MOST_BYTES = 600 << 10


def test_the_address_carries_what_is_chosen(visit: Visit, url: str) -> None:
    with visit("revenue") as (page, complaints):
        page.locator("select[name=days]").select_option("90d")
        page.locator("select[name=granularity]").select_option("month")
        page.locator("select[name=currency]").select_option("EUR")
        settled(page)
        address = httpx.URL(page.url)
        assert dict(address.params) == {"range": "90d", "granularity": "month", "currency": "EUR"}
        shown = page.inner_text("main")
        page.reload()
        settled(page)
        assert page.inner_text("main") == shown
        page.locator("nav a", has_text="Chat").click()
        settled(page)
        assert dict(httpx.URL(page.url).params) == {"range": "90d", "granularity": "month", "currency": "EUR"}
        page.go_back()
        settled(page)
        assert page.inner_text("h1") == "Revenue"
        page.goto(f"{url}/dashboards/revenue?start=2024-02-01&end=2024-02-29")
        settled(page)
        assert re.search("Feb 1, 2024 . Feb 29, 2024", page.inner_text(".controls"))
        assert complaints == []


def test_a_name_leads_to_its_page(visit: Visit) -> None:
    with visit("platform", Role.ANALYST) as (page, complaints):
        link = page.locator('[data-panel="Creators"] td a').first
        name = link.inner_text()
        link.click()
        settled(page)
        assert page.inner_text("h1") == "Creator"
        assert page.locator("[name=subject]").input_value() == name
        assert complaints == []


def test_every_drawing_is_a_table_too_and_can_be_taken_away(visit: Visit, url: str) -> None:
    with visit("revenue") as (page, _):
        panel = page.locator('[data-panel="Revenue by stream"]')
        panel.get_by_role("button", name="show as table").click()
        header = panel.locator("th").all_inner_texts()
        assert header[0] == "Date"
        rows = panel.locator("tbody tr").all_inner_texts()
        assert len(rows) == 30 + 13
        assert [row for row in rows if row.endswith("Forecast")] == rows[29:]
        with page.expect_download() as download:
            panel.get_by_role("button", name="download").click()
        own = {"startDate": "2024-04-01", "endDate": "2024-04-30", "groupBy": "stream", "granularity": "day"}
        answer = httpx.get(
            f"{url}/api/analytics/revenue/total",
            params=own | {"format": "csv"},
            headers=bearer(Role.ADMIN),
            timeout=30,
        )
        assert Path(download.value.path()).read_bytes() == answer.content
        with page.expect_download() as download:
            page.locator('[data-panel="Revenue by currency of payment"]').get_by_role("button", name="download").click()
        assert (
            Path(download.value.path()).read_text("utf-8").splitlines()[0].replace('"', "")
            == "currency,revenue,transactions"
        )


def test_the_rows_of_a_table_are_a_workbook_or_parquet_as_well(visit: Visit) -> None:
    with visit("revenue") as (page, complaints):
        panel = page.locator('[data-panel="Revenue by stream"]')
        panel.get_by_role("button", name="show as table").click()
        for name, magic in (("Excel", b"PK"), ("Parquet", b"PAR1")):
            with page.expect_download() as download:
                panel.get_by_role("button", name=f"as {name}").click()
            assert Path(download.value.path()).read_bytes().startswith(magic)
        page.route("**/revenue/total*format=csv*", lambda route: route.abort())
        panel.get_by_role("button", name="stream: as CSV").click()
        assert "API runs" in panel.get_by_role("alert").inner_text()
        assert [said for said in complaints if "ERR_FAILED" not in said] == []


def test_a_part_of_an_answer_is_taken_away_alone(visit: Visit) -> None:
    with visit("quality") as (page, _):
        with page.expect_download() as download:
            page.locator('[data-panel="Reviews by score"]').get_by_role("button", name="download").click()
        assert Path(download.value.path()).read_text("utf-8").splitlines()[0] == '"score","reviews"'


def test_a_long_series_is_whole(visit: Visit) -> None:
    """The API's pages have 1,000 rows unless more are asked for."""
    asked: list[Request] = []
    with visit("revenue?start=2024-03-01&end=2024-04-30&granularity=hour", asked=asked) as (page, _):
        sent = [one for one in asked if one.url.endswith("limit=10000") or "limit=10000&" in one.url]
        streams = next(one for one in sent if "groupBy=stream" in one.url)
        response = streams.response()
        assert response is not None
        assert response.json()["meta"]["next"] is None
        assert "only the first rows" not in page.inner_text("main")


def test_the_keyboard_is_enough(visit: Visit) -> None:
    with visit("quality") as (page, complaints):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the numbers"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        for _ in range(40):
            page.keyboard.press("Tab")
            if "Reviews by score: show as table" in page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? ''"
            ):
                break
        page.keyboard.press("Enter")
        page.locator('[data-panel="Reviews by score"] table').wait_for()
        assert complaints == []


def test_dark_and_narrow_it_is_as_good(visit: Visit) -> None:
    with visit("revenue", dark=True, width=390) as (page, complaints):
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # Only the numbers scroll; there is nothing below them.
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert not page.locator("nav a", has_text="Fraud").is_visible()
        page.get_by_role("button", name="Dashboards").click()
        page.locator("nav a", has_text="Fraud").click()
        settled(page)
        assert page.inner_text("h1") == "Fraud"
        assert serious(page) == []
        page.screenshot(path=SHOTS / "fraud-phone-dark.png")
        assert complaints == []


def test_it_is_light_on_the_wire(visit: Visit) -> None:
    """What it weighs; how long it took is printed, not asserted."""
    with visit("platform") as (page, _):
        entries = page.evaluate("""() => ["resource", "navigation"].flatMap(kind => performance.getEntriesByType(kind))
            .map(one => ({name: one.name, size: one.encodedBodySize}))""")
        page_only = sum(one["size"] for one in entries if "/api/" not in one["name"])
        everything = sum(one["size"] for one in entries)
        print(
            f"{page_only / 1024:.0f} KiB of page, {everything / 1024:.0f} KiB with its answers, {len(entries)} requests"
        )
        assert 100 << 10 < page_only < MOST_BYTES
