"""What endpoints answer, against the same numbers computed from the rows in Python."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from tests.serving_api import published
from tests.serving_api.published import FREELANCERS, LAST_DAY, Row

MARTS = "/api/v1/marts"


def get(client: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    loaded: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
    return loaded


def period(day: date, granularity: str) -> date:
    if granularity == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if granularity == "month" else day


def in_range(mart: str, start: str, end: str) -> list[Row]:
    return [r for r in published.rows(mart, 1) if start <= r["date"].isoformat() <= end]


def test_a_mart_by_day_is_the_mart_itself(analyst: httpx.Client) -> None:
    answer = get(analyst, f"{MARTS}/user_metrics", startDate="2024-01-01", endDate="2024-04-30", limit=10000)
    expected = published.rows("user_metrics", 1)
    assert [{name: row[name] for name in expected[0]} for row in answer["data"]] == [
        r | {"date": r["date"].isoformat()} for r in expected
    ]
    assert all(row["days"] == 1 and row["active_users_last"] == row["active_users"] for row in answer["data"])


@pytest.mark.parametrize("granularity", ["week", "month"])
def test_active_users_are_averaged_not_added_over_days(analyst: httpx.Client, granularity: str) -> None:
    start, end = "2024-01-10", "2024-03-20"
    answer = get(
        analyst,
        f"{MARTS}/user_metrics",
        startDate=start,
        endDate=end,
        granularity=granularity,
        groupBy="role",
    )
    daily: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    new: dict[tuple[str, str], int] = defaultdict(int)
    for row in in_range("user_metrics", start, end):
        key = (period(row["date"], granularity).isoformat(), row["role"])
        daily[key][row["date"]] += row["active_users"]
        new[key] += row["new_users"]
    assert [(row["date"], row["role"]) for row in answer["data"]] == sorted(daily)
    for row in answer["data"]:
        key = (row["date"], row["role"])
        values = daily[key]
        assert row["plan_tier"] is None
        assert row["active_users"] is None
        assert float(row["active_users_avg"]) == pytest.approx(sum(values.values()) / len(values))
        assert row["active_users_last"] == values[max(values)]
        assert (row["days"], row["new_users"]) == (len(values), new[key])


def test_money_has_all_its_digits_and_adds_up(analyst: httpx.Client) -> None:
    answer = get(
        analyst,
        f"{MARTS}/revenue",
        startDate="2024-01-01",
        endDate="2024-04-30",
        granularity="month",
        groupBy="stream,currency",
    )
    expected: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in published.rows("revenue", 1):
        key = (period(row["date"], "month").isoformat(), row["stream"], row["currency"])
        for name in ("gross_amount", "refund_amount", "net_amount", "gross_usd", "refund_usd", "net_usd"):
            expected[key][name] += row[name]
    for row in answer["data"]:
        sums = expected.pop((row["date"], row["stream"], row["currency"]))
        assert {name: Decimal(row[name]) for name in sums} == sums
        assert row["plan_id"] is None
    assert not expected


def test_amounts_of_several_currencies_are_not_added(analyst: httpx.Client) -> None:
    answer = get(analyst, f"{MARTS}/revenue", groupBy="")
    assert {row["gross_amount"] for row in answer["data"]} == {None}
    total = get(analyst, "/api/analytics/revenue/total")
    assert [Decimal(row["net_usd"]) for row in answer["data"]] == [Decimal(row["net_usd"]) for row in total["data"]]


def test_daily_metrics_by_day_and_by_week(analyst: httpx.Client) -> None:
    by_day = get(analyst, f"{MARTS}/daily_metrics", startDate="2024-01-01", endDate="2024-01-14")
    for row, expected in zip(by_day["data"], in_range("daily_metrics", "2024-01-01", "2024-01-14"), strict=True):
        for name, value in expected.items():
            found = Decimal(row[name]) if isinstance(value, Decimal) else row[name]
            assert found == (value.isoformat() if isinstance(value, date) else value), name
    by_week = get(analyst, f"{MARTS}/daily_metrics", startDate="2024-01-01", endDate="2024-01-14", granularity="week")
    assert [(row["date"], row["as_of"], row["days"]) for row in by_week["data"]] == [
        ("2024-01-01", "2024-01-07", 7),
        ("2024-01-08", "2024-01-14", 7),
    ]
    for week, row in enumerate(by_week["data"]):
        seven = by_day["data"][week * 7 : week * 7 + 7]
        assert row["orders_count"] == sum(day["orders_count"] for day in seven)
        assert (row["wau"], row["mau"]) == (seven[-1]["wau"], seven[-1]["mau"])
        assert (row["active_users"], row["avg_rating"], row["revision_rate"]) == (None, None, None)
        assert row["active_creators_avg"] == sum(day["active_creators"] for day in seven) / 7


def test_users_growth_counts_everybody_before_and_only_the_range_as_new(analyst: httpx.Client) -> None:
    start, end = "2024-02-07", "2024-03-10"
    answer = get(analyst, "/api/analytics/users/growth", startDate=start, endDate=end, granularity="week")
    total = sum(r["new_users"] for r in in_range("user_metrics", "2024-01-01", "2024-02-06"))
    for row in answer["data"]:
        new = sum(
            r["new_users"]
            for r in in_range("user_metrics", start, end)
            if period(r["date"], "week").isoformat() == row["date"]
        )
        assert row["new_users"] == new
        assert float(row["growth_rate"]) == pytest.approx(new / total)
        total += new
        assert row["total_users"] == total
    assert [answer["data"][0]["date"], answer["data"][-1]["date"]] == ["2024-02-05", "2024-03-04"]
    count = get(analyst, "/api/analytics/users/count", endDate=end)
    assert count["data"] == [{"as_of": end, "total_users": total}]


def test_users_active_and_by_plan(analyst: httpx.Client) -> None:
    active = get(analyst, "/api/analytics/users/active", startDate="2024-04-29", endDate="2024-04-30")
    daily = get(analyst, f"{MARTS}/user_metrics", startDate="2024-04-29", endDate="2024-04-30", groupBy="")
    assert [r["dau"] for r in active["data"]] == [r["active_users"] for r in daily["data"]]
    by_plan = get(analyst, "/api/analytics/users/by-plan", startDate="2024-04-30", endDate="2024-04-30")
    sums: dict[str, int] = defaultdict(int)
    for row in in_range("user_metrics", "2024-04-30", "2024-04-30"):
        sums[row["plan_tier"]] += row["active_users"]
    assert {r["plan_tier"]: r["active_users"] for r in by_plan["data"]} == sums
    revenue = get(analyst, "/api/analytics/revenue/by-plan", startDate="2024-04-30", endDate="2024-04-30")
    assert [(r["plan_id"], r["transaction_count"]) for r in revenue["data"]] == [("pro", 121)]


def test_by_default_the_last_30_days_there_are_data_for(analyst: httpx.Client) -> None:
    answer = get(analyst, f"{MARTS}/daily_metrics")
    assert [answer["data"][0]["date"], answer["data"][-1]["date"]] == ["2024-04-01", "2024-04-30"]
    assert answer["meta"] == {
        "generation": 1,
        "complete_through": "2024-04-30T21:30:15.250Z",
        "rows": 30,
        "parameters": {"startDate": "2024-04-01", "endDate": "2024-04-30", "granularity": "day"},
        "next": None,
    }
    only_start = get(analyst, f"{MARTS}/daily_metrics", startDate="2024-04-29")
    assert only_start["meta"]["rows"] == 2
    later = get(analyst, f"{MARTS}/daily_metrics", startDate="2030-01-01")
    assert (later["data"], later["meta"]["rows"]) == ([], 0)


def test_pages_hold_each_row_once_and_stay_in_their_generation(analyst: httpx.Client, admin: Client) -> None:
    path = f"{MARTS}/user_metrics"
    whole = get(analyst, path, limit=90)
    assert (whole["meta"]["rows"], whole["meta"]["next"]) == (90, None)
    page = get(analyst, path, limit=40)
    found = page["data"]
    published.publish(admin, 2)
    try:
        while page["meta"]["next"]:
            page = get(analyst, page["meta"]["next"])
            assert page["meta"]["generation"] == 1
            found += page["data"]
    finally:
        published.point(admin, 1, action="rollback")
    assert found == whole["data"]


def test_a_freelancer_is_found_by_his_exact_id(analyst: httpx.Client) -> None:
    for freelancer in FREELANCERS:
        answer = get(analyst, f"{MARTS}/job_success_score", freelancerId=freelancer)
        assert [row["freelancer_id"] for row in answer["data"]] == [freelancer]
        assert answer["data"][0]["as_of"] == LAST_DAY.isoformat()
        assert Decimal(answer["data"][0]["contract_value_usd"]) == Decimal("1000.5")
    assert get(analyst, f"{MARTS}/job_success_score", freelancerId="nobody")["data"] == []
