"""The dashboards in a browser: until they can be used, and what they weigh; from an empty browser cache, and again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.home import simulated
from bench.serving import Api, serving
from warehouse.cli.building import build_and_publish
from warehouse.cli.landing import land
from warehouse.settings import Settings

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)
_GIVE_UP_SECONDS = 60.0
#: Everything has its numbers and is drawn, and nothing is asked for any more.
_SETTLED = """() => document.querySelector("main h1") !== null
    && document.querySelector(".skeleton, .waiting, [aria-busy=true]") === null
    && [...document.querySelectorAll(".chart")].every(chart => chart.dataset.drawn)"""
#: Looked at in the page at each of its frames, so that asking costs no time between them.
_WATCH = f"""() => new Promise(resolve => {{
    const settled = {_SETTLED};
    const look = () => settled() ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
}})"""


def measure(settings: Settings, *, events: int, turns: int = 3) -> dict[str, float]:
    """Every dashboard of an admin, on a history of so many events in a year.

    Returns:
        For each dashboard the median milliseconds from asking for the page until it is drawn, with an empty cache of
        the browser (`cold_ms`) and with what the first visit left there (`warm_ms`), those of the very first visit
        (`first_ms`), the KiB over the wire with an empty cache, answers included (`kib`), and the number of requests;
        and the worst of each.
    """
    land(settings, [str(simulated(settings, events, days=365))], "bench")
    build_and_publish(settings)
    figures: dict[str, float] = {}
    # The server remembers nothing when the first turn begins; then it is as warm as it is in use.
    with serving(settings, cache_mib=64) as api, _browser() as browser:
        names = _dashboards(browser, api)
        for name in names:
            found = [_visits(browser, api, name) for _ in range(turns)]
            for figure in found[0]:
                figures[f"{figure} {name}"] = round(median(one[figure] for one in found), 1)
            figures[f"first_ms {name}"] = round(found[0]["cold_ms"], 1)
    for figure in ("first_ms", "cold_ms", "warm_ms", "kib"):
        figures[f"worst_{figure}"] = max(value for name, value in figures.items() if name.startswith(f"{figure} "))
    return figures


@contextmanager
def _browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise RuntimeError("there is no Chromium: run `make services`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


def _address(api: Api, name: str = "") -> str:
    return f"{api.url}/dashboards/{name}#token={api.headers['Authorization'].removeprefix('Bearer ')}"


def _dashboards(browser: Browser, api: Api) -> list[str]:
    with _context(browser) as context:
        page = context.new_page()
        page.goto(_address(api))
        _settle(page)
        links: list[str] = page.locator("nav ul a").evaluate_all("all => all.map(link => link.pathname)")
    return [link.rpartition("/")[2] for link in links]


@contextmanager
def _context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has been nowhere."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


def _visits(browser: Browser, api: Api, name: str) -> dict[str, float]:
    with _context(browser) as context:
        cold, weight, requests = _visit(context, api, name)
        warm, *_ = _visit(context, api, name)
    return {"cold_ms": cold, "warm_ms": warm, "kib": weight / 1024, "requests": requests}


def _visit(context: BrowserContext, api: Api, name: str) -> tuple[float, float, int]:
    """Milliseconds until the page is drawn, bytes over the wire, and requests."""
    page = context.new_page()
    wire = _Wire(context, page)
    page.goto(_address(api, name), wait_until="commit")
    taken = _settle(page)
    page.close()
    return taken, wire.bytes, wire.requests


class _Wire:
    """What a page has fetched, headers included, as the browser's network stack counts it."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.bytes, self.requests = 0.0, 0
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
        self.requests += 1


def _settle(page: Page) -> float:
    """Milliseconds since the navigation began at which everything was drawn."""
    end = time.monotonic() + _GIVE_UP_SECONDS
    taken: float = page.evaluate(_WATCH)
    while True:
        # Somebody's page first finds out whose it is, and asks then.
        page.wait_for_timeout(150)
        if page.evaluate(_SETTLED):
            return taken
        if time.monotonic() > end:
            raise RuntimeError(f"the page does not come to rest: {page.url}")
        taken = page.evaluate(_WATCH)
