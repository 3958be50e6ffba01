"""The picture in an e-mail: the money of a report over its periods, or by whom it is."""

from __future__ import annotations

import io
from collections import defaultdict
from decimal import Decimal

import orjson

from serving_api.reports.origin import Origin, origin
from serving_api.reports.question import statement_of
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
    table = table_of(request, source.generation, settings)
    if isinstance(request, QueryRequest):
        suggested = statement_of(request, source.generation, settings).chart
        # One number a bar: what is told apart once more does not add up in general.
        by, amount = (suggested.x, suggested.y[0]) if suggested.series is None and suggested.y else (None, None)
        title = suggested.title
    else:
        by = request.definition.header.order[0].removeprefix("-")
        amount = next((n for n, column in table.columns.items() if column.total and column.style == "money"), None)
        title = f"{table.title}: {(amount or '').removesuffix('_usd').replace('_', ' ')}, US dollars"
    if by is None or amount is None or not 0 < source.count(table) <= _MOST_ROWS:
        return None
    sums = _sums(source, table, by, amount)
    if table.columns[by].style not in ("date", "instant"):
        sums = dict(sorted(sums.items(), key=lambda pair: -abs(pair[1]))[:_BARS])
    return _drawn(sums, title)


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
