"""Random marketplaces: laws that hold for the oracle whatever it is fed."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings

from tests.oracle import generate, marts
from tests.oracle.contract import Deliveries
from tests.oracle.strategies import STARTS, delivered

RATES = generate.fx_rates(STARTS[0], 20)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delivered())
def test_marts_of_any_marketplace_agree_with_each_other(parts: list[list[bytes]]) -> None:
    received = Deliveries()
    for part in parts:
        counts = received.deliver(part)
        assert counts.received == counts.stored + counts.duplicates + counts.quarantined
    events = received.accepted()
    users, revenue, _, daily = (mart(events, RATES) for mart in marts.MARTS.values())
    days: list[date] = list(daily["date"])
    assert days == marts.calendar(events)
    for column in ("new_users", "active_users"):
        by_day = users.groupby("date")[column].sum()
        assert [by_day.get(day, 0) for day in days] == list(daily[column])
    assert sum(revenue["gross_usd"]) == sum(daily["total_revenue"])
    assert sum(revenue["refund_usd"]) == sum(daily["total_refunds"])
    assert revenue["transaction_count"].sum() + revenue["refund_count"].sum() == daily["transaction_count"].sum()
    assert users["signins"].sum() == sum(event.event_type == "user.signin" for event in events)
