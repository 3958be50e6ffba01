"""Periods by the clocks of a zone, computed again from the rows in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.serving_api import published
from tests.serving_api.published import Row
from tests.serving_api.test_answers import get, period

START, END = "2024-03-04", "2024-04-21"
# Whole hours, halves and quarters of one; clocks that move by an hour on 10 March and by half of one on 7 April.
ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Australia/Lord_Howe",
)
GRANULARITIES = ("hour", "day", "week", "month")
every_period = pytest.mark.parametrize(
    ("zone", "granularity"), [(zone, granularity) for zone in ZONES for granularity in GRANULARITIES]
)

Key = tuple[str, str | None]


def key(at: datetime, zone: str, granularity: str) -> Key:
    """Date and hour of the period of an instant, as they are answered."""
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    if granularity != "hour":
        return period(day, granularity).isoformat(), None
    # The hour that the clock shows, by the offset that is in force.
    hour = (at - timedelta(minutes=local.minute)).astimezone(UTC)
    return day.isoformat(), hour.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def grouped(mart: str, zone: str, granularity: str, since: str = START) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in published.rows(mart, 1):
        if since <= row["quarter_at"].astimezone(ZoneInfo(zone)).date().isoformat() <= END:
            found[key(row["quarter_at"], zone, granularity)].append(row)
    return found


def asked(client: httpx.Client, path: str, zone: str, granularity: str, **more: Any) -> list[dict[str, Any]]:
    parameters = {"startDate": START, "endDate": END, "granularity": granularity, "tz": zone, "limit": 10000}
    rows: list[dict[str, Any]] = get(client, f"/api/analytics/{path}", **parameters, **more)["data"]
    return rows


def total(name: str) -> Callable[[list[Row]], Any]:
    return lambda rows: sum(row[name] for row in rows)


@every_period
@pytest.mark.parametrize(
    ("path", "mart", "columns"),
    [
        ("chat/messages", "chat_by_quarter_hour", ["messages"]),
        ("chat/tokens", "chat_by_quarter_hour", ["tokens", "messages"]),
        ("revenue/total", "revenue_by_quarter_hour", ["gross_usd", "net_usd", "transaction_count", "refund_count"]),
    ],
)
def test_periods_hold_exactly_what_happened_in_them(
    analyst: httpx.Client, path: str, mart: str, columns: list[str], zone: str, granularity: str
) -> None:
    expected = {at: [total(name)(rows) for name in columns] for at, rows in grouped(mart, zone, granularity).items()}
    answered = asked(analyst, path, zone, granularity)
    assert {(row["date"], row["hour"]): [row[name] for name in columns] for row in answered} == expected
    assert len(answered) == len(expected)


@every_period
def test_users_are_counted_once_in_each_period(analyst: httpx.Client, zone: str, granularity: str) -> None:
    days = grouped("activity_by_quarter_hour", zone, "day", "2024-01-01")
    users = {
        date.fromisoformat(day): {u for row in rows for u in row["user_numbers"]} for (day, _), rows in days.items()
    }
    expected = {
        at: len({user for row in rows for user in row["user_numbers"]})
        for at, rows in grouped("activity_by_quarter_hour", zone, granularity).items()
    }
    answered = asked(analyst, "users/active", zone, granularity)
    assert {(row["date"], row["hour"]): row["active_users"] for row in answered} == expected
    for row in answered:
        as_of = date.fromisoformat(row["as_of"])
        inside = [as_of - timedelta(back) for back in range(row["days"])]
        assert min(inside) == max(date.fromisoformat(row["date"]), date.fromisoformat(START))
        assert row["dau"] == (len(users[as_of]) if granularity in ("hour", "day") else None)
        assert float(row["dau_avg"]) == pytest.approx(sum(len(users[day]) for day in inside) / len(inside))
        for name, length in (("wau", 7), ("mau", 30)):
            assert row[name] == len(set().union(*(users[as_of - timedelta(back)] for back in range(length))))


@every_period
def test_growth_counts_everybody_before_each_period(analyst: httpx.Client, zone: str, granularity: str) -> None:
    rows = published.rows("activity_by_quarter_hour", 1)
    answered = asked(analyst, "users/growth", zone, granularity, groupBy="role")
    expected = grouped("activity_by_quarter_hour", zone, granularity)
    for role in ("creator", "uploader"):
        members = {(row["date"], row["hour"]): row for row in answered if row["role"] == role}
        assert members.keys() == expected.keys()
        before = sum(
            row["new_users"]
            for row in rows
            if row["role"] == role and row["quarter_at"].astimezone(ZoneInfo(zone)).date().isoformat() < START
        )
        for at in sorted(expected):
            new = sum(row["new_users"] for row in expected[at] if row["role"] == role)
            before += new
            assert (members[at]["new_users"], members[at]["total_users"]) == (new, before)


def test_groups_of_providers_have_their_distinct_users(analyst: httpx.Client) -> None:
    expected = grouped("chat_by_quarter_hour", "Asia/Kolkata", "month")
    for row in asked(analyst, "providers/usage", "Asia/Kolkata", "month"):
        mine = [found for found in expected[row["date"], None] if found["provider"] == row["provider"]]
        assert row["users"] == len({user for found in mine for user in found["user_numbers"]})
    shares = asked(analyst, "chat/by-provider", "Asia/Kolkata", "month")
    assert sum(float(row["share"]) for row in shares) == pytest.approx(len(expected))


def test_the_last_day_is_that_of_the_zone(analyst: httpx.Client) -> None:
    # The last event is at half past nine in the evening, UTC.
    for zone, last in (("UTC", "2024-04-30"), ("Asia/Kolkata", "2024-05-01")):
        assert get(analyst, "/api/analytics/chat/messages", tz=zone)["meta"]["parameters"]["endDate"] == last


def test_a_currency_without_a_rate_and_an_unknown_zone_are_refused(analyst: httpx.Client) -> None:
    refused = {
        ("revenue/total", "currency", "XAU"): "those are: EUR, USD",
        ("revenue/total", "currency", "eur"): "ISO codes",
        ("revenue/total", "tz", "Mars/Base"): "not a time zone",
        ("revenue/total", "tz", "../UTC"): "not a time zone",
        ("users/by-plan", "tz", "UTC"): "those that take it: /api/analytics/chat/by-provider",
        ("users/count", "currency", "EUR"): "those that take it: /analytics/client/spend-analysis",
    }
    for (path, name, value), reason in refused.items():
        answer = analyst.get(f"/api/analytics/{path}", params={name: value})
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["parameter"] == name
        assert reason in error["message"]


def test_hours_are_of_three_months_at_most(analyst: httpx.Client) -> None:
    answer = analyst.get("/api/analytics/chat/messages?granularity=hour&startDate=2024-01-01&endDate=2024-04-02")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "startDate")
    answer = analyst.get("/api/analytics/chat/messages?granularity=hour&startDate=2024-01-01&endDate=2024-04-01")
    assert answer.status_code == 200
