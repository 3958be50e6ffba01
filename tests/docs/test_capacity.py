"""The page of capacity shows what was measured, and so does its picture."""

from __future__ import annotations

from bench.capacity import page, picture, results


def test_the_page_shows_what_was_measured() -> None:
    text, measured = page.PAGE.read_text("utf-8"), results.read()
    assert len(measured) > 1
    assert page.filled(text, measured) == text


def test_the_picture_shows_what_was_measured() -> None:
    assert picture.digest(results.read()) in picture.FILE.read_text("utf-8")
