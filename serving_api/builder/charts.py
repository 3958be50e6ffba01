"""How an answer may be drawn: lines over time, bars over categories, a number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from serving_api.builder.columns import OutputColumn

#: What a Vega-Lite specification names as its schema.
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_MARKS = {"line": {"type": "line", "point": True}, "bar": {"type": "bar"}}
# d3's way to write numbers.
_D3 = {"usd": "$,.2f", "fraction": ".1%", "count": ",d", "bytes": ".3s", "score": ".2f"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A suggestion.

    Attributes:
        kind: line, bar, number, or table for what no simple chart shows.
        title: of the chart.
        x: column along the axis; None for number and table.
        y: columns drawn.
        series: column whose values are lines or bars of their own; None without one.
    """

    kind: Literal["line", "bar", "number", "table"]
    title: str
    x: str | None
    y: tuple[str, ...]
    series: str | None

    def vega_lite(self, columns: Sequence[OutputColumn]) -> dict[str, Any] | None:
        """A Vega-Lite specification that wants the rows as `data.values`; None where nothing is drawn."""
        if self.x is None or self.kind not in _MARKS:
            return None
        by_name = {column.name: column for column in columns}
        across = by_name[self.x]
        axis: dict[str, Any] = {"field": across.name, "title": across.label}
        axis["type"] = "temporal" if across.kind == "time" else "nominal"
        if across.kind == "time":
            # Days are UTC days wherever the reader is.
            axis["timeUnit"] = {"unit": "utcyearmonthdate"}
        else:
            axis["sort"] = None
        first = by_name[self.y[0]]
        up: dict[str, Any] = {"type": "quantitative", "title": first.label, "field": first.name}
        if first.format in _D3:
            up["axis"] = {"format": _D3[first.format]}
        encoding: dict[str, Any] = {"x": axis, "y": up}
        specification: dict[str, Any] = {"$schema": _SCHEMA, "title": self.title, "mark": _MARKS[self.kind]}
        if self.series is not None:
            encoding["color"] = {
                "field": self.series,
                "type": "nominal",
                "title": by_name[self.series].label,
            }
        elif len(self.y) > 1:
            specification["transform"] = [{"fold": list(self.y), "as": ["metric", "value"]}]
            up |= {"field": "value", "title": None}
            encoding["color"] = {"field": "metric", "type": "nominal", "title": None}
        return specification | {"encoding": encoding}


def suggest(columns: Sequence[OutputColumn]) -> Chart:
    """What suits the columns of an answer."""
    times = [c for c in columns if c.kind == "time"]
    words = [c for c in columns if c.kind == "dimension"]
    metrics = [c for c in columns if c.kind == "metric"]
    across = [*times, *words]
    names = ", ".join(c.label for c in metrics)
    title = f"{names} by {', '.join(c.label.lower() for c in across)}" if across else names
    # On one axis only what is counted in the same unit.
    y = tuple(c.name for c in metrics if c.format == metrics[0].format)
    if not across:
        return Chart("number", title, None, tuple(c.name for c in metrics), None)
    if len(across) > 2:
        return Chart("table", title, None, tuple(c.name for c in metrics), None)
    series = across[1].name if len(across) == 2 else None
    return Chart("line" if times else "bar", title, across[0].name, y[:1] if series else y, series)
