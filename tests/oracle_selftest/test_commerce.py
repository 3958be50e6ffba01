"""Vendors, products and key-value metrics against examples computed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.oracle.contract import Event
from tests.oracle_selftest.hand import event, found, on, usd


def viewed(at: str, product: str, **more: Any) -> Event:
    return event("product.viewed", at, "", product_id=product, **more)


def ordered(at: str, identity: str, vendor: str, amount: str, **more: Any) -> Event:
    return event("order.created", at, "u", order_id=identity, vendor_id=vendor, amount=Decimal(amount), **more)


def rated(at: str, vendor: str, rating: str, **more: Any) -> Event:
    return event("rating.updated", at, "u", vendor_id=vendor, rating=Decimal(rating), **more)


EVENTS = [
    viewed("01-04", "p", vendor_id="v"),
    viewed("01-04", "p", vendor_id="v"),
    viewed("01-04", "p", vendor_id="v"),
    viewed("01-04", "p"),
    # Order 1 comes twice: one order, two events of revenue; the quantity multiplies nothing. 1 EUR → 1.2001.
    ordered("01-04", "1", "v", "10", product_id="p", quantity=3),
    ordered("01-04", "1", "v", "1", currency="EUR"),
    ordered("01-04T23:59:59.999", "2", "w", "7", product_id="q", currency="ISK"),
    ordered("01-05", "1", "v", "0.5", product_id="q"),
    rated("01-04", "w", "5", product_id="r"),
    rated("01-04", "w", "2.5"),
    viewed("01-06", "a", vendor_id="x"),
    viewed("01-07", "z", vendor_id="x"),
]


def test_vendor_metrics_by_hand() -> None:
    assert found("vendor_metrics", EVENTS) == [
        (on("01-04"), "v", 3, 1, usd("11.2001"), 0, None, 1 / 3),
        (on("01-04"), "w", 0, 1, usd("0"), 2, 3.75, None),
        (on("01-05"), "v", 0, 1, usd("0.5"), 0, None, None),
        (on("01-06"), "x", 1, 0, usd("0"), 0, None, 0.0),
        (on("01-07"), "x", 1, 0, usd("0"), 0, None, 0.0),
    ]


def test_product_popularity_by_hand() -> None:
    # q: orders 1 and 2 but no view; a and z tie, a first. r is only rated.
    assert found("product_popularity", EVENTS) == [
        ("a", 1, 0, usd("0"), 2),
        ("p", 4, 1, usd("10"), 1),
        ("q", 0, 2, usd("0.5"), 4),
        ("z", 1, 0, usd("0"), 3),
    ]


def test_ranks_of_equal_products_follow_orders_and_then_code_points() -> None:
    events = [
        *[viewed("01-01", product) for product in ("B", "a", "é", "\uffff", "\U0001f600", "sold")],
        ordered("01-01", "1", "v", "1", product_id="sold"),
    ]
    by_rank = sorted(found("product_popularity", events, "rank", "product_id"))
    assert by_rank == [(1, "sold"), (2, "B"), (3, "a"), (4, "é"), (5, "\uffff"), (6, "\U0001f600")]


def test_metrics_by_hand() -> None:
    events = [
        *EVENTS,
        event("user.signup", "01-06", "ann"),
        event("user.signup", "01-07T08:00", "bob"),
        # ann again and later on the last day: no new user, but the last signup event.
        event("user.signup", "01-07T09:00", "ann"),
        event("user.signin", "01-07T10:00", "ann"),
    ]

    def at(day: int, time: str = "00:00") -> datetime:
        return datetime.fromisoformat(f"2024-01-{day:02d}T{time}Z")

    # v: order 1 (of two days) on three views; the revenue is 11.2001 + 0.5. w was never viewed, x never sold.
    assert [(name, str(value), instant) for name, value, instant in found("metrics", events)] == [
        ("conversion_rate:v", "0.333333", at(5)),
        ("conversion_rate:x", "0.000000", at(7)),
        ("daily_signups", "1.000000", at(7, "09:00")),
        ("product_views:a", "1.000000", at(6)),
        ("product_views:p", "4.000000", at(4)),
        ("product_views:z", "1.000000", at(7)),
        ("seller_revenue:v", "11.700100", at(5)),
        ("seller_revenue:w", "0.000000", at(4, "23:59:59.999")),
    ]


def test_conversion_is_rounded_away_from_zero_and_old_views_count_for_its_age() -> None:
    views = [viewed("01-02", "p", vendor_id="v") for _ in range(64)]
    events = [ordered("01-01", "1", "v", "1"), *views]
    # 1 / 64 = 0.015625; 1 / 128 = 0.0078125 → 0.007813.
    name, value, updated = found("metrics", events)[0]
    assert (name, str(value), updated) == ("conversion_rate:v", "0.015625", datetime(2024, 1, 2, tzinfo=UTC))
    assert str(found("metrics", [*events, *views], "value")[0][0]) == "0.007813"


def test_signups_that_are_no_longer_new_are_zero() -> None:
    events = [event("user.signup", "01-01", "ann"), event("user.signin", "01-02", "ann")]
    assert found("metrics", events, "type", "value") == [("daily_signups", Decimal(0))]


def test_without_events_there_are_no_rows() -> None:
    for mart in ("vendor_metrics", "product_popularity", "metrics"):
        assert found(mart, []) == []
