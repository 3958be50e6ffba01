"""The picture in an e-mail: the money of a report over its periods, or by whom it is."""

from __future__ import annotations

import io
from collections import defaultdict
from decimal import Decimal

import orjson

from serving_api.reports.origin import Origin, origin
from serving_api.reports.request import FinancialRequest, QueryRequest, Request
from serving_api.reports.table import Table
from serving_api.reports.tables import table_of
from warehouse.settings import Settings

#: A picture of more is none.
_MOST_ROWS = 20_000
_BARS = 12
_INCHES, _DPI = (7.0, 2.6), 110
_COLOR = "#2b6cb0"


def chart(request: Request, generation: int, settings: Settings) -> bytes | None:
    """A PNG of an amount of the report by its periods, or by whom it is; None where there is none to draw.

    Args:
        request: what the file was made of.
        generation: where the file's numbers are from.
        settings: where ClickHouse is.

    Raises:
        WarehouseError: ClickHouse does not give the rows.
    """
    if not isinstance(request, FinancialRequest | QueryRequest):
        return None
    source = origin(settings, generation)
    table = table_of(request, source, settings)
    by, amount = _axes(request, table)
    if by is None or amount is None or not 0 < source.count(table) <= _MOST_ROWS:
        return None
    sums = _sums(source, table, by, amount)
    if table.columns[by].style not in ("date", "instant"):
        sums = dict(sorted(sums.items(), key=lambda pair: -abs(pair[1]))[:_BARS])
    unit = ", US dollars" if table.columns[amount].style == "money" else ""
    return _drawn(sums, f"{table.title}: {amount.removesuffix('_usd').replace('_', ' ')}{unit}")


def _axes(request: FinancialRequest | QueryRequest, table: Table) -> tuple[str | None, str | None]:
    """The column along the axis, and the one whose height is drawn."""
    if isinstance(request, FinancialRequest):
        adds_up = (name for name, column in table.columns.items() if column.total and column.style == "money")
        return request.definition.header.order[0].removeprefix("-"), next(adds_up, None)
    steps = [name for name, column in table.columns.items() if column.style in ("text", "date")]
    heights = [name for name in table.columns if name not in steps]
    # What is told apart once more does not add up in general.
    return (steps[0], heights[0]) if len(steps) == 1 and heights else (None, None)


def _sums(source: Origin, table: Table, by: str, amount: str) -> dict[str, Decimal]:
    lines = b"".join(source.stream(table, "JSONEachRow", output_format_json_quote_decimals="1"))
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines.splitlines():
        row = orjson.loads(line)
        # The day of an instant.
        sums[str(row[by])[:10]] += Decimal(row[amount] or 0)
    return dict(sums)


def _drawn(sums: dict[str, Decimal], title: str) -> bytes:
    # Without pyplot, which keeps its figures and looks for a screen.
    from matplotlib.figure import Figure
    from matplotlib.ticker import EngFormatter

    figure = Figure(figsize=_INCHES, layout="constrained")
    axes = figure.subplots()
    axes.bar(range(len(sums)), [float(value) for value in sums.values()], color=_COLOR)
    step = max(1, len(sums) // _BARS)
    axes.set_xticks(range(0, len(sums), step), list(sums)[::step], rotation=30, ha="right", fontsize=7)
    axes.yaxis.set_major_formatter(EngFormatter(sep=""))
    axes.tick_params(axis="y", labelsize=7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(title, fontsize=9, loc="left")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=_DPI)
    return picture.getvalue()
