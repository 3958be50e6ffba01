"""What a dashboard's YAML may say: where numbers come from, and how they are drawn."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from serving_api.auth import Role
from serving_api.builder.query import Filter, Name

Format = Literal[
    "usd", "money", "count", "number", "fraction", "percent", "score", "hours", "days", "seconds", "ms", "bytes",
    "text", "date", "instant", "boolean", "list",
]  # fmt: skip
#: How a page chooses its days: calendar periods up to now, days up to now, or any dates.
Time = Literal["period", "range", "dates", "none"]

#: What a chart's outlook is asked from, and the fields that are read of each row.
OUTLOOK = {
    "/api/v1/forecasts": ("metric", "date", "value", "lower", "upper"),
    "/api/v1/anomalies": ("metric", "date", "value", "expected", "lower", "upper", "score", "kind", "severity"),
}


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _field(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value or {}


class Shown(_Said):
    """A field of a row, as people see it; what is not said follows from its name.

    Attributes:
        title: its name for people.
        format: how its values are written.
        rows: where it is in the answer, if not where the others are.
        field: its name there, if not the one by which it is listed.
        link: the dashboard of whom it names.
    """

    title: str = ""
    format: Format | None = None
    rows: str | None = None
    field: str | None = None
    link: str | None = None


Fields = dict[str, Annotated[Shown, BeforeValidator(_field)]]


class Question(_Said):
    """A question to the report builder; its days are the page's.

    Attributes:
        grain: step of time; `page` for the page's own.
        days: the page's, or of its last month all up to its last day; `none` for metrics that are as of the last day.
    """

    metrics: tuple[Name, ...] = Field(min_length=1, max_length=20)
    dimensions: tuple[Name, ...] = ()
    grain: Literal["page", "day", "week", "month"] | None = None
    filters: tuple[Filter, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = Field(None, ge=1, le=10_000)
    days: Literal["page", "month", "none"] = "page"


class Source(_Said):
    """Where numbers come from: an endpoint with parameters that the page does not choose, or a question.

    `$subject` in a parameter or filter stands for whose page it is.
    """

    path: str | None = None
    parameters: dict[str, str] = {}
    query: Question | None = None

    @model_validator(mode="after")
    def _one(self) -> Source:
        if (self.path is None) == (self.query is None):
            raise ValueError("a source has either a path or a query")
        return self


class _Item(_Said):
    title: str
    source: str
    help: str = ""
    width: int = Field(6, ge=1, le=12)

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        raise NotImplementedError


class Spark(_Said):
    """The small line in a tile."""

    source: str
    rows: str = "data"
    value: str


class Tile(_Item):
    """One number.

    Attributes:
        value: its path in the answer; in a list, `reduce` says which of the values, or their sum.
        compare: path of `{previous, change}`, or `previous` to ask for the days before as well.
        good: which direction is good news.
        total: a second number below, as its path, and what it is called.
    """

    kind: Literal["tile"] = "tile"
    value: str
    reduce: Literal["sum", "first", "last"] = "first"
    format: Format | None = None
    compare: str | None = None
    good: Literal["up", "down", "neither"] = "up"
    total: str | None = None
    total_title: str = "all time"
    spark: Spark | None = None
    width: int = Field(2, ge=1, le=12)

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        paths = [self.value, self.total]
        if self.compare not in (None, "previous"):
            paths += [f"{self.compare}.previous", f"{self.compare}.change"]
        found = [(self.source, path) for path in paths if path]
        if self.spark is not None:
            found.append((self.spark.source, f"{self.spark.rows}.{self.spark.value}"))
        return found


class _Rows(_Item):
    rows: str = "data"

    def _in(self, *names: str | None) -> list[tuple[str, str]]:
        return [(self.source, f"{self.rows}.{name}".lstrip(".")) for name in names if name]


class Series(_Rows):
    """Numbers over time or over a few kinds.

    Attributes:
        x: what the numbers are laid out by.
        series: the fields, each a line or a row of bars; or
        split, value: one field, told apart by another.
        only: rows with these values alone.
        format: of all values.
        previous: whether the days before are drawn, too.
        outlook: the watched figure that its first field is, or all of a stack together: what is expected of it next is
            drawn after its last day, and days out of line are marked.
    """

    kind: Literal["line", "area", "bar", "stacked"]
    x: str = "date"
    series: Fields = {}
    split: str | None = None
    value: str | None = None
    only: dict[str, str] = {}
    format: Format | None = None
    previous: bool = False
    outlook: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Series:
        if bool(self.series) == bool(self.split) or bool(self.split) != bool(self.value):
            raise ValueError("say either series, or split and value")
        if self.outlook is not None and (self.x != "date" or (self.split and self.kind != "stacked")):
            raise ValueError("an outlook is of days, and of one line, or of all of a stack together")
        return self

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        own = [(self.source, f"{shown.rows or self.rows}.{shown.field or name}") for name, shown in self.series.items()]
        return [*own, *self._in(self.x, self.split, self.value, *self.only)]


class Ranking(_Rows):
    """Bars from the largest to the smallest."""

    kind: Literal["ranking"]
    label: str
    value: str
    format: Format | None = None
    limit: int = 10
    detail: str | None = None

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(self.label, self.value, self.detail)


class Table(_Rows):
    """Rows as they are; or the first one, a line for each of its fields (facts)."""

    kind: Literal["table", "facts"]
    columns: Fields
    limit: int = 100

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(*self.columns)


class Heatmap(_Rows):
    """A number for each pair of two kinds."""

    kind: Literal["heatmap"]
    x: str
    y: str
    value: str
    format: Format | None = None
    size: str | None = None

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(self.x, self.y, self.value, self.size)


class Steps(_Rows):
    """Fields of one row, one after the other: what is left at each (funnel), or how one becomes another (bridge).

    Attributes:
        falls: fields of a bridge that take away.
        whole: fields of a bridge that are not a change but where it begins or ends.
    """

    kind: Literal["funnel", "bridge"]
    steps: Fields
    falls: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    format: Format | None = None

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(*self.steps)


class Goal(_Said):
    """Something on its way to something."""

    title: str
    value: str
    target: str
    format: Format | None = None


class Progress(_Item):
    """How far something is; `label` names where it stands."""

    kind: Literal["progress"]
    label: str | None = None
    goals: tuple[Goal, ...]

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        paths = [path for goal in self.goals for path in (goal.value, goal.target)]
        return [(self.source, path) for path in [*paths, *([self.label] if self.label else [])]]


class Versus(_Item):
    """Figures beside those they are measured by: each an object with `own` and `average`."""

    kind: Literal["versus"]
    figures: Fields

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return [(self.source, f"{name}.{side}") for name in self.figures for side in ("own", "average")]


class Status(_Rows):
    """What is up and what is down."""

    kind: Literal["status"]
    label: str
    state: str
    value: str | None = None
    format: Format | None = None

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(self.label, self.state, self.value)


class Feed(_Rows):
    """What happened, the latest first."""

    kind: Literal["feed"]
    text: str
    time: str
    detail: str | None = None

    def fields(self) -> list[tuple[str, str]]:
        """Source and path of every field that it shows."""
        return self._in(self.text, self.time, self.detail)


class Tool(_Said):
    """A part of the page that is more than a drawing."""

    kind: Literal["builder", "exports"]
    title: str
    source: str = ""
    help: str = ""
    width: int = 12

    def fields(self) -> list[tuple[str, str]]:
        """None: it asks for what its user asks for."""
        return []


Item = Annotated[
    Tile | Series | Ranking | Table | Heatmap | Steps | Progress | Versus | Status | Feed | Tool,
    Field(discriminator="kind"),
]


def _tile(value: object) -> object:
    return {"kind": "tile"} | value if isinstance(value, dict) else value


class Section(_Said):
    """Some items below a heading."""

    title: str = ""
    help: str = ""
    items: tuple[Annotated[Item, BeforeValidator(_tile)], ...] = Field(min_length=1)


class Subject(_Said):
    """Whose page it is, where more than one's may be seen.

    Attributes:
        title: what they are.
        source: lists some of them.
        field: path of their names in it.
    """

    title: str
    source: str
    field: str


class Page(_Said):
    """A dashboard."""

    title: str
    group: Literal["Business", "Marketplace", "People", "Trust", "System", "Reports"]
    order: int
    summary: str
    document: str
    roles: frozenset[Role] = Field(min_length=1)
    time: Time
    times: tuple[str, ...] = ()
    subject: Subject | None = None
    sources: dict[str, Source] = {}
    sections: tuple[Section, ...] = Field(min_length=1)

    def items(self) -> list[Any]:
        """All items, in order."""
        return [item for section in self.sections for item in section.items]
