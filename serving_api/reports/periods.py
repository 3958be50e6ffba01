"""Periods of reports that are made again and again: whole ones that are over, or the one that runs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

Period = Literal[
    "yesterday", "last_7_days", "last_30_days", "last_week", "last_month", "last_quarter", "last_year",
    "this_month", "this_quarter", "this_year",
]  # fmt: skip

_DAY = timedelta(days=1)


def days_of(period: Period, today: date) -> tuple[date, date]:
    """First and last day, inclusive; `today` is in none but those that run."""
    yesterday = today - _DAY
    if period == "yesterday":
        return yesterday, yesterday
    if period in ("last_7_days", "last_30_days"):
        return today - (7 if period == "last_7_days" else 30) * _DAY, yesterday
    if period == "last_week":
        monday = today - today.weekday() * _DAY
        return monday - 7 * _DAY, monday - _DAY
    calendar, months = {"month": 1, "quarter": 3, "year": 12}, period.removeprefix("last_").removeprefix("this_")
    first = _first_day(today, calendar[months])
    if period.startswith("this_"):
        return first, today
    return _first_day(first - _DAY, calendar[months]), first - _DAY


def days_of_month(month: str) -> tuple[date, date]:
    """First and last day of a month, given as in 2024-03."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _first_day(day: date, months: int) -> date:
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)
