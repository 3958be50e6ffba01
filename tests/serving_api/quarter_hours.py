"""Rows of the marts by quarter hour, spread over the day by a rule; over a UTC day they add up to the daily marts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

_EPOCH = date(1970, 1, 1)
#: Currency, first day and rate; the euro has none on the first days.
RATES = (
    ("EUR", date(2024, 1, 11), Decimal("1.25")),
    ("EUR", date(2024, 3, 1), Decimal("1.6")),
    ("USD", _EPOCH, Decimal(1)),
)


def rates() -> list[Row]:
    """Rows of `exchange_rates`."""
    return [
        {"currency": currency, "valid_from": since, "valid_until": date(2149, 6, 6), "usd_rate": rate}
        for currency, since, rate in RATES
    ]


def activity(user_metrics: Iterable[Row]) -> list[Row]:
    """Everybody of a day and group at one time of it, and three of them at another."""
    found = []
    for number, row in enumerate(user_metrics):
        everybody = [1000 * (number % 3) + user for user in range(row["active_users"])]
        group = {"role": row["role"], "plan_tier": row["plan_tier"]}
        for quarter, users, new in (
            (number * 5 % 48, everybody, row["new_users"]),
            (48 + number * 7 % 48, everybody[:3], 0),
        ):
            at = {"quarter_at": _at(row["date"], quarter), "active_users": len(users), "user_numbers": users}
            found.append(at | group | {"new_users": new})
    return found


def revenue(daily: Iterable[Row]) -> list[Row]:
    """What a day, stream and plan took, at one time of the day; currencies are added up."""
    merged: dict[tuple[date, str, str], Row] = {}
    for row in daily:
        key = (row["date"], row["stream"], row["plan_id"])
        at = _at(row["date"], len(merged) * 13 % 96)
        known = merged.setdefault(key, {"quarter_at": at, "stream": row["stream"], "plan_id": row["plan_id"]})
        for name in ("gross_usd", "refund_usd", "net_usd", "transaction_count", "refund_count", "unconverted_count"):
            known[name] = known.get(name, 0) + row[name]
    return list(merged.values())


def chat(days: Iterable[tuple[int, date]], factor: int) -> list[Row]:
    """Two models, each at two times of the day."""
    return [
        {
            "quarter_at": _at(day, (number * 11 + 37 * place + 50 * half) % 96),
            "provider": f"provider-{place}",
            "model": f"model-{place}",
            "messages": factor * (number + place + 2),
            "users": 2,
            "user_numbers": [place, number % 5 + 2],
            "tokens": factor * (number + 7),
            "cost_usd": factor * (Decimal("0.1") + number),
            "unconverted_count": 0,
        }
        for number, day in days
        for place in range(2)
        for half in range(2)
    ]


def _at(day: date, quarter: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + quarter * timedelta(minutes=15)
