"""A browser, and pages in it that were signed in by a link."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, Request, sync_playwright

from serving_api.auth import Role, sign
from tests.serving_api.conftest import SECRET

#: A page, and what went wrong in it.
Visit = Callable[..., AbstractContextManager[tuple[Page, list[str]]]]

#: Kept for whoever wants to look.
SHOTS = Path(__file__).parents[3] / "build" / "dashboards"

_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync",
)  # fmt: skip
_SETTLED = """() => document.querySelector("main h1") !== null
    && document.querySelector(".skeleton, .waiting, [aria-busy=true]") === null
    && [...document.querySelectorAll(".chart")].every(chart => chart.dataset.drawn)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; for a module, as Playwright keeps an event loop going that others would meet."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    SHOTS.mkdir(parents=True, exist_ok=True)
    assert found is not None, "these tests need Chromium: run `make services`"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield started
        started.close()


def settled(page: Page) -> None:
    """Wait until everything on the page has its numbers."""
    for _ in range(200):
        # Not by wait_for_function: that evaluates text, which the page's policy forbids.
        if page.evaluate(_SETTLED):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the page does not come to rest: {page.inner_text('body')[:2000]}")


def serious(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds that keeps people out."""
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    return [
        f"{fault['id']}: {fault['help']}: {[node['html'][:160] for node in fault['nodes'][:4]]}"
        for fault in Axe().run(page, options=options).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def visit(browser: Browser, url: str) -> Visit:
    """Opens a dashboard as somebody; tells what the browser complained of."""

    @contextmanager
    def visited(
        path: str = "",
        role: Role | None = Role.ADMIN,
        subject: str = "free-1",
        *,
        address: str = url,
        width: int = 1440,
        dark: bool = False,
        asked: list[Request] | None = None,
    ) -> Iterator[tuple[Page, list[str]]]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
        )
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        requests = asked if asked is not None else []
        page.on("request", lambda request: requests.append(request))
        token = "" if role is None else f"#token={sign(SECRET, subject, role)}"
        try:
            page.goto(f"{address}/dashboards/{path}{token}")
            if role is not None:
                settled(page)
            yield page, complaints
        finally:
            # The stream of publications would keep the server.
            try:
                context.close()
            except Error as error:
                pytest.fail(str(error))

    return visited
