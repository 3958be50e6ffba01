"""What is on the screen of a dashboard, and what should be: from the API's answers, computed apart from the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request

from serving_api.auth import Role
from tests.serving_api.conftest import bearer

Item = dict[str, Any]
Row = dict[str, Any]

#: Kinds that are told apart by colours are eight at most, the last of them the sum of the others.
MOST_SERIES = 8
FEED_LINES = 40

_READ = """() => [...document.querySelectorAll("[data-panel]")].map(panel => {
    const option = panel.querySelector(".chart")?.drawing?.getOption();
    const all = (selector, read) => [...panel.querySelectorAll(selector)].map(read);
    return {
        title: panel.dataset.panel,
        x: option?.xAxis[0].data ?? null,
        y: option?.yAxis[0].data ?? null,
        series: option?.series.map(({id, name, type, data}) => ({id, name, type, data})) ?? [],
        bars: all(".bar", bar => [bar.querySelector(".bar-name").textContent,
            bar.querySelector(".bar-value").dataset.value]),
        cells: all("tbody tr", row => [...row.children].map(cell => cell.dataset.value)),
        facts: all(".facts dd", one => one.dataset.value),
        lights: all(".lights li", one => [one.querySelector(".light-name").textContent, one.className === "ok",
            one.querySelector(".light-value")?.dataset.value]),
        lines: all(".feed-text", one => one.textContent),
        notice: panel.querySelector(".notice")?.textContent ?? null,
    };
})"""


_ACROSS = """(chart, place) => chart.drawing.convertToPixel(
    {xAxisIndex: 0}, chart.drawing.getOption().xAxis[0].data.indexOf(place))"""


def tip_at(page: Page, panel: str, place: str, said: str = "") -> str:
    """What the box says when the pointer is at a place of a chart, once it says what is waited for."""
    card = page.locator(f'[data-panel="{panel}"]')
    card.scroll_into_view_if_needed()
    across = card.locator(".chart").evaluate(_ACROSS, place)
    box = card.locator("canvas").bounding_box()
    assert box is not None
    tip = card.locator(".tip", has_text=said)
    for step in range(20):
        # What is drawn anew meanwhile forgets where the pointer is.
        page.mouse.move(box["x"] + across + step % 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(100)
        if tip.count():
            return tip.inner_text()
    raise AssertionError("there is no box")


def drawn_on(page: Page) -> list[dict[str, Any]]:
    """What each card shows: the series that its canvas was given, or its elements."""
    found: list[dict[str, Any]] = page.evaluate(_READ)
    return found


@dataclass
class Asked:
    """The questions that a page asked, and their answers, asked for again with the same token."""

    requests: Sequence[Request]
    sources: dict[str, Any]
    subject: str
    _known: dict[str, Any] = field(default_factory=dict)

    def answer(self, source: str) -> Any:
        """The answer to a source's question about the days of the page, None when there is no figure."""
        if source not in self._known:
            matching = [one for one in self.requests if _is_of(one, self.sources[source], self.subject)]
            assert matching, f"nothing was asked for {source}"
            request = max(matching, key=_last_day)
            again = httpx.request(
                request.method,
                request.url,
                content=request.post_data,
                headers=bearer(Role.ADMIN, self.subject)
                | ({"Content-Type": "application/json"} if request.post_data else {}),
                timeout=30,
            )
            assert again.status_code in (200, 404), again.text
            self._known[source] = again.json() if again.status_code == 200 else None
        return self._known[source]


def _is_of(request: Request, source: dict[str, Any], subject: str) -> bool:
    address = httpx.URL(request.url)
    fixed = {name: value.replace("$subject", subject) for name, value in source["parameters"].items()}
    if address.path != re.sub(r"\{(\w+)\}", lambda match: fixed.pop(match[1]), source["path"]):
        return False
    if "query" in source:
        body = request.post_data_json or {}
        steps = {"page": ("day", "week", "month")}
        grain = source["query"].get("grain")
        return all(body.get(key) == source["query"].get(key) for key in ("metrics", "dimensions")) and (
            body.get("grain") in steps.get(grain, (grain,))
        )
    return fixed.items() <= dict(address.params).items() and all(
        (name in fixed) or (name in source["takes"]) for name in address.params
    )


def _last_day(request: Request) -> str:
    parameters = dict(httpx.URL(request.url).params) | (request.post_data_json or {})
    return str(parameters.get("endDate") or parameters.get("end_date") or "")


def at(body: Any, path: str) -> Any:
    """What is at a path of an answer; on the way through a list, its first row."""
    for name in path.split(".") if path else ():
        if isinstance(body, list):
            body = body[0] if body else None
        body = body.get(name) if isinstance(body, dict) else None
    return body


def rows_at(body: Any, path: str) -> list[Row]:
    """The rows at a path; an object is one."""
    found = at(body, path)
    return found if isinstance(found, list) else [found] if isinstance(found, dict) else []


def value_of(body: Any, tile: Item) -> Any:
    """The value of a tile."""
    rows, _, name = tile["value"].rpartition(".")
    if tile["reduce"] == "first":
        return at(body, tile["value"])
    values = [row[name] for row in rows_at(body, rows)]
    return (values[-1] if values else None) if tile["reduce"] == "last" else sum(value or 0 for value in values)


def shown_number(text: str) -> float:
    """The number in what people read."""
    scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1], 1)
    return float(re.sub(r"[^\d.-]", "", text)) * scale * (0.01 if "%" in text else 1)


def _word(text: Any) -> str:
    return re.sub(r"[_.\s]+", " ", str(text)).lower() if text else "(none)"


def check(item: Item, drawn: dict[str, Any], body: Any) -> None:
    """That a card draws what the answer says.

    Raises:
        AssertionError: it does not.
    """
    assert drawn["title"] == item["title"]
    if drawn["notice"] is not None:
        assert _is_empty(item, body), f"{item['title']}: nothing is drawn of {body}"
        return
    _CHECKS[item["kind"]](item, drawn, body)


def _is_empty(item: Item, body: Any) -> bool:
    rows = rows_at(body, item.get("rows", ""))
    rows = [row for row in rows if all(row[k] == v for k, v in item.get("only", {}).items())]
    if item["kind"] in ("table", "facts", "status", "feed"):
        return not rows
    fields = [item.get("value"), *(one["field"] for key in ("series", "steps", "figures") for one in item.get(key, ()))]
    return all(row.get(name) is None for row in rows for name in fields if name)


def _series(item: Item, drawn: dict[str, Any], body: Any) -> None:
    shown: dict[str, dict[str, float]] = defaultdict(dict)
    for one in drawn["series"]:
        if one["id"].partition(":")[0] not in ("now", "open", "alone"):
            continue
        for place, given in zip(drawn["x"], one["data"], strict=True):
            value = given["value"] if isinstance(given, dict) else given
            if value is not None:
                # The joint of a line and its dashed end is in both.
                assert shown[one["name"]].setdefault(place, value) == value
    wanted = _split(item, body) if item.get("split") else _fields(item, body)
    names = {_word(name): name for name in shown}
    for name, values in wanted.items():
        found = shown.pop(names.pop(_word(name), ""), {})
        assert found == pytest.approx(values, rel=1e-9), f"{item['title']}: {name}"
    assert not shown, f"{item['title']}: {list(shown)} is drawn, and in no answer"


def check_outlook(item: Item, drawn: dict[str, Any], forecasts: Any, anomalies: Any) -> None:
    """That a chart draws what is expected of its figure next, and marks the days out of line.

    Raises:
        AssertionError: it does not.
    """
    points = {one["id"]: _points(drawn["x"], one) for one in drawn["series"]}
    came = [values for name, values in points.items() if name.partition(":")[0] in ("now", "open", "alone")]
    places = sorted({place for values in came for place in values})
    days = [date.fromisoformat(place) for place in places]
    step = min(((after - day).days for day, after in pairwise(days)), default=1)
    figure = item["outlook"]
    ahead = [row for row in forecasts["data"] if row["metric"] == figure and step == 1]
    lower, between = points.get("lower", {}), points.get("between", {})
    assert points.get("expected", {}) == {row["date"]: row["value"] for row in ahead}
    assert lower == {row["date"]: row["lower"] for row in ahead}
    assert {day: lower[day] + more for day, more in between.items()} == pytest.approx(
        {row["date"]: row["upper"] for row in ahead}
    )
    assert drawn["x"] == sorted({*places, *(row["date"] for row in ahead)})
    unusual = {}
    for row in anomalies["data"]:
        place = next((p for p in reversed(places) if p <= row["date"]), None)
        if row["metric"] == figure and place is not None and _ends(place, step) > row["date"]:
            unusual[place] = _whole(item, place, points)
    assert points.get("unusual", {}) == pytest.approx(unusual)


def _points(places: list[str], series: dict[str, Any]) -> dict[str, float]:
    values = [given["value"] if isinstance(given, dict) else given for given in series["data"]]
    return {place: value for place, value in zip(places, values, strict=True) if value is not None}


def _ends(place: str, step: int) -> str:
    if step > 7:
        return f"{place[:7]}-99"
    return str(date.fromisoformat(place) + timedelta(step))


def _whole(item: Item, place: str, points: dict[str, dict[str, float]]) -> float:
    if item["kind"] == "stacked":
        return sum(values[place] for name, values in points.items() if name.startswith("now:") and place in values)
    return next(points[name][place] for name in ("now:0", "open:0", "alone:0") if place in points.get(name, {}))


def _x(item: Item, rows: list[Row]) -> str:
    return "hour" if item["x"] == "date" and rows and rows[0].get("hour") else str(item["x"])


def _kept(item: Item, rows: list[Row]) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in item["only"].items())]


def _fields(item: Item, body: Any) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for one in item["series"]:
        rows = _kept(item, rows_at(body, one.get("rows") or item["rows"]))
        x = _x(item, rows)
        found[one["title"]] = {str(row[x]): row[one["field"]] for row in rows if row[one["field"]] is not None}
    return found


def _split(item: Item, body: Any) -> dict[str, dict[str, float]]:
    rows = _kept(item, rows_at(body, item["rows"]))
    x, adds = _x(item, rows), item["kind"] != "line"
    places = sorted({str(row[x]) for row in rows})
    sums: dict[str, dict[str, float]] = {}
    for row in rows:
        values = sums.setdefault(row[item["split"]], dict.fromkeys(places, 0.0) if adds else {})
        if row[item["value"]] is not None:
            values[str(row[x])] = values.get(str(row[x]), 0.0) + row[item["value"]]
    if adds and len(sums) > MOST_SERIES:
        ranked = sorted(sums, key=lambda name: -sum(map(abs, sums[name].values())))
        rest = ranked[MOST_SERIES - 1 :]
        others = {place: sum(sums[name][place] for name in rest) for place in places}
        sums = {name: sums[name] for name in ranked[: MOST_SERIES - 1]} | {f"{len(rest)} others": others}
    return {name: values for name, values in sums.items() if values}


def _ranking(item: Item, drawn: dict[str, Any], body: Any) -> None:
    sums: dict[str, float] = defaultdict(float)
    for row in rows_at(body, item["rows"]):
        sums[_word(row[item["label"]])] += row[item["value"]] or 0
    largest = sorted(sums.values(), reverse=True)[: item["limit"]]
    assert [float(value) for _, value in drawn["bars"]] == pytest.approx(largest)
    assert {_word(name): float(value) for name, value in drawn["bars"]}.items() <= dict(sums).items()


def _numbers(texts: list[str]) -> list[float | None]:
    return [float(text) if text else None for text in texts]


def _funnel(item: Item, drawn: dict[str, Any], body: Any) -> None:
    row = rows_at(body, item["rows"])[-1]
    assert [name for name, _ in drawn["bars"]] == [step["title"] for step in item["steps"]]
    assert _numbers([value for _, value in drawn["bars"]]) == [row[step["field"]] or 0 for step in item["steps"]]


def _bridge(item: Item, drawn: dict[str, Any], body: Any) -> None:
    row = rows_at(body, item["rows"])[-1]
    assert drawn["x"] == [step["title"] for step in item["steps"]]
    _, bars = drawn["series"]
    heights = [abs(row[step["field"]] or 0) for step in item["steps"]]
    assert [bar["value"] for bar in bars["data"]] == pytest.approx(heights)


def _heatmap(item: Item, drawn: dict[str, Any], body: Any) -> None:
    (series,) = drawn["series"]
    cells = {(drawn["x"][x], drawn["y"][y]): value for x, y, value in series["data"]}
    assert cells == {(str(row[item["x"]]), row[item["y"]]): row[item["value"]] for row in rows_at(body, item["rows"])}


def _progress(item: Item, drawn: dict[str, Any], body: Any) -> None:
    assert _numbers([value for _, value in drawn["bars"]]) == [at(body, goal["value"]) for goal in item["goals"]]


def _versus(item: Item, drawn: dict[str, Any], body: Any) -> None:
    pairs = [at(body, f"{one['field']}.{side}") for one in item["figures"] for side in ("own", "average")]
    assert _numbers([value for _, value in drawn["bars"]]) == pairs


def _status(item: Item, drawn: dict[str, Any], body: Any) -> None:
    rows = rows_at(body, item["rows"])
    assert [(_word(name), up) for name, up, _ in drawn["lights"]] == [
        (_word(row[item["label"]]), bool(row[item["state"]])) for row in rows
    ]
    assert _numbers([value for *_, value in drawn["lights"]]) == [row[item["value"]] for row in rows]


def _feed(item: Item, drawn: dict[str, Any], body: Any) -> None:
    rows = rows_at(body, item["rows"])[:FEED_LINES]
    told = [(row[item["text"]], row.get(str(item.get("detail")))) for row in rows]
    said = [" ".join(part for part in parts if part) for parts in told]
    assert [_word(line) for line in drawn["lines"]] == [_word(line) for line in said]


def _cell(given: str | None, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        wanted = {None: "", True: "true", False: "false"}.get(value) if not isinstance(value, list) else ",".join(value)
        assert given == (str(value) if wanted is None else wanted)
    else:
        assert float(given or "nan") == pytest.approx(value)


def _table(item: Item, drawn: dict[str, Any], body: Any) -> None:
    rows = rows_at(body, item["rows"])
    shown = drawn["cells"] if item["kind"] == "table" else [drawn["facts"]]
    assert len(shown) == (min(len(rows), 500) if item["kind"] == "table" else 1)
    for cells, row in zip(shown, rows, strict=False):
        for given, column in zip(cells, item["columns"], strict=True):
            _cell(given, row[column["field"]])


_CHECKS = {
    **dict.fromkeys(("line", "area", "bar", "stacked"), _series),
    **dict.fromkeys(("table", "facts"), _table),
    "ranking": _ranking,
    "funnel": _funnel,
    "bridge": _bridge,
    "heatmap": _heatmap,
    "progress": _progress,
    "versus": _versus,
    "status": _status,
    "feed": _feed,
}
