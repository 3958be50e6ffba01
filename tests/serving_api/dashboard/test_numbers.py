"""Every number on a dashboard is the API's: tiles, their comparison, and what is really drawn."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Request

from serving_api.auth import Role
from serving_api.dashboard.describing import described
from serving_api.dashboard.loading import FRESHNESS, load, registry
from serving_api.dashboard.spec import OUTLOOK
from serving_api.endpoint import load as load_endpoints
from tests.serving_api.dashboard.conftest import SHOTS, Visit, serious
from tests.serving_api.dashboard.drawn import Asked, at, check, check_outlook, drawn_on, shown_number, value_of

ANSWERS = registry(load_endpoints())
DASHBOARDS = load(ANSWERS)
#: Colours are the same everywhere, and take longest to look at.
CONTRAST = ("users", "creator", "exports")
ROUNDED = ("usd", "money", "count", "fraction", "score")


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_shows_what_the_api_says(visit: Visit, name: str) -> None:
    spec = described(DASHBOARDS[name], name, Role.ADMIN, ANSWERS)
    assert spec is not None
    items = [item for section in spec["sections"] for item in section["items"]]
    tiles = [item for item in items if item["kind"] == "tile"]
    panels = [item for item in items if item["kind"] not in ("tile", "builder", "exports")]
    requests: list[Request] = []
    with visit(name + ("?user=free-1" if spec["subject"] else ""), asked=requests) as (page, complaints):
        asked = Asked(requests, spec["sources"], "free-1")
        assert page.inner_text("h1") == spec["title"]
        assert page.locator("[data-tile]").evaluate_all("all => all.map(one => one.dataset.tile)") == [
            tile["title"] for tile in tiles
        ]
        for place, tile in enumerate(tiles):
            _check_tile(page, place, tile, asked.answer(tile["source"]), spec["sources"][tile["source"]]["path"])
        drawn = drawn_on(page)
        assert [one["title"] for one in drawn] == [panel["title"] for panel in panels]
        for panel, one in zip(panels, drawn, strict=True):
            if asked.sources[panel["source"]]["path"] == FRESHNESS:
                continue
            check(panel, one, asked.answer(panel["source"]))
            if "outlook" in panel and one["notice"] is None:
                check_outlook(panel, one, *(asked.answer(path) for path in OUTLOOK))
        assert page.locator("[role=alert]").count() == 0, page.locator("[role=alert]").all_inner_texts()
        faults = serious(page, contrast=name in CONTRAST)
        page.screenshot(path=SHOTS / f"{name}.png")
    assert faults == []
    assert [said for said in complaints if "404" not in said] == []


def _check_tile(page: Page, place: int, tile: dict[str, Any], body: Any, path: str) -> None:
    shown = page.locator("[data-tile]").nth(place)
    if body is None:
        assert "No figure" in shown.inner_text()
        return
    value = value_of(body, tile)
    number = shown.locator(".tile-value")
    if value is None:
        assert number.get_attribute("data-value") == "", tile["title"]
        return
    # Ages go on between two questions.
    slack = 60 if path == FRESHNESS else 1e-9
    written = float(number.get_attribute("data-value") or "nan")
    assert written == pytest.approx(float(value), abs=slack), tile["title"]
    if tile["format"] in ROUNDED:
        assert shown_number(number.inner_text()) == pytest.approx(float(value), rel=0.06, abs=0.05), tile["title"]
    if tile.get("total") and at(body, tile["total"]) is not None:
        total = shown.locator(".tile-total").inner_text().split(" ")[0]
        assert shown_number(total) == pytest.approx(float(at(body, tile["total"])), rel=0.06, abs=0.05), tile["title"]
    compare = tile.get("compare")
    moved = at(body, f"{compare}.change") if compare not in (None, "previous") else None
    if moved is not None and abs(moved) > 0.0005:
        delta = shown.locator(".delta").inner_text().split("from")[0].strip()
        assert shown_number(delta) == pytest.approx(float(moved), rel=0.1, abs=0.006), tile["title"]
