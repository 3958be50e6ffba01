"""Vendors, products and the key-value metrics of the shop.

Readings:

1. Orders are distinct ids within the group asked about; revenue sums the events, repeated ones too, and
   ignores the quantity.
2. A product is known by views and orders, not by ratings. Ranks are unique: more views, then more orders, then
   the smaller id by code points.
3. The all-time conversion of a vendor divides distinct orders by views, six digits, half away from zero.
4. `daily_signups` counts the users whose first signup is on the last event day, possibly 0, and is as old as
   the last signup event, a repeated one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import calendar
from tests.oracle.money import EXACT, Rates
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import divided, frame, grouped, ids, mean, money, of_type, ratio

VENDOR_METRICS = (
    "date", "vendor_id", "product_views", "orders", "revenue_usd", "ratings", "avg_rating", "conversion_rate",
)  # fmt: skip
PRODUCT_POPULARITY = ("product_id", "views", "orders", "revenue_usd", "rank")
METRICS = ("type", "value", "updated_at")
MILLIONTH = Decimal("0.000001")


def _only(found: Iterable[Event], name: str) -> list[Event]:
    return [event for event in found if event.event_type == name]


def _with(events: Sequence[Event], names: Sequence[str], identity: str) -> list[Event]:
    return [event for event in of_type(events, *names) if event.text(identity)]


def vendor_metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day and vendor with a view, an order or a rating."""
    rates = Rates(seeds.fx_rates)
    found = _with(events, ("product.viewed", "order.created", "rating.updated"), "vendor_id")
    rows = []
    for key, group in grouped(found, lambda event: (event.day, event.text("vendor_id"))).items():
        views, ordered = len(_only(group, "product.viewed")), _only(group, "order.created")
        ratings, orders = _only(group, "rating.updated"), ids(ordered, "order_id")
        rating = mean(event.number("rating") for event in ratings)
        rows.append((
            *key, views, orders, money(map(rates.usd, ordered)), len(ratings), rating, ratio(orders, views),
        ))  # fmt: skip
    return frame(VENDOR_METRICS, 2, rows)


def product_popularity(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per product viewed or ordered."""
    rates = Rates(seeds.fx_rates)
    found = _with(events, ("product.viewed", "order.created"), "product_id")
    products = []
    for product, group in grouped(found, lambda event: event.text("product_id")).items():
        ordered = _only(group, "order.created")
        views, orders = len(group) - len(ordered), ids(ordered, "order_id")
        products.append((-views, -orders, product, money(map(rates.usd, ordered))))
    rows = [
        (product, -views, -orders, revenue, rank)
        for rank, (views, orders, product, revenue) in enumerate(sorted(products), start=1)
    ]
    return frame(PRODUCT_POPULARITY, 1, rows)


Metric = tuple[str, Decimal, datetime]


def _vendor_values(events: Sequence[Event], rates: Rates) -> Iterator[Metric]:
    found = _with(events, ("product.viewed", "order.created"), "vendor_id")
    for vendor, group in grouped(found, lambda event: event.text("vendor_id")).items():
        ordered = _only(group, "order.created")
        views = len(group) - len(ordered)
        if ordered:
            revenue = money(map(rates.usd, ordered))
            yield f"seller_revenue:{vendor}", EXACT.quantize(revenue, MILLIONTH), ordered[-1].occurred_at
        if views:
            rate = divided(Decimal(ids(ordered, "order_id")), views, MILLIONTH)
            yield f"conversion_rate:{vendor}", rate, group[-1].occurred_at


def _signup_value(events: Sequence[Event]) -> Iterator[Metric]:
    signups = of_type(events, "user.signup")
    if signups:
        first: dict[str, date] = {}
        for event in signups:
            first.setdefault(event.user_id, event.day)
        today = sum(day == calendar(events)[-1] for day in first.values())
        yield "daily_signups", EXACT.quantize(Decimal(today), MILLIONTH), signups[-1].occurred_at


def metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per metric that has a value; `value` has six digits, `updated_at` is an aware instant."""
    viewed = _with(events, ("product.viewed",), "product_id")
    views = [
        (f"product_views:{product}", EXACT.quantize(Decimal(len(group)), MILLIONTH), group[-1].occurred_at)
        for product, group in grouped(viewed, lambda event: event.text("product_id")).items()
    ]
    vendors = _vendor_values(events, Rates(seeds.fx_rates))
    return frame(METRICS, 1, [*views, *vendors, *_signup_value(events)])


MARTS: dict[str, Mart] = {
    "vendor_metrics": (vendor_metrics, VENDOR_METRICS[:2]),
    "product_popularity": (product_popularity, PRODUCT_POPULARITY[:1]),
    "metrics": (metrics, METRICS[:1]),
}
