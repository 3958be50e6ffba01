"""Money in other currencies, computed again from the rows in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import httpx
import pytest

from tests.serving_api import published
from tests.serving_api.published import LAST_DAY, Row
from tests.serving_api.quarter_hours import RATES
from tests.serving_api.test_dashboards import APRIL, get, rows
from tests.serving_api.test_zones import key

#: A month in which nothing has a rate on the first days, one in which all days have one, and one in which it changes.
LONG = {"startDate": "2024-01-01", "endDate": "2024-04-30"}


def rate(currency: str, day: date) -> Decimal | None:
    return next((value for name, since, value in reversed(RATES) if name == currency and since <= day), None)


@pytest.mark.parametrize("granularity", ["day", "month"])
def test_money_is_told_in_a_currency_at_the_rate_of_each_utc_day(analyst: httpx.Client, granularity: str) -> None:
    zone = "Asia/Kolkata"
    parameters = {"startDate": "2024-01-01", "endDate": "2024-03-31", "granularity": granularity, "tz": zone}
    answered = get(analyst, "/api/analytics/revenue/total", **parameters, currency="EUR")["data"]
    dated: dict[str, list[tuple[Decimal | None, Row]]] = defaultdict(list)
    for row in published.rows("revenue_by_quarter_hour", 1):
        dated[key(row["quarter_at"], zone, granularity)[0]].append((rate("EUR", row["quarter_at"].date()), row))
    assert {row["net"] is None for row in answered} == {True, False}
    for row in answered:
        entries = dated[row["date"]]
        without = [found for value, found in entries if value is None]
        assert row["without_rate_count"] == sum(r["transaction_count"] + r["refund_count"] for r in without)
        assert row["currency"] == "EUR"
        if without:
            assert (row["gross"], row["refund"], row["net"]) == (None, None, None)
            continue
        gross, refund = (
            sum((found[name] / (value or 1) for value, found in entries), Decimal(0)).quantize(
                Decimal("0.0001"), ROUND_HALF_UP
            )
            for name in ("gross_usd", "refund_usd")
        )
        assert (Decimal(row["gross"]), Decimal(row["refund"])) == (gross, refund)
        assert Decimal(row["net"]) == gross - refund


@pytest.mark.parametrize(
    ("path", "pairs"),
    [
        ("/api/analytics/revenue/total", {"gross": "gross_usd", "refund": "refund_usd", "net": "net_usd"}),
        ("/api/analytics/revenue/by-plan", {"gross": "gross_usd"}),
        ("/api/analytics/providers/costs", {"cost": "cost_usd"}),
        ("/api/analytics/client/spend", {"spend": "spend_usd"}),
        ("/api/analytics/freelancer/earnings", {"earnings": "earnings_usd", "escrow": "escrow_usd"}),
    ],
)
def test_dollars_are_dollars_and_the_last_rate_holds_on(
    admin_client: httpx.Client, path: str, pairs: dict[str, str]
) -> None:
    for currency, divisor in (("USD", Decimal(1)), ("EUR", Decimal("1.6"))):
        rows = get(admin_client, path, currency=currency)["data"]
        assert rows
        for row in rows[-20:]:
            for told, dollars in pairs.items():
                exact = Decimal(row[dollars]) / divisor
                assert abs(Decimal(row[told]) - exact) <= Decimal("0.0001"), (path, row)
            assert row["without_rate_count"] == 0


def euros(found: Iterable[Row], column: str) -> Decimal | None:
    """The sum of a column of dated rows in euros, each at the rate of its day; None if a day with dollars has none."""
    amounts = [(rate("EUR", row["date"]), row[column]) for row in found]
    if any(value is None and dollars for value, dollars in amounts):
        return None
    exact = sum((dollars / value for value, dollars in amounts if value), Decimal(0))
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def near(amount: Decimal | None) -> object:
    """Division stops at twelve digits, so that a last digit may differ."""
    return None if amount is None else pytest.approx(amount, abs=Decimal("0.0001"))


def by_month(found: Iterable[Row]) -> dict[str, list[Row]]:
    months: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        months[row["date"].replace(day=1).isoformat()].append(row)
    return months


def test_recurring_revenue_is_told_at_the_rate_of_the_last_day_and_its_movements_at_their_own(
    analyst: httpx.Client,
) -> None:
    months = by_month(rows("subscription_metrics"))
    asked = LONG | {"granularity": "month", "currency": "EUR"}
    mrr, arr = (get(analyst, f"/api/analytics/revenue/{name}", **asked)["data"] for name in ("mrr", "arr"))
    assert len(mrr) == len(arr) == len(months) == 4
    for month, yearly in zip(mrr, arr, strict=True):
        days = months[month["date"]]
        last = [max(days, key=lambda row: row["date"])]
        assert month["mrr"] == near(euros(last, "mrr"))
        assert yearly["arr"] == near(euros(last, "arr"))
        for name in ("new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr"):
            assert month[name] == near(euros(days, name)), (month["date"], name)
    assert mrr[0]["new_mrr"] is None
    assert mrr[-1]["new_mrr"] is not None


def test_pages_of_one_user_tell_their_money_in_a_currency(admin_client: httpx.Client) -> None:
    def asked(path: str, user: str, **more: str) -> Any:
        return get(admin_client, path, userId=user, currency="EUR", **more)

    earned = rows("freelancer_earnings", user_id="free-1")
    april = [row for row in earned if APRIL[0] <= row["date"]]
    creator = asked("/api/v1/analytics/creator/dashboard", "free-1")
    (standing,) = rows("creator_levels", user_id="free-1")
    balance = euros([{"date": LAST_DAY, "usd": standing["available_balance_usd"]}], "usd")
    assert creator["summary"]["total_earnings"] == near(euros(april, "earnings_usd"))
    assert creator["summary"]["available_balance"] == near(balance)
    assert creator["all_time"]["total_earnings"] is None  # from before the first rate, too

    earnings = asked("/api/v1/analytics/creator/earnings", "free-1")
    assert [row["amount"] for row in earnings["earnings_trend"]] == [
        near(euros([row], "earnings_usd")) for row in april
    ]
    paid: dict[str, list[Row]] = defaultdict(list)
    for row in rows("payouts", APRIL, user_id="free-1"):
        paid[row["date"].isoformat()].append(row)
    assert {row["date"]: row["amount"] for row in earnings["payout_history"]} == {
        day: near(euros(found, "amount_usd")) for day, found in paid.items()
    }
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows("creator_performance", APRIL, user_id="free-1"):
        kinds[row["output_type"]].append(row)
    assert {row["type"]: row["amount"] for row in earnings["by_output_type"]} == {
        kind: near(euros(found, "earnings_usd")) for kind, found in kinds.items()
    }

    uploader = asked("/api/v1/analytics/uploader/dashboard", "free-2")
    spent = rows("uploader_activity", APRIL, user_id="free-2")
    assert uploader["summary"]["total_spent"] == near(euros(spent, "spent_usd"))
    assert [row["amount"] for row in uploader["spending_trend"]] == [near(euros([row], "spent_usd")) for row in spent]

    vendor = asked("/api/v1/analytics/vendor/dashboard", "free-2")
    sold = rows("vendor_metrics", APRIL, vendor_id="free-2")
    assert vendor["summary"]["revenue"] == near(euros(sold, "revenue_usd"))
    assert [row["revenue"] for row in vendor["trend"]] == [near(euros([row], "revenue_usd")) for row in sold]
    assert vendor["all_time"]["revenue"] is None

    assert asked("/analytics/freelancer/overview", "free-1")["totalEarnings"] is None
    for row in asked("/analytics/freelancer/earnings-chart", "free-1", range="7d")["data"]:
        assert row["earnings"] == near(row["earnings_usd"] / Decimal("1.6"))
    for row in asked("/analytics/client/spend-analysis", "free-1", range="30d")["data"]:
        assert row["amount"] == near(row["amount_usd"] / Decimal("1.6"))


def test_pages_of_the_platform_tell_their_money_in_a_currency(analyst: httpx.Client) -> None:
    days = rows("daily_metrics", APRIL)
    admin = get(analyst, "/api/v1/admin/analytics/dashboard", currency="EUR")
    for name, column in (("revenue", "total_revenue"), ("payouts", "total_payouts"), ("margin", "platform_margin")):
        assert admin["summary"][name] == near(euros(days, column)), name
    assert [step["value"] for step in admin["trends"]["revenue"]] == [near(euros([d], "total_revenue")) for d in days]

    dollars, told = (
        get(analyst, "/api/v1/metrics/revenue", startDate="2024-04-01", endDate="2024-04-30", currency=currency)
        for currency in ("USD", "EUR")
    )
    assert told["total_revenue"] == near(euros(days, "total_revenue"))
    before = rows("daily_metrics", (APRIL[0] - timedelta(days=30), APRIL[0] - timedelta(days=1)))
    assert told["comparison"]["total_revenue"]["previous"] == near(euros(before, "total_revenue"))
    assert told["recurring"]["mrr"] == near(dollars["recurring"]["mrr"] / Decimal("1.6"))
    # What is named in dollars stays in them.
    assert told["by_stream"] == dollars["by_stream"]
    assert told["by_client"] == dollars["by_client"]

    assert get(analyst, "/api/v1/dashboard", currency="EUR")["revenue"] is None
    summary = get(analyst, "/api/v1/reports/summary", startDate="2024-04-01", endDate="2024-04-30", currency="EUR")
    assert summary["revenue"] == told
