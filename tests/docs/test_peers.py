"""The page of peers shows what was measured, by versions that are pinned."""

from __future__ import annotations

import json

from bench.peers import page
from bench.peers.environments import REQUIREMENTS


def test_the_page_shows_what_was_measured() -> None:
    text, measured = page.PAGE.read_text("utf-8"), json.loads(page.MEASURED.read_text("utf-8"))
    assert {"about", "loading", "building"} <= set(measured)
    assert page.filled(text, measured) == text


def test_every_peer_is_pinned() -> None:
    lines = [line for file in REQUIREMENTS.glob("*.txt") for line in file.read_text("utf-8").splitlines()]
    assert len(lines) > 5
    assert all("==" in line for line in lines)
