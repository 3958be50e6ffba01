"""What is expected next and what was out of line: said on hover and in the table, and only where it is comparable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from clickhouse_connect.driver.client import Client
from playwright.sync_api import Page

from serving_api.auth import Role
from tests.serving_api.conftest import bearer
from tests.serving_api.dashboard.conftest import SHOTS, Visit, serious, settled
from tests.serving_api.dashboard.drawn import drawn_on, tip_at
from tests.serving_api.published import LAST_DAY, UNUSUAL

CHART = "Active users and what is expected"
WEEKS = {"2024-04-15": "Surge, critical", "2024-04-22": "Drop, warning"}
SURGE, DROP = (str(LAST_DAY - timedelta(ago)) for ago, *_ in UNUSUAL)
NEXT = str(LAST_DAY + timedelta(3))


def row(url: str, mart: str, day: str) -> dict[str, Any]:
    """What the API says of the chart's figure on a day."""
    parameters = {"metric": "active_users"} | ({"startDate": day, "endDate": day} if mart == "anomalies" else {})
    answer = httpx.get(f"{url}/api/v1/{mart}", params=parameters, headers=bearer(Role.ANALYST))
    (found,) = [one for one in answer.json()["data"] if one["date"] == day]
    return dict(found)


def ids(page: Page, panel: str) -> set[str]:
    """The parts of a chart."""
    found = next(one for one in drawn_on(page) if one["title"] == panel)
    return {one["id"].partition(":")[0] for one in found["series"]}


def test_pointing_at_a_day_tells_what_is_expected_and_why_it_stands_out(visit: Visit, url: str) -> None:
    with visit("executive", Role.ANALYST) as (page, complaints):
        said = tip_at(page, CHART, SURGE)
        found = row(url, "anomalies", SURGE)
        assert "Surge: " in said
        assert f"{found['expected']:g} was expected" in said
        assert f"{found['lower']:,.1f} to {found['upper']:,.1f} is usual" in said
        assert said.rstrip().endswith("(critical).")
        assert "Drop: " in tip_at(page, CHART, DROP)
        said = tip_at(page, CHART, NEXT)
        ahead = row(url, "forecasts", NEXT)
        assert f"{ahead['value']:g}" in said.replace("\n", " ")
        assert "Active users" not in said, "a day to come has come to nothing yet"
        said = tip_at(page, CHART, str(LAST_DAY))
        for part in ("Active users", "Expected", "Provisional: this day is not over."):
            assert part in said
        assert complaints == []


def test_a_table_tells_forecasts_as_such(visit: Visit, url: str) -> None:
    with visit("executive", Role.ANALYST) as (page, complaints):
        panel = page.locator(f'[data-panel="{CHART}"]')
        footer = panel.locator("footer").inner_text()
        assert "four of five days are expected there" in footer
        assert "2 out of line" in footer
        label = panel.locator(".chart").get_attribute("aria-label") or ""
        assert "2 out of line, 14 expected" in label
        button = panel.get_by_role("button", name="show as table")
        button.focus()
        page.keyboard.press("Enter")
        assert panel.locator("th").all_inner_texts() == [
            "Date", "Active users", "Expected", "At least", "At most", "Remark",
        ]  # fmt: skip
        cells = {one[0]: one[1:] for one in next(one for one in drawn_on(page) if one["title"] == CHART)["cells"]}
        assert len(cells) == 30 + 13
        ahead, odd = row(url, "forecasts", NEXT), row(url, "anomalies", SURGE)
        assert cells[NEXT] == ["", *(str(ahead[name]) for name in ("value", "lower", "upper")), "Forecast"]
        assert cells[SURGE][1:] == [*(f"{odd[name]:g}" for name in ("expected", "lower", "upper")), "Surge, critical"]
        assert cells[str(LAST_DAY - timedelta(1))][1:] == ["", "", "", ""]
        assert complaints == []


@pytest.mark.parametrize(
    ("path", "panel", "shown"),
    [
        ("chat", "Messages by provider", set()),
        ("users", "Active users", {"lower", "between", "expected", "unusual"}),
        ("users?granularity=week", "Active users", {"unusual"}),
        ("users?start=2024-04-01&end=2024-04-28", "Active users", {"unusual"}),
        ("users?tz=Asia/Kolkata", "Active users", set()),
        ("revenue?currency=EUR", "Revenue by stream", set()),
    ],
)
def test_it_is_drawn_where_it_can_be_compared(visit: Visit, path: str, panel: str, shown: set[str]) -> None:
    """Figures too young to be forecast, longer steps, days long gone, other zones and currencies have none."""
    with visit(path) as (page, complaints):
        assert ids(page, panel) - {"now", "open", "alone", "before"} == shown
        if "week" in path:
            page.locator(f'[data-panel="{panel}"]').get_by_role("button", name="show as table").click()
            cells = next(one for one in drawn_on(page) if one["title"] == panel)["cells"]
            told = {one[0]: one[-4:] for one in cells if one[-1]}
            # What is expected of a day is nothing to compare a week with.
            assert told == {week: ["", "", "", remark] for week, remark in WEEKS.items()}
        assert complaints == []


@pytest.fixture
def revised(admin: Client) -> Iterator[None]:
    names = ["generation", "previous", "published_at", "mart", "date", "column", "old", "new", "causes"]
    row = [1, 0, datetime.now(UTC), "daily_metrics", LAST_DAY, "active_users", 1, 3, ["late_events"]]
    admin.insert("marts.revisions", [row], column_names=names)
    yield
    admin.command("DELETE FROM marts.revisions WHERE mart = 'daily_metrics'")


@pytest.mark.usefixtures("revised")
def test_how_final_a_number_is_stays_drawn_beside_it_in_the_dark_and_on_a_phone(visit: Visit) -> None:
    # Days that no other test asks for: answers from a generation are remembered.
    with visit("executive?start=2024-04-07&end=2024-04-30", dark=True, width=390) as (page, complaints):
        panel = page.locator(f'[data-panel="{CHART}"]')
        panel.locator("footer", has_text="1 revised (◆)").wait_for()
        panel.scroll_into_view_if_needed()
        footer = panel.locator("footer").inner_text()
        for part in ("this day is provisional", "four of five", "2 out of line"):
            assert part in footer
        assert {"now", "open", "expected", "unusual"} <= ids(page, CHART)
        marked = panel.locator(".chart").evaluate("chart => chart.drawing.getOption().series[0].markPoint.data.length")
        assert marked == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert serious(page) == []
        page.screenshot(path=SHOTS / "executive-phone-dark.png")
        assert complaints == []


def test_without_an_answer_the_chart_is_there_and_says_so(visit: Visit) -> None:
    with visit("quality") as (page, _):
        page.route("**/api/v1/forecasts*", lambda route: route.abort())
        page.locator("nav a", has_text="Executive").click()
        settled(page)
        footer = page.locator(f'[data-panel="{CHART}"] footer').inner_text()
        assert "without what is expected: The server does not answer" in footer
        assert "now" in ids(page, CHART)
