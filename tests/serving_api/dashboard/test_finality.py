"""How fresh and how final numbers are, and what happens when others are published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from clickhouse_connect.driver.client import Client

from tests.serving_api.dashboard.conftest import Visit, serious, settled
from tests.serving_api.dashboard.drawn import drawn_on, tip_at
from tests.serving_api.published import LAST_DAY, point, publish


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
        why = "Revised in generation 1: 1 became 3 (late events)."
        assert "Provisional: this day is not over." in tip_at(page, "Revenue by stream", str(LAST_DAY), why)
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
def earned_anew(admin: Client) -> Iterator[None]:
    names = ["generation", "previous", "published_at", "mart", "date", "column", "old", "new", "causes"]
    row = [1, 0, datetime.now(UTC), "freelancer_earnings", date(2024, 2, 7), "earnings_usd", 1, 3, ["seed_change"]]
    admin.insert("marts.revisions", [row], column_names=names)
    yield
    admin.command("DELETE FROM marts.revisions WHERE mart = 'freelancer_earnings'")


@pytest.mark.usefixtures("earned_anew")
@pytest.mark.parametrize(
    ("path", "revised", "others"),
    [
        ("creator?user=free-1&period=year", "Earnings", ["Payouts", "Average rating"]),
        ("freelancer?user=free-1&range=90d", "Earnings", []),
    ],
)
def test_a_revision_is_shown_where_its_column_is(visit: Visit, path: str, revised: str, others: list[str]) -> None:
    """Several parts of an answer may have a field of one name, each of another mart."""
    with visit(path) as (page, complaints):
        footer = page.locator(f'[data-panel="{revised}"] footer', has_text="1 revised")
        footer.wait_for()
        assert "reference data changed" in (footer.get_attribute("title") or "")
        for other in others:
            text = page.locator(f'[data-panel="{other}"] footer').inner_text()
            assert "through Apr 30, 21:30 UTC" in text
            assert "revised" not in text
        assert complaints == []


@pytest.mark.parametrize(
    ("path", "panel", "said"),
    [
        ("revenue", "Net revenue", "this day is provisional"),
        ("quality", "Average rating", "this day is provisional"),
        ("creator?user=free-1&period=quarter", "Earnings", "this week is provisional"),
        ("client?user=free-1", "Spending over time", "this month is provisional"),
    ],
)
def test_the_last_step_is_provisional_on_every_kind_of_page(visit: Visit, path: str, panel: str, said: str) -> None:
    with visit(path) as (page, _):
        assert said in page.locator(f'[data-panel="{panel}"] footer').inner_text()
        series = next(one for one in drawn_on(page) if one["title"] == panel)["series"]
        assert any(one["id"].startswith("open:") for one in series)


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
