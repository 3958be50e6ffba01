"""What a replay would do, said beforehand: judged by the landing's own SQL, and nothing stored."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

from clickhouse_connect.driver.exceptions import DatabaseError

from ingestion.landing.judging import judgement
from ingestion.landing.parameters import catalog_parameters, secret_parameters
from warehouse.client import Identity, connect
from warehouse.settings import Settings

_SQL = resources.files(__package__)
_LINES = """
SELECT original AS line
FROM raw.held
WHERE ({reason:String} = '' OR reason = {reason:String}) AND source = {source:String}
ORDER BY received_seq
"""
# No such table, no such database.
_NOT_PUBLISHED = (60, 81)
_CENTS = Decimal("0.0001")


def _sql(name: str) -> str:
    return _SQL.joinpath(f"{name}.sql").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Money:
    """What would come in of one direction and currency.

    Attributes:
        direction: `revenue`, `refund` or `payout`, as in the mart contract.
        currency: ISO 4217.
        events: how many.
        amount: their sum, in the currency.
        amount_usd: the same at the last rate seen in published revenue; None without one.
    """

    direction: str
    currency: str
    events: int
    amount: Decimal
    amount_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a replay would do; `held` is the sum of would_pass, duplicates and refused.

    Attributes:
        held: lines looked at.
        would_pass: events that would be stored.
        duplicates: good events that are held already, or come twice.
        refused: lines that would be refused again, by reason.
        days_touched: days with an event that would be stored, from first_day to last_day (UTC).
        money: what would come in.
        revenue_usd: the revenue in it, as far as it can be converted.
        published_revenue_usd: gross revenue of all days as published; None before the first publication.
        revenue_change: the first as a fraction of the second; None where that is 0 or None.
    """

    held: int = 0
    would_pass: int = 0
    duplicates: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    days_touched: int = 0
    first_day: date | None = None
    last_day: date | None = None
    money: list[Money] = field(default_factory=list)
    revenue_usd: Decimal = Decimal(0)
    published_revenue_usd: Decimal | None = None
    revenue_change: float | None = None


def preview(settings: Settings, sources: list[str], reason: str) -> Preview:
    """Judge what is held of some sources, anew.

    Args:
        settings: names the ClickHouse.
        sources: whose lines.
        reason: only lines refused for this reason; all if empty.
    """
    client = connect(Identity.LOADER, settings, log_comment="quarantine")
    session = {"session_id": f"preview-{uuid.uuid4()}"}
    client.command(_sql("judged"), settings=session)
    judge = _sql("judge").replace("{judgement}", judgement(_LINES))
    for source in sources:
        client.command(
            judge,
            parameters={
                **catalog_parameters(),
                **secret_parameters(settings),
                "batch_seq": 0,
                "received_at": client.query("SELECT now64(3, 'UTC')").first_row[0],  # type: ignore[index]
                "source": source,
                "reason": reason,
            },
            settings={**session, "short_circuit_function_evaluation": "force_enable"},
        )
    (verdicts,) = client.query(_sql("verdicts"), settings=session).named_results()
    refused = client.query(_sql("reasons"), settings=session).result_rows
    money = client.query(_sql("money"), settings=session).named_results()
    client.command("DROP TEMPORARY TABLE judged", settings=session)
    good = verdicts.pop("good")
    published = _published(settings)
    incoming = [_money(row, published) for row in money]
    revenue = sum((m.amount_usd for m in incoming if m.direction == "revenue" and m.amount_usd), Decimal(0))
    total = None if published is None else sum((revenue for revenue, _ in published.values()), Decimal(0))
    return Preview(
        **verdicts,
        duplicates=good - verdicts["would_pass"],
        refused={str(name): int(events) for name, events in refused},
        money=incoming,
        revenue_usd=revenue,
        published_revenue_usd=total,
        revenue_change=float(revenue / total) if total else None,
    )


def _money(row: dict[str, Any], published: dict[str, tuple[Decimal, float | None]] | None) -> Money:
    currency, amount = row["currency"], row["total"]
    rate = 1.0 if currency == "USD" else (published or {}).get(currency, (0, None))[1]
    usd = None if rate is None else (amount * Decimal(str(rate))).quantize(_CENTS)
    return Money(row["direction"], currency, row["events"], amount, usd)


def _published(settings: Settings) -> dict[str, tuple[Decimal, float | None]] | None:
    try:
        rows = connect(Identity.READER, settings, log_comment="quarantine").query(_sql("published")).result_rows
    except DatabaseError as error:
        if error.code not in _NOT_PUBLISHED:
            raise
        return None
    return {currency: (revenue, rate) for currency, revenue, rate in rows}
