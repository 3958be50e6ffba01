"""Figures of dashboards and pages, against the same numbers computed from the rows in Python."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.serving_api import published
from tests.serving_api.published import LAST_DAY, Row

APRIL = (date(2024, 4, 1), LAST_DAY)
MARCH = (date(2024, 3, 1), date(2024, 3, 30))


def get(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


def rows(mart: str, span: tuple[date, date] | None = None, column: str = "date", **key: str) -> list[Row]:
    return [
        row
        for row in published.rows(mart, 1)
        if all(row[name] == value for name, value in key.items())
        and (span is None or span[0] <= row[column] <= span[1])
    ]


def total(found: Iterable[Row], column: str) -> Any:
    return sum((row[column] for row in found), start=0)


def close(number: Any) -> Any:
    return pytest.approx(Decimal(number), rel=Decimal("1e-9"))


def change(now: Any, before: Any) -> Any:
    return close(Decimal(now) / Decimal(before) - 1)


def test_uploader_dashboard(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/uploader/dashboard", userId="free-2")
    now, before = (rows("uploader_activity", span, user_id="free-2") for span in (APRIL, MARCH))
    hours = [r for r in now if r["avg_delivery_hours"] is not None]
    weighed = sum(r["avg_delivery_hours"] * r["assignments_completed"] for r in hours)
    assert answer["summary"] == {
        "uploads_count": total(now, "uploads"),
        "total_spent": total(now, "spent_usd"),
        "avg_delivery_hours": close(weighed / total(now, "assignments_completed")),
        "pending_count": total(rows("upload_progress", user_id="free-2"), "pending"),
    }
    assert answer["comparison"]["uploads_count"] == {
        "previous": total(before, "uploads"),
        "change": change(total(now, "uploads"), total(before, "uploads")),
    }
    assert answer["comparison"]["total_spent"]["previous"] == total(before, "spent_usd")
    assert [(row["date"], row["amount"]) for row in answer["spending_trend"]] == [
        (row["date"].isoformat(), row["spent_usd"]) for row in now
    ]
    outputs: dict[str, int] = defaultdict(int)
    for row in rows("output_types", APRIL, user_id="free-2"):
        outputs[row["output_type"]] += row["completed"]
    assert {row["type"]: row["count"] for row in answer["output_type_breakdown"]} == outputs
    assert float(sum(row["percent"] for row in answer["output_type_breakdown"])) == pytest.approx(100, abs=0.02)
    uploads = sorted(rows("uploads", user_id="free-2"), key=lambda row: (row["started_at"], row["upload_id"]))
    latest = uploads[-10:][::-1]
    assert [row["upload_id"] for row in answer["recent_uploads"]] == [row["upload_id"] for row in latest]
    unfinished = {row["upload_id"] for row in rows("assignments") if row["status"] == "open"}
    assert [row["status"] for row in answer["recent_uploads"]] == [
        "in_review" if row["status"] == "completed" and row["upload_id"] in unfinished else row["status"]
        for row in latest
    ]
    assert {"in_review", "completed"} <= {row["status"] for row in answer["recent_uploads"]}


@pytest.mark.parametrize(("period", "steps"), [("week", 2), ("month", 30), ("quarter", 5), ("year", 4)])
def test_trends_have_the_steps_of_the_period(admin_client: httpx.Client, period: str, steps: int) -> None:
    for user in ("free-1", "nobody"):
        answer = get(admin_client, "/api/v1/analytics/uploader/dashboard", userId=user, period=period)
        assert len(answer["spending_trend"]) == steps
        spent = answer["summary"]["total_spent"]
        assert sum(row["amount"] for row in answer["spending_trend"]) == spent
        assert (spent == 0) == (user == "nobody")


def test_creator_dashboard(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/creator/dashboard", userId="free-1")
    work, earned = rows("creator_performance", APRIL, user_id="free-1"), rows("freelancer_earnings", user_id="free-1")
    (standing,) = rows("creator_levels", user_id="free-1")
    assert answer["summary"] == {
        "completed_tasks": total(work, "completed"),
        "total_earnings": total([r for r in earned if r["date"] >= APRIL[0]], "earnings_usd"),
        "available_balance": standing["available_balance_usd"],
        "avg_rating": pytest.approx(total(work, "rating_sum") / total(work, "rating_count")),
        "on_time_rate": pytest.approx(Decimal(total(work, "on_time")) / total(work, "with_deadline")),
    }
    assert answer["all_time"]["total_earnings"] == total(earned, "earnings_usd")
    assert answer["level_progress"]["current_level"] == standing["level"]
    assert answer["level_progress"]["tasks_completed"] == standing["tasks_completed"]
    own = answer["performance_vs_average"]["tasks_completed"]["own"]
    assert own == standing["tasks_completed"]


def test_creator_earnings(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/creator/earnings", userId="free-1")
    amounts = [row["amount"] for row in answer["by_output_type"]]
    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == total(rows("creator_performance", APRIL, user_id="free-1"), "earnings_usd")
    paid = total(rows("payouts", APRIL, user_id="free-1"), "amount_usd")
    assert answer["summary"]["total_payouts"] == paid
    assert sum(row["amount"] for row in answer["payout_history"]) == paid


def test_creators_reviews_over_time(admin_client: httpx.Client) -> None:
    trend = get(admin_client, "/api/v1/analytics/creator/dashboard", userId="free-1", period="year")["rating_trend"]
    work = rows("creator_performance", (date(2024, 1, 1), LAST_DAY), user_id="free-1")
    assert [row["date"] for row in trend] == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert total(trend, "reviews") == total(work, "rating_count")
    april = [row for row in work if row["date"].month == 4]
    assert trend[-1]["avg_rating"] == close(total(april, "rating_sum") / total(april, "rating_count"))


def test_vendor_dashboard(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/vendor/dashboard", userId="free-1")
    spans = (APRIL, MARCH, None)
    now, before, all_ = (rows("vendor_metrics", span, vendor_id="free-1") for span in spans)

    def stars(found: list[Row]) -> Any:
        rated = [row for row in found if row["avg_rating"] is not None]
        return close(sum(Decimal(row["avg_rating"]) * row["ratings"] for row in rated) / total(found, "ratings"))

    summary = answer["summary"]
    assert summary == {
        "revenue": total(now, "revenue_usd"),
        "orders": total(now, "new_orders"),
        "avg_order_value": close(total(now, "revenue_usd") / total(now, "new_orders")),
        "product_views": total(now, "product_views"),
        "conversion_rate": close(Decimal(total(now, "new_orders")) / total(now, "product_views")),
        "ratings": total(now, "ratings"),
        "avg_rating": stars(now),
    }
    assert answer["comparison"]["revenue"] == {
        "previous": total(before, "revenue_usd"),
        "change": change(total(now, "revenue_usd"), total(before, "revenue_usd")),
    }
    assert answer["comparison"]["avg_rating"]["previous"] == stars(before)
    assert (answer["all_time"]["orders"], answer["all_time"]["avg_rating"]) == (total(all_, "new_orders"), stars(all_))
    assert [row["revenue"] for row in answer["trend"]] == [row["revenue_usd"] for row in now]
    assert sum(row["ratings"] for row in answer["trend"]) == summary["ratings"]
    ranked = sorted(rows("product_popularity"), key=lambda row: row["rank"])
    assert answer["popular_products"] == [
        {name: row[name] for name in ("rank", "product_id", "views")} for row in ranked
    ]
    months = get(admin_client, "/api/v1/analytics/vendor/dashboard", userId="nobody", period="year")
    assert [row["orders"] for row in months["trend"]] == [0, 0, 0, 0]
    assert months["summary"]["conversion_rate"] is None
    assert months["popular_products"] == answer["popular_products"]


def test_placements_of_a_client(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/client/placements", userId="free-2", range="90d")
    # The 90 days begin in February, and months count whole.
    span = (date(2024, 2, 1), LAST_DAY)
    months, all_ = (rows("client_placements", s, "month", client_id="free-2") for s in (span, None))
    fees, made = total(months, "fee_usd"), total(months, "placements")
    assert answer["summary"] == {"placements": made, "fee_usd": fees, "avg_fee": close(fees / made)}
    assert answer["all_time"] == {"placements": total(all_, "placements"), "fee_usd": total(all_, "fee_usd")}
    assert [row["placements"] for row in answer["by_month"]] == [row["placements"] for row in months]
    due = rows("matching_performance", (date(2024, 2, 1), LAST_DAY))
    kept = Decimal(total(due, "placements_retained_90d")) / total(due, "placements_due_90d")
    assert answer["platform"]["retention_rate_90d"] == close(kept)


def test_activity_is_that_of_one_user(admin_client: httpx.Client) -> None:
    answer = get(admin_client, "/api/v1/analytics/activity", userId="free-2")
    own = [row for row in published.rows("activity_feed", 1) if row["user_id"] == "free-2"]
    assert {row["id"] for row in answer["events"]} <= {str(row["event_id"]) for row in own}
    assert len(answer["events"]) == min(50, len(own))
    assert [row["at"] for row in answer["events"]] == sorted((row["at"] for row in answer["events"]), reverse=True)
    sold = get(admin_client, "/api/v1/analytics/activity", userId="vendor-1")["events"]
    named = [row for row in published.rows("activity_feed", 1) if row["properties"]["vendor_id"] == "vendor-1"]
    assert len(sold) == min(50, len(named)) > 0
    assert len(answer["publications"]) >= 1
    assert answer["publications"][-1]["text"] == "Generation 1 was published, with events through 2024-04-30 21:30."


def test_admin_dashboard(analyst: httpx.Client) -> None:
    path = "/api/v1/admin/analytics/dashboard"
    answer = get(analyst, path)
    now, before = rows("daily_metrics", APRIL), rows("daily_metrics", MARCH)
    (creators,) = (r for r in rows("active_to_date", role="creator") if r["date"] == LAST_DAY)
    (uploaders,) = (r for r in rows("active_to_date", role="uploader") if r["date"] == LAST_DAY)
    assert answer["summary"] == {
        "revenue": total(now, "total_revenue"),
        "payouts": total(now, "total_payouts"),
        "margin": total(now, "platform_margin"),
        "active_uploaders": uploaders["active_this_month"],
        "active_creators": creators["active_this_month"],
        "pending_assignments": rows("assignment_backlog")[-1]["open"],
    }
    assert answer["comparison"]["revenue"] == {
        "previous": total(before, "total_revenue"),
        "change": change(total(now, "total_revenue"), total(before, "total_revenue")),
    }
    assert [row["value"] for row in answer["trends"]["revenue"]] == [row["total_revenue"] for row in now]
    assert [row["count"] for row in answer["trends"]["transactions"]] == [row["transaction_count"] for row in now]
    users = [r for r in rows("user_counts", role="creator") if r["date"] == LAST_DAY]
    assert answer["trends"]["users"][-1]["creators"] == total(users, "users")
    levels = [r for r in rows("creator_level_snapshots") if r["snapshot_date"] == LAST_DAY]
    assert {r["level"]: r["count"] for r in answer["creator_levels"]} == {
        r["level"]: r["creator_count"] for r in levels
    }
    assert len(answer["recent_activity"]) == 20
    day = get(analyst, path, period="day")
    assert day["summary"]["active_creators"] == now[-1]["active_creators"]
    assert day["comparison"]["active_creators"]["previous"] == now[-2]["active_creators"]


def test_creator_levels_of_a_range(analyst: httpx.Client) -> None:
    path = "/api/v1/admin/analytics/creator-levels"
    answer = get(analyst, path, start_date="2024-03-01", end_date="2024-03-30")
    moves = rows("creator_level_transitions", MARCH)
    assert answer["transitions"] == [
        {"from_level": "junior", "to_level": "senior", "count": total(moves, "transitions")}
    ]
    snapshots = rows("creator_level_snapshots", MARCH, "snapshot_date")
    assert [row["count"] for row in answer["trend"]] == [row["creator_count"] for row in snapshots]
    assert [row["count"] for row in answer["current"]] == [row["creator_count"] for row in snapshots[-2:]]
    (before,) = rows("creator_level_snapshots", (date(2024, 2, 29),) * 2, "snapshot_date", level="junior")
    assert answer["changes"][0]["change_rate"] == pytest.approx(
        Decimal(total(moves, "transitions")) / before["creator_count"]
    )
    listed = get(analyst, "/api/v1/admin/analytics/creators", level="nothing")
    assert listed["data"] == []


def test_quality_and_fraud(analyst: httpx.Client) -> None:
    quality = get(analyst, "/api/v1/admin/analytics/quality")
    now = rows("quality_metrics", APRIL)
    assert quality["summary"]["reviews"] == total(now, "reviews")
    assert float(quality["summary"]["revision_rate"]) == pytest.approx(total(now, "revisions") / total(now, "reviews"))
    assert sum(row["reviews"] for row in quality["by_output_type"]) == total(now, "reviews")
    assert sum(row["reviews"] for row in quality["trend"]) == total(now, "reviews")
    scores = total(rows("rating_distribution", APRIL), "reviews")
    assert sum(row["reviews"] for row in quality["rating_distribution"]) == scores
    fraud = get(analyst, "/api/v1/admin/analytics/fraud", period="week")
    span = (date(2024, 4, 29), LAST_DAY)
    flags, safety = rows("fraud_metrics", span), rows("account_safety", span)
    assert fraud["summary"] == {
        "pending_flags": safety[-1]["flags_pending"],
        "resolved_this_period": total(flags, "flags_resolved"),
        "accounts_suspended": total(safety, "accounts_suspended"),
        "duplicate_accounts_blocked": total(safety, "duplicates_blocked"),
    }
    wrong, right = total(flags, "false_positives"), total(flags, "confirmed")
    assert float(fraud["false_positive_rate"]) == pytest.approx(wrong / (wrong + right))
    assert [row["flags_created"] for row in fraud["trend"]] == [
        total([r for r in flags if r["date"] == day], "flags_created") for day in span
    ]


def test_system_health(analyst: httpx.Client) -> None:
    answer = get(analyst, "/api/v1/admin/analytics/system-health", period="month")
    now = [r for r in rows("system_health") if r["hour"].date() >= APRIL[0]]
    assert answer["summary"]["requests"] == total(now, "requests")
    assert sum(row["errors"] for row in answer["endpoints"]) == total(now, "errors")
    assert {row["last_hour"] for row in answer["endpoints"]} == {"2024-04-30T05:00:00.000Z"}
    last = {(r["service"], r["endpoint"]): r["p95_ms"] for r in now if r["hour"].date() == LAST_DAY}
    assert {(r["service"], r["endpoint"]): r["p95_ms"] for r in answer["endpoints"]} == last


def test_placement_metrics_and_their_summary(analyst: httpx.Client) -> None:
    span = {"startDate": "2024-04-01", "endDate": "2024-04-30"}
    dashboard = get(analyst, "/api/v1/dashboard", endDate="2024-04-30")
    matching = rows("matching_performance")
    assert dashboard["total_users"] == total(rows("daily_metrics"), "new_users")
    assert dashboard["total_jobs"] == total(rows("job_performance"), "jobs_posted")
    assert dashboard["revenue"] == total(rows("revenue"), "gross_usd")
    assert float(dashboard["success_rate"]) == pytest.approx(total(matching, "accepted") / total(matching, "matches"))
    summary = get(analyst, "/api/v1/reports/summary", **span)
    assert summary["overview"] == dashboard
    for name in ("users", "jobs", "matching", "revenue"):
        assert summary[name] == get(analyst, f"/api/v1/metrics/{name}", **span), name
    now, before = rows("daily_metrics", APRIL), rows("daily_metrics", (date(2024, 3, 2), date(2024, 3, 31)))
    assert summary["revenue"]["total_revenue"] == total(now, "total_revenue")
    assert summary["revenue"]["comparison"]["total_revenue"]["previous"] == total(before, "total_revenue")
    assert summary["users"]["new_users"] == total(now, "new_users")
    assert summary["jobs"]["jobs_filled"] == total(rows("job_performance", APRIL), "jobs_filled")
    assert summary["compliance"]["audited_actions"] == total(rows("compliance_metrics", APRIL), "audited_actions")


def test_freelancers_and_clients(admin_client: httpx.Client) -> None:
    earned = rows("freelancer_earnings", user_id="free-2")
    months = get(admin_client, "/api/analytics/freelancer/earnings", userId="free-2", granularity="month")["data"]
    assert [row["date"] for row in months] == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert sum(row["earnings_usd"] for row in months) == total(earned, "earnings_usd")
    week = get(admin_client, "/api/analytics/freelancer/earnings", userId="free-2", range="7d")
    assert [row["earnings_usd"] for row in week["data"]] == [row["earnings_usd"] for row in earned[-7:]]
    assert week["meta"]["parameters"] == {
        "userId": "free-2",
        "range": "7d",
        "granularity": "day",
        "currency": "USD",
        "startDate": "2024-04-24",
        "endDate": "2024-04-30",
    }
    for group in ("job_type", "category"):
        spent = get(admin_client, "/analytics/client/spend-analysis", userId="free-1", range="all", groupBy=group)
        sums: dict[str, Any] = defaultdict(Decimal)
        for row in rows("client_bookings", user_id="free-1"):
            if group == "category" or row["category"] == "Earnings":
                sums[row[group]] += row["amount_usd"]
        assert {row["name"]: row["amount_usd"] for row in spent["data"]} == sums
        assert float(sum(row["share"] for row in spent["data"])) == pytest.approx(1)


def test_figures_and_exports(analyst: httpx.Client) -> None:
    path = "/api/v1/charts/user-growth"
    data = get(analyst, path)["data"]
    figure = get(analyst, path, format="plotly")
    assert set(figure) == {"data", "layout"}
    assert figure["data"][0] == {
        "type": "scatter",
        "mode": "lines",
        "name": "total_users",
        "x": [row["date"] for row in data],
        "y": [row["total_users"] for row in data],
    }
    pie = get(analyst, "/api/v1/charts/job-categories", format="plotly")
    assert (pie["data"][0]["type"], pie["data"][0]["labels"]) == ("pie", ["design", "writing"])

    revenue = rows("revenue", APRIL)
    exported = analyst.get("/api/v1/export/revenue")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert exported.headers["content-disposition"] == 'attachment; filename="revenue.csv"'
    lines = list(csv.DictReader(io.StringIO(exported.text)))
    assert sum(Decimal(line["gross_usd"]) for line in lines) == total(revenue, "gross_usd")
    listed = get(analyst, "/api/v1/export/revenue", format="json")
    assert [row["date"] for row in listed] == [line["date"] for line in lines]
    assert len(listed) == len(revenue)


def test_events_come_in_pages_by_key(admin_client: httpx.Client) -> None:
    whole = get(admin_client, "/api/events")["data"]
    assert len(whole) == len(published.rows("activity_feed", 1))
    page = get(admin_client, "/api/events", limit=50)
    found = page["data"]
    while page["meta"]["next"]:
        page = get(admin_client, page["meta"]["next"])
        found += page["data"]
    assert found == whole
    assert [row["createdAt"] for row in found] == sorted((row["createdAt"] for row in found), reverse=True)
    type_ = whole[0]["eventType"]
    some = get(admin_client, "/api/events", type=type_)["data"]
    assert some == [row for row in whole if row["eventType"] == type_]
    assert get(admin_client, "/api/events", type="no.such")["data"] == []


def test_a_metric_by_its_type(admin_client: httpx.Client) -> None:
    metric = get(admin_client, "/api/metrics/seller_revenue:free-1")
    (row,) = rows("metrics", type="seller_revenue:free-1")
    assert (metric["type"], metric["value"], metric["metadata"]) == (row["type"], row["value"], {"unit": "USD"})
    assert get(admin_client, "/api/metrics/declared")["metadata"] == {"unit": None}
    assert admin_client.get("/api/metrics/no:such").status_code == 404
    assert admin_client.get("/api/metrics/a/b").json()["title"] == "No such resource"


def test_weeks_of_the_last_quarter_begin_inside_of_it(analyst: httpx.Client) -> None:
    trend = get(analyst, "/api/v1/admin/analytics/fraud", period="quarter")["trend"]
    first = date(2024, 4, 1)
    assert [row["date"] for row in trend] == [(first + timedelta(weeks=week)).isoformat() for week in range(5)]
