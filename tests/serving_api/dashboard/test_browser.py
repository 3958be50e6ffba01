"""The dashboards in a real browser: numbers are the API's, nobody sees what is not his, everybody can use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from clickhouse_connect.driver.client import Client
from playwright.sync_api import Page, Request

from serving_api.auth import Role, sign
from serving_api.dashboard.describing import described
from serving_api.dashboard.loading import FRESHNESS, load, registry
from serving_api.endpoint import load as load_endpoints
from tests.serving_api.conftest import SECRET, bearer
from tests.serving_api.dashboard.conftest import Visit, settled
from tests.serving_api.published import LAST_DAY, point, publish

ANSWERS = registry(load_endpoints())
DASHBOARDS = load(ANSWERS)
#: One browser for all of them.
pytestmark = pytest.mark.xdist_group("browser")
#: Kept for whoever wants to look.
SHOTS = Path(__file__).parents[3] / "build" / "dashboards"
MOST_BYTES = 600 << 10
CONTRAST = ("users", "creator", "exports")


@pytest.fixture(scope="session", autouse=True)
def _shots() -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)


def at(body: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(body, list):
            body = body[0] if body else None
        body = body.get(name) if isinstance(body, dict) else None
    return body


def reduced(body: Any, tile: dict[str, Any]) -> Any:
    rows, _, name = tile["value"].rpartition(".")
    if tile["reduce"] == "first":
        return at(body, tile["value"])
    values = [row[name] for row in at(body, rows)]
    return values[-1] if tile["reduce"] == "last" else sum(value or 0 for value in values)


def is_of(request: Request, source: dict[str, Any], subject: str) -> bool:
    """Whether a request is what a source stands for."""
    address = httpx.URL(request.url)
    fixed = {name: value.replace("$subject", subject) for name, value in source["parameters"].items()}
    if address.path != re.sub(r"\{(\w+)\}", lambda match: fixed.pop(match[1]), source["path"]):
        return False
    if "query" in source:
        body = request.post_data_json
        return all(body.get(key) == source["query"].get(key) for key in ("metrics", "dimensions", "grain"))
    return fixed.items() <= dict(address.params).items() and all(
        (name in fixed) or (name in source["takes"]) for name in address.params
    )


def days_of(request: Request) -> str:
    parameters = dict(httpx.URL(request.url).params) | (request.post_data_json or {})
    return str(parameters.get("endDate") or parameters.get("end_date") or "")


def shown_number(text: str) -> float:
    scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1], 1)
    return float(re.sub(r"[^\d.-]", "", text)) * scale * (0.01 if "%" in text else 1)


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_shows_what_the_api_says(visit: Visit, url: str, name: str) -> None:
    spec = described(DASHBOARDS[name], name, Role.ADMIN, ANSWERS)
    assert spec is not None
    items = [item for section in spec["sections"] for item in section["items"]]
    subject = "?user=free-1" if spec["subject"] else ""
    asked: list[Request] = []
    with visit(name + subject, asked=asked) as (page, complaints):
        assert page.inner_text("h1") == spec["title"]
        assert page.locator("[data-tile]").evaluate_all("all => all.map(one => one.dataset.tile)") == [
            item["title"] for item in items if item["kind"] == "tile"
        ]
        drawn = [item["title"] for item in items if item["kind"] not in ("tile", "builder", "exports")]
        assert page.locator("[data-panel]").evaluate_all("all => all.map(one => one.dataset.panel)") == drawn
        with httpx.Client(headers=bearer(Role.ADMIN, "free-1"), timeout=30) as client:
            for tile in (item for item in items if item["kind"] == "tile"):
                source = spec["sources"][tile["source"]]
                request = max((one for one in asked if is_of(one, source, "free-1")), key=days_of)
                again = client.request(
                    request.method,
                    request.url,
                    content=request.post_data,
                    headers={"Content-Type": "application/json"} if request.post_data else {},
                )
                value = reduced(again.json(), tile)
                place = page.locator(f'[data-tile="{tile["title"]}"] .tile-value')
                if value is None:
                    if place.count():
                        assert place.get_attribute("data-value") == "", tile["title"]
                    continue
                written = float(place.get_attribute("data-value") or "nan")
                # Ages go on between two questions.
                slack = 60 if source["path"] == FRESHNESS else 1e-9
                assert written == pytest.approx(float(value), abs=slack), tile["title"]
                if tile["format"] in ("usd", "money", "count", "fraction", "score"):
                    assert shown_number(place.inner_text()) == pytest.approx(float(value), rel=0.06, abs=0.05)
        assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()
        # Colours are the same everywhere, and take longest to look at.
        faults = serious(page, contrast=name in CONTRAST)
        page.screenshot(path=SHOTS / f"{name}.png")
    assert faults == []
    assert [said for said in complaints if "404" not in said] == []


def serious(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds that keeps people out."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:160] for node in fault['nodes'][:4]]}"
        for fault in Axe().run(page, options=options).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def test_dark_and_narrow_it_is_as_good(visit: Visit) -> None:
    with visit("revenue", dark=True, width=390) as (page, complaints):
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not page.locator("nav a", has_text="Fraud").is_visible()
        page.get_by_role("button", name="Dashboards").click()
        page.locator("nav a", has_text="Fraud").click()
        settled(page)
        assert page.inner_text("h1") == "Fraud"
        assert serious(page) == []
        page.screenshot(path=SHOTS / "fraud-phone-dark.png")
        assert complaints == []


@pytest.mark.parametrize("role", [Role.UPLOADER, Role.CREATOR, Role.FREELANCER, Role.CLIENT, Role.VENDOR])
def test_others_see_their_own_page_only(visit: Visit, role: Role) -> None:
    asked: list[str] = []
    with visit(role=role) as (page, complaints):
        assert page.locator("nav ul a").all_inner_texts() == [DASHBOARDS[role.value].title]
        assert page.locator("[name=subject]").count() == 0
        page.on("request", lambda request: asked.append(httpx.URL(request.url).path))
        page.goto(page.url.split("/dashboards")[0] + "/dashboards/revenue")
        page.get_by_text("This dashboard is not for this token").wait_for()
        assert set(asked) <= {"/dashboards/revenue", "/api/v1/dashboards", "/api/v1/live"} | {
            path for path in asked if path.startswith("/dashboard/assets/")
        }
    # A vendor without views has no rate.
    assert [said for said in complaints if "404" not in said] == []


def test_nobody_is_asked_for_a_token_and_told_what_is_wrong_with_it(visit: Visit) -> None:
    with visit("fraud", role=None) as (page, complaints):
        page.get_by_label("Access token").fill("nonsense")
        page.get_by_role("button", name="Open the dashboards").click()
        assert "three parts" in page.get_by_role("alert").inner_text()
        assert serious(page) == []
        page.get_by_label("Access token").fill(sign(SECRET, "somebody", Role.ANALYST))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        settled(page)
        assert page.inner_text("h1") == "Fraud"
        assert complaints == []
        assert page.evaluate("document.cookie + Object.keys(localStorage).join()") == ""


def test_a_token_that_the_api_refuses_leads_back(visit: Visit, url: str) -> None:
    with visit("", role=None) as (page, _):
        page.goto(f"{url}/dashboards#token={sign('another secret, which is as long as it has to be', 'x', Role.ADMIN)}")
        page.get_by_role("alert").wait_for()
        assert "not valid" in page.get_by_role("alert").inner_text()


def test_a_link_signs_in_and_leaves_no_token_behind(visit: Visit) -> None:
    with visit("executive?range=90d&tz=Asia/Kolkata", role=Role.ANALYST) as (page, _):
        assert "token" not in page.url
        assert page.url.endswith("/dashboards/executive?range=90d&tz=Asia/Kolkata")
        page.goto(page.url + "#token=" + sign(SECRET, "free-2", Role.CREATOR))
        page.reload()
        page.get_by_text("This dashboard is not for this token").wait_for()
        page.locator(".account summary").click()
        page.locator(".menu-box button", has_text="analyst").click()
        page.locator("h1", has_text="Executive").wait_for()


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


def test_every_drawing_is_a_table_too_and_can_be_taken_away(visit: Visit, url: str) -> None:
    with visit("revenue") as (page, _):
        panel = page.locator('[data-panel="Revenue by stream"]')
        panel.get_by_role("button", name="show as table").click()
        header = panel.locator("th").all_inner_texts()
        assert header[0] == "Date"
        rows = panel.locator("tbody tr").all_inner_texts()
        assert len(rows) == 30
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


def test_a_part_of_an_answer_is_taken_away_alone(visit: Visit) -> None:
    with visit("quality") as (page, _):
        with page.expect_download() as download:
            page.locator('[data-panel="Reviews by score"]').get_by_role("button", name="download").click()
        assert Path(download.value.path()).read_text("utf-8").splitlines()[0] == '"score","reviews"'


def test_a_name_leads_to_its_page(visit: Visit) -> None:
    with visit("platform", Role.ANALYST) as (page, complaints):
        link = page.locator('[data-panel="Creators"] td a').first
        name = link.inner_text()
        link.click()
        settled(page)
        assert page.inner_text("h1") == "Creator"
        assert page.locator("[name=subject]").input_value() == name
        assert complaints == []


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


@pytest.fixture
def revised(admin: Client) -> Iterator[None]:
    mart = "revenue_by_quarter_hour"
    names = ["generation", "previous", "published_at", "mart", "date", "column", "old", "new", "causes"]
    row = [1, 0, datetime.now(UTC), mart, LAST_DAY, "gross_usd", 1, 3, ["late_events"]]
    admin.insert("marts.revisions", [row], column_names=names)
    yield
    admin.command(f"DELETE FROM marts.revisions WHERE mart = '{mart}'")


@pytest.mark.usefixtures("revised")
def test_how_fresh_and_how_final(visit: Visit) -> None:
    """The last day is not over, and one of its numbers was another once."""
    # Days that no other test asks for: a generation does not change, so that answers from it are remembered.
    with visit("revenue?start=2024-04-03&end=2024-04-30") as (page, complaints):
        panel = page.locator('[data-panel="Net revenue"]')
        panel.scroll_into_view_if_needed()
        footer = panel.locator("footer").inner_text()
        assert "through Apr 30, 21:30 UTC" in footer
        assert "generation 1" in footer
        assert "this day is provisional" in footer
        revised = page.locator('[data-panel="Revenue by stream"]')
        revised.locator("footer", has_text="1 revised").wait_for()
        revised.scroll_into_view_if_needed()
        box = revised.locator("canvas").bounding_box()
        assert box is not None
        last, middle = box["x"] + box["width"] - 40, box["y"] + box["height"] / 2
        tip = page.locator(".tip", has_text="Revised in generation 1: 1 became 3 (late events).")
        for step in range(20):
            # What is drawn anew meanwhile forgets where the pointer is.
            page.mouse.move(last - step % 3, middle)
            page.wait_for_timeout(100)
            if tip.count():
                break
        assert "Provisional: this day is not over." in tip.inner_text()
        panel.get_by_role("button", name="where this comes from").click()
        drawer = page.get_by_role("dialog")
        drawer.locator("summary", has_text="revenue_by_quarter_hour").click()
        drawer.locator("td", has_text="net_usd").first.wait_for()
        assert "/api/analytics/revenue/total?" in drawer.inner_text()
        link = drawer.locator("a", has_text="Dagster").first.get_attribute("href") or ""
        assert link.endswith("/assets/revenue_by_quarter_hour")
        assert serious(page) == []
        page.keyboard.press("Escape")
        drawer.wait_for(state="hidden")
        assert complaints == []


@pytest.fixture
def next_generation(admin: Client) -> Iterator[None]:
    yield
    point(admin, 1, action="rollback")


@pytest.mark.usefixtures("next_generation")
def test_numbers_change_when_others_are_published(visit: Visit, admin: Client) -> None:
    asked: list[str] = []
    with visit("platform") as (page, complaints):
        revenue = page.locator('[data-tile="Revenue"] .tile-value')
        before = float(revenue.get_attribute("data-value") or 0)
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(1500)
        assert asked == []
        publish(admin, 51)
        page.locator(".fresh-detail", has_text="generation 51").wait_for()
        settled(page)
        assert float(revenue.get_attribute("data-value") or 0) == pytest.approx(51 * before)
        assert "generation 51" in page.locator('[data-panel="Transactions"] footer').inner_text()
        assert complaints == []


def test_what_fails_says_so_and_can_be_tried_again(visit: Visit, url: str) -> None:
    with visit("quality") as (page, _):
        page.route("**/admin/analytics/fraud*", lambda route: route.abort())
        page.locator("nav a", has_text="Fraud").click()
        page.get_by_role("alert").first.wait_for()
        assert "does not answer" in page.get_by_role("alert").first.inner_text()
        page.unroute("**/admin/analytics/fraud*")
        for button in page.locator("[role=alert] button").all():
            button.click()
            break
        page.locator('[data-panel="Flags raised and resolved"] .chart').wait_for()


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
