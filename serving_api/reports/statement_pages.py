"""The pages of a statement: A4, vector charts, the same bytes for the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

Row = Mapping[str, Any]

_NAVY, _TEAL, _AMBER, _GREY, _PALE = map(HexColor, ("#1F3A5F", "#2A9D8F", "#E9A23B", "#6B7785", "#F2F5F8"))
_MARGIN, _BAND = 18 * mm, 26 * mm
_WIDTH = A4[0] - 2 * _MARGIN

_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=12.5, textColor=HexColor("#22303C"))
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=10, textColor=_GREY)
_HEADING = ParagraphStyle(
    "heading",
    parent=_TEXT,
    fontName="Helvetica-Bold",
    fontSize=12,
    leading=15,
    textColor=_NAVY,
    spaceBefore=12,
    spaceAfter=5,
)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=8, leading=10)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=TA_RIGHT)
_HEAD = ParagraphStyle("head", parent=_CELL, fontName="Helvetica-Bold", textColor=white)
_HEAD_NUMBER = ParagraphStyle("head number", parent=_HEAD, alignment=TA_RIGHT)
_FIGURE = ParagraphStyle("figure", parent=_TEXT, fontName="Helvetica-Bold", fontSize=13, leading=17, textColor=_NAVY)

_Series = tuple[tuple[str, str, Color], ...]
_CHARTS: tuple[tuple[str, _Series], ...] = (
    ("Earned and paid out by day", (("earnings_usd", "Earned", _TEAL), ("payouts_usd", "Paid out", _NAVY))),
    ("Sales by day", (("sales_usd", "Sales", _AMBER),)),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """All that the pages say.

    Attributes:
        user: whose it is.
        role: what they signed up as, '' when not known.
        month: for people, e.g. March 2024.
        account: opening_usd, earnings_usd, fees_usd, refunds_usd, payouts_usd, closing_usd, unconverted_count.
        days: date, earnings_usd, payouts_usd, sales_usd of every day.
        work: what was delivered, by output_type.
        sales: what was sold, by week.
        transactions: those that are listed.
        transaction_count: how many there are.
        facts: generation, how far it is complete.
        made_at: date of the document.
    """

    user: str
    role: str
    month: str
    account: Row
    days: Sequence[Row]
    work: Sequence[Row]
    sales: Sequence[Row]
    transactions: Sequence[Row]
    transaction_count: int
    facts: Mapping[str, str]
    made_at: datetime


def write(path: Path, statement: Statement) -> None:
    """Write the pages."""
    document = BaseDocTemplate(
        str(path),
        pagesize=A4,
        title=f"Statement {statement.month}",
        author="Marketplace warehouse",
        subject="; ".join(f"{name}: {value}" for name, value in statement.facts.items()),
        creator="Marketplace warehouse",
        invariant=1,
    )
    first = Frame(_MARGIN, 18 * mm, _WIDTH, A4[1] - 18 * mm - _BAND - 6 * mm, 0, 0, 0, 0)
    later = Frame(_MARGIN, 18 * mm, _WIDTH, A4[1] - 18 * mm - 20 * mm, 0, 0, 0, 0)

    def begin(canvas: Canvas, _: BaseDocTemplate) -> None:
        # Else the date of the document would be the day it is written.
        canvas.setDateFormatter(lambda *_: f"D:{statement.made_at:%Y%m%d%H%M%S}+00'00'")
        _band(canvas, statement)
        _foot(canvas, statement)

    document.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=begin, autoNextPageTemplate="later"),
            PageTemplate("later", [later], onPage=lambda canvas, _: _foot(canvas, statement)),
        ]
    )
    document.build(_story(statement))


def _story(statement: Statement) -> list[Flowable]:
    story: list[Flowable] = [_account(statement.account), *_unconverted(statement.account)]
    for title, series in _CHARTS:
        if any(day[name] for day in statement.days for name, _, _ in series):
            story.append(KeepTogether([Paragraph(title, _HEADING), _chart(statement.days, series)]))
    if statement.work:
        story += _section(
            "Work by kind of output",
            {
                "output_type": ("Output", "text", 2.2),
                "completed": ("Completed", "count", 1),
                "on_time_rate": ("On time", "rate", 1),
                "first_approval_rate": ("Approved at once", "rate", 1.3),
                "average_rating": ("Rating", "number", 1),
                "earnings_usd": ("Earned, USD", "money", 1.3),
            },
            statement.work,
        )
    if statement.sales:
        story += _section(
            "Sales by week",
            {
                "week": ("Week from", "text", 1.4),
                "product_views": ("Views", "count", 1),
                "orders": ("Orders", "count", 1),
                "conversion_rate": ("Orders per view", "rate", 1.3),
                "average_rating": ("Rating", "number", 1),
                "revenue_usd": ("Sold, USD", "money", 1.3),
            },
            statement.sales,
        )
    story += _section(
        "Transactions",
        {
            "occurred_at": ("Instant (UTC)", "instant", 1.5),
            "kind": ("Kind", "text", 0.9),
            "transaction_id": ("Transaction", "text", 2),
            "other_id": ("Other party", "text", 1.5),
            "amount": ("Amount", "money", 1.2),
            "currency": ("", "text", 0.55),
            "amount_usd": ("USD", "money", 1.2),
        },
        statement.transactions,
    )
    if not statement.transactions:
        story.append(Paragraph("There were none in this month.", _TEXT))
    left_out = statement.transaction_count - len(statement.transactions)
    if left_out:
        story.append(
            Paragraph(f"These are the first; {left_out:,} more are in the export of transactions for this user.", _TEXT)
        )
    return story


def _account(account: Row) -> Table:
    figures = (
        ("Balance before", "opening_usd", ""),
        ("Earned", "earnings_usd", "+"),
        ("Fees", "fees_usd", "-"),
        ("Refunds", "refunds_usd", "-"),
        ("Paid out", "payouts_usd", "-"),
        ("Balance after", "closing_usd", ""),
    )
    cells = [
        [Paragraph(f"{label}{' ' + sign if sign else ''}", _SMALL), Paragraph(_money(account[name]), _FIGURE)]
        for label, name, sign in figures
    ]
    return Table(
        [cells[:3], cells[3:]],
        colWidths=[_WIDTH / 3] * 3,
        style=[
            ("BACKGROUND", (0, 0), (-1, -1), _PALE),
            ("INNERGRID", (0, 0), (-1, -1), 3, white),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
            ("BACKGROUND", (2, 1), (2, 1), HexColor("#DDEFEC")),
        ],
    )


def _unconverted(account: Row) -> list[Flowable]:
    count = account["unconverted_count"]
    if not count:
        return []
    text = f"{count:,} bookings or payouts have no rate to US dollars yet and are missing from these balances."
    return [Spacer(0, 4), Paragraph(text, _SMALL)]


def _chart(days: Sequence[Row], series: _Series) -> Drawing:
    drawing = Drawing(_WIDTH, 118)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 44, 18, _WIDTH - 46, 82
    chart.data = [[float(day[name]) for day in days] for name, _, _ in series]
    chart.categoryAxis.categoryNames = [str(day["date"].day) for day in days]
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 6.5
    chart.categoryAxis.labels.fillColor = chart.valueAxis.labels.fillColor = _GREY
    chart.categoryAxis.labels.dy = -2
    chart.categoryAxis.strokeColor = chart.categoryAxis.gridStrokeColor = _GREY
    chart.categoryAxis.visibleTicks = False
    chart.valueAxis.valueMin = 0
    chart.valueAxis.visibleGrid, chart.valueAxis.gridStrokeColor = True, HexColor("#DCE2E8")
    chart.valueAxis.gridStrokeWidth, chart.valueAxis.strokeColor = 0.4, None
    chart.valueAxis.visibleTicks = False
    chart.valueAxis.maximumTicks, chart.valueAxis.rangeRound = 5, "ceiling"
    chart.valueAxis.labelTextFormat = "{:,.0f}".format
    chart.groupSpacing, chart.barSpacing = 4, 0.5
    for number, (_, _, color) in enumerate(series):
        chart.bars[number].fillColor, chart.bars[number].strokeColor = color, None
    drawing.add(chart)
    legend = Legend()
    legend.x, legend.y, legend.boxAnchor = _WIDTH, 116, "ne"
    legend.fontName, legend.fontSize, legend.alignment = "Helvetica", 7.5, "right"
    legend.dx = legend.dy = 6
    legend.columnMaximum, legend.deltax, legend.strokeColor = 1, 60, None
    legend.colorNamePairs = [(color, label) for _, label, color in series]
    drawing.add(legend)
    drawing.add(String(0, 108, "US dollars", fontName="Helvetica", fontSize=6.5, fillColor=_GREY))
    return drawing


def _section(title: str, columns: Mapping[str, tuple[str, str, float]], rows: Sequence[Row]) -> list[Flowable]:
    heading = Paragraph(title, _HEADING)
    if not rows:
        return [heading]
    whole = sum(share for _, _, share in columns.values())
    numeric = {"count", "rate", "number", "money"}
    head = [Paragraph(label, _HEAD_NUMBER if kind in numeric else _HEAD) for label, kind, _ in columns.values()]
    body = [
        [
            Paragraph(_shown(row[name], kind), _NUMBER if kind in numeric else _CELL)
            for name, (_, kind, _) in columns.items()
        ]
        for row in rows
    ]
    table = Table(
        [head, *body],
        colWidths=[_WIDTH * share / whole for _, _, share in columns.values()],
        repeatRows=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), _NAVY),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, _PALE]),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ],
    )
    # A short table stays with its heading; a long one may begin below it and go on.
    return [KeepTogether([heading, table])] if len(rows) <= 12 else [heading, table]


def _band(canvas: Canvas, statement: Statement) -> None:
    canvas.saveState()
    canvas.setFillColor(_NAVY)
    canvas.rect(0, A4[1] - _BAND, A4[0], _BAND, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(_MARGIN, A4[1] - 14 * mm, "Statement")
    canvas.setFont("Helvetica", 11)
    canvas.drawString(_MARGIN, A4[1] - 20.5 * mm, statement.month)
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawRightString(A4[0] - _MARGIN, A4[1] - 13.5 * mm, _latin(statement.user)[:60])
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(A4[0] - _MARGIN, A4[1] - 19.5 * mm, _latin(statement.role).capitalize())
    canvas.restoreState()


def _foot(canvas: Canvas, statement: Statement) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 7)
    canvas.setFillColor(_GREY)
    facts = statement.facts
    told = f"Generation {facts['Generation']}, complete through {facts['Complete through']}; all days are UTC"
    canvas.drawString(_MARGIN, 10 * mm, told)
    canvas.drawRightString(
        A4[0] - _MARGIN, 10 * mm, f"{_latin(statement.user)[:60]}, {statement.month}, page {canvas.getPageNumber()}"
    )
    canvas.restoreState()


def _shown(value: Any, kind: str) -> str:
    if value is None:
        return "no rate" if kind == "money" else "-"
    if kind == "money":
        return _money(value)
    if kind == "rate":
        return f"{value:.0%}"
    if kind == "number":
        return f"{value:.2f}"
    if kind == "count":
        return f"{value:,}"
    if kind == "instant":
        return f"{value:%Y-%m-%d %H:%M}"
    return escape(_latin(str(value)))


def _money(value: Decimal) -> str:
    """To the cent, and to the fourth digit where there is one."""
    cents = value.quantize(Decimal("0.01"))
    return f"{cents:,.2f}" if cents == value else f"{value.normalize():,}"


def _latin(text: str) -> str:
    """The text as far as the standard fonts of PDF go, which is Western European; question marks for the rest."""
    return text.encode("cp1252", "replace").decode("cp1252")
