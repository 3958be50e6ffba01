"""The tutorials do what they say: their files are written, their commands run, and what they should say is compared."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.docs.tutorials import PAGES, SECONDS, Checkout, Step, added, steps
from tests.serving_api.dashboard.conftest import settled

#: What an event type, a mart, an endpoint and a tile take.
TOUCHED = {
    "ingestion/catalog/events.yaml",
    "dbt_project/models/marts/commerce/product_questions.sql",
    "dbt_project/models/marts/commerce/product_questions.yml",
    "serving_api/endpoints/commerce/product_questions.sql",
    "serving_api/dashboard/pages/users.yaml",
}
#: What commands write after them.
GENERATED = {
    "docs/api.md",
    "docs/builder.json",
    "docs/builder.md",
    "docs/events.md",
    "docs/events.schema.json",
    "docs/events/engagement.md",
    "examples/read_api/answers.py",
    "tests/dagster_project/outline.json",
    "tests/serving_api/openapi.json",
}
UP, SERVE = "make up\n", ".venv/bin/warehouse serve\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A checkout with the files of all tutorials in it, so that one full build is enough."""
    made = Checkout(tmp_path_factory.mktemp("tutorials"))
    for page in ("event-type", "mart"):
        for step in steps(page):
            if step.file:
                made.put(step)
    try:
        yield made
    finally:
        made.close()


def commands(page: str) -> list[Step]:
    return [step for step in steps(page) if not step.file]


def words(text: str) -> str:
    """A text without what only lays it out."""
    return " ".join(text.split())


def follow(checkout: Checkout, todo: list[Step], patience: float = 0, **variables: str) -> None:
    """Run commands, and compare what they say with what the page shows of it.

    Args:
        checkout: where to run them.
        todo: commands, and what they say.
        patience: seconds within which the last ones will say it.
        variables: of their environment.
    """
    ran = said = ""
    for step in todo:
        if step.kind == "bash":
            ran, said = step.text, checkout.run(step.text, **variables)
        elif step.kind == "text":
            deadline = time.monotonic() + patience
            while words(step.text) not in words(said) and time.monotonic() < deadline:
                time.sleep(1)
                said = checkout.run(ran, **variables)
            assert words(step.text) in words(said)
        else:
            shown, answered = json.loads(step.text), json.loads(said)
            assert {name: answered[name] for name in shown} == shown


def test_a_block_goes_below_the_line_that_is_named() -> None:
    text = "a:\n  b: 1\n  c:\n    d: 2\ne: 3\n"
    assert added(text, "c:", "    f: 4\n") == "a:\n  b: 1\n  c:\n    f: 4\n    d: 2\ne: 3\n"
    assert added(text, "c:", "  f: 4\n") == "a:\n  b: 1\n  c:\n    d: 2\n  f: 4\ne: 3\n"
    assert added(text, "b:", "  f: 4\n") == "a:\n  b: 1\n  f: 4\n  c:\n    d: 2\ne: 3\n"


def test_event_type_mart_endpoint_and_tile_are_five_files(checkout: Checkout) -> None:
    assert checkout.touched() - GENERATED == TOUCHED


# A full build, and Dagster's start.
@pytest.mark.timeout(600)
def test_the_first_hour(checkout: Checkout) -> None:
    checkout.small_marketplace()
    run, up, *todo = commands("first-hour")
    assert up.text == UP
    follow(checkout, [run])
    with checkout.running(UP) as stack:
        key = stack.said(r"development key of this home:\n[^|\n]*\| (\S+)")
        follow(checkout, todo, patience=SECONDS, KEY=key)
        assert httpx.get(stack.said(r"(http://127\.0\.0\.1:\d+/)#token=")).status_code == 200
    assert "missing_field:user_id" in checkout.run(".venv/bin/warehouse quarantine list")


def test_an_event_type_of_your_own(checkout: Checkout) -> None:
    ingest, counts, listed, docs = commands("event-type")
    follow(checkout, [ingest, counts])
    assert "missing_field:product_id" in checkout.run(listed.text)
    # Run with the next page.
    assert docs.text in [line + "\n" for step in commands("mart") for line in step.text.splitlines()]


@pytest.mark.timeout(600)
def test_a_mart_an_endpoint_and_a_tile_of_your_own(checkout: Checkout, browser: Browser) -> None:
    checkout.run("".join(step.text for step in commands("event-type") if "ingest" in step.text))
    todo = commands("mart")
    place = next(number for number, step in enumerate(todo) if step.text == SERVE)
    follow(checkout, todo[:place])
    asked, answer, *after = todo[place + 1 :]
    with checkout.running(SERVE) as server:
        url, token = server.said(r"API at (\S+),"), server.said(r"development token.*\n(\S+)\n")
        follow(checkout, [asked, answer], TOKEN=token)
        assert _shown_in_tile(browser, url, token) == "2"
    follow(checkout, after)
    assert checkout.touched() <= TOUCHED | GENERATED


def _shown_in_tile(browser: Browser, url: str, token: str) -> str:
    [address] = re.findall(r"`http://127.0.0.1:8004(/dashboards/[^`]+)`", (PAGES / "mart.md").read_text("utf-8"))
    page = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
    page.goto(f"{url}{address}#token={token}")
    settled(page)
    shown = page.locator('[data-tile="Questions about products"] .tile-value').inner_text()
    page.context.close()
    return shown
