"""Rows as Plotly figures: what a header says is drawn against what."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_KINDS = {"line": {"type": "scatter", "mode": "lines"}, "bar": {"type": "bar"}, "pie": {"type": "pie"}}


class Figure(BaseModel):
    """How rows are drawn.

    Attributes:
        kind: line, bar or pie.
        title: of the figure.
        x: column along the axis, or of a pie's labels.
        y: columns drawn, one trace each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["line", "bar", "pie"]
    title: str
    x: str
    y: tuple[str, ...] = Field(min_length=1)

    def draw(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """The figure of some rows, as Plotly reads it."""
        across = [row[self.x] for row in rows]
        axes = ("labels", "values") if self.kind == "pie" else ("x", "y")
        traces = [
            _KINDS[self.kind] | {"name": name, axes[0]: across, axes[1]: [row[name] for row in rows]} for name in self.y
        ]
        layout: dict[str, Any] = {"title": {"text": self.title}}
        if self.kind != "pie":
            layout["xaxis"] = {"title": {"text": self.x}}
        return {"data": traces, "layout": layout}


#: JSON Schema of a figure, for OpenAPI.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Plotly figure.",
    "required": ["data", "layout"],
    "properties": {
        "data": {"type": "array", "description": "Traces.", "items": {"type": "object"}},
        "layout": {"type": "object", "description": "Title and axes."},
    },
    "additionalProperties": False,
}
