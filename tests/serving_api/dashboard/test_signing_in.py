"""Who one is: tokens, links that sign in, and that nobody sees what is not his."""

from __future__ import annotations

import httpx
import pytest

from serving_api.auth import Role, sign
from serving_api.dashboard.loading import load, registry
from serving_api.endpoint import load as load_endpoints
from tests.serving_api.conftest import SECRET
from tests.serving_api.dashboard.conftest import Visit, serious, settled

DASHBOARDS = load(registry(load_endpoints()))


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
