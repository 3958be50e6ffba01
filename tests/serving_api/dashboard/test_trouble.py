"""What goes wrong is said and can be tried again, or mends itself: no answer, no rows, too many questions."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Request

from serving_api import rates
from serving_api.app import create_app
from serving_api.auth import Authority, Role
from tests.serving_api.conftest import SECRET, serving
from tests.serving_api.dashboard.conftest import SHOTS, Visit, serious, settled
from warehouse.settings import Settings


def test_what_fails_says_so_and_can_be_tried_again(visit: Visit) -> None:
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


def test_somebody_without_rows_is_told_so(visit: Visit) -> None:
    with visit(role=Role.VENDOR, subject="nobody") as (page, complaints):
        assert page.locator('[data-tile="Orders"] .tile-value').inner_text() == "0"
        assert page.locator('[data-tile="Orders per view"] .tile-value').get_attribute("data-value") == ""
        assert "Nothing happened" in page.locator('[data-panel="Own activity"]').inner_text()
        assert "Nothing happened" in page.locator('[data-panel="Rating"]').inner_text()
        assert serious(page, contrast=False) == []
        page.screenshot(path=SHOTS / "vendor-nobody.png")
        assert complaints == []


@pytest.fixture
def hurried(engine: Settings, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of an API that answers eight questions in three seconds."""
    monkeypatch.setattr(rates, "WINDOW_SECONDS", 2)
    limited = engine.model_copy(update={"api_rate_per_minute": 8})
    with serving(create_app(limited, Authority(SECRET))) as address:
        yield address


def test_whoever_asks_too_much_waits_and_goes_on(visit: Visit, hurried: str) -> None:
    asked: list[Request] = []
    refused: list[str] = []
    with visit("quality", address=hurried, asked=asked) as (page, _):
        page.on("response", lambda answer: refused.append(answer.url) if answer.status == 429 else None)
        for name in ("Fraud", "Revenue", "Chat", "Compliance", "Executive", "Users", "Freelancer"):
            page.locator("nav a", has_text=name).first.click()
        page.get_by_text("more was asked than the API answers in a minute").wait_for()
        settled(page)
        assert page.inner_text("h1") == "Freelancer"
        assert page.locator("[role=alert], .tile-problem").count() == 0
        # Dashboards that were only passed by have asked for little or nothing.
        paths = {httpx.URL(one.url).path for one in asked}
        assert "/api/v1/reports/summary" not in paths
        assert "/analytics/freelancer/overview" in paths
        assert len(refused) <= 10


def test_when_the_server_is_back_so_is_the_page(visit: Visit) -> None:
    with visit("quality") as (page, _):
        page.context.set_offline(True)
        page.locator("nav a", has_text="Fraud").click()
        page.get_by_role("alert").first.wait_for()
        page.get_by_text("Not connected").wait_for()
        assert "does not answer" in page.get_by_role("alert").first.inner_text()
        assert serious(page, contrast=False) == []
        page.screenshot(path=SHOTS / "server-away.png")
        page.context.set_offline(False)
        page.get_by_text("Live", exact=True).wait_for()
        settled(page)
        page.locator('[data-panel="Flags raised and resolved"] .chart').wait_for()
        assert page.locator("[role=alert], .tile-problem").count() == 0
