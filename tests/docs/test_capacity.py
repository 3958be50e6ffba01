"""The page of capacity shows what was measured, and so does its picture."""

from __future__ import annotations

import copy
from typing import Any

from bench.capacity import forecast, page, picture, results
from bench.capacity.model import modelled


def test_the_page_shows_what_was_measured() -> None:
    text, measured = page.PAGE.read_text("utf-8"), results.read()
    assert len(measured) > 1
    assert page.filled(text, measured) == text


def test_the_picture_shows_what_was_measured() -> None:
    assert picture.digest(results.read()) in picture.FILE.read_text("utf-8")


def test_nothing_is_concluded_from_few_sizes_or_a_busy_machine() -> None:
    text, grown = page.PAGE.read_text("utf-8"), _grown()
    concluding = page.filled(text, grown)
    first = forecast.limits(modelled(grown), grown[-1]["machine"], forecast.Assumptions())[0]
    assert f"what comes first is **{first.stage}**" in concluding
    assert " nodes**" in concluding
    assert "Provisional" not in concluding
    grown[-1]["stages"]["land"]["others_cpu"] = 1e6
    for provisional in (page.filled(text, grown), page.filled(text, _grown()[1:])):
        assert "**Provisional**" in provisional
        assert "what comes first is" not in provisional
        assert " nodes**" not in provisional


def _grown() -> list[dict[str, Any]]:
    """Four sizes up to ten millions, as a quiet machine would have them."""
    sizes = []
    for times in (1, 10, 50, 100):
        size = copy.deepcopy(results.read()[0]) | {"events": 100_000 * times}
        for used in size["stages"].values():
            used |= {"others_cpu": 0.0, "own_cpu": 10 + times, "engine_cpu": 5 + times, "seconds": 15 + times}
        sizes.append(size)
    return sizes
