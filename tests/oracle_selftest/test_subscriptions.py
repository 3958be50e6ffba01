"""Subscriptions against examples computed by hand. The price list (hand.py): pro 20, from 1 February 25;
team 50; new 7 from 10 January. EUR is 1.10 from 2 January and 1.20005 from the 4th."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings

from tests.oracle import generate
from tests.oracle.contract import Deliveries, Event
from tests.oracle.marts import calendar
from tests.oracle.registry import ALL
from tests.oracle.seeds import Seeds
from tests.oracle.strategies import STARTS, delivered
from tests.oracle_selftest.hand import CREATOR_LEVELS, PLAN_PRICES, event, found, on, usd


def created(identity: str, at: str, user: str, *, serial: int | None = None, **more: Any) -> Event:
    more = {"plan_id": "pro", **more}
    return event("billing.subscription_created", at, user, serial=serial, subscription_id=identity, **more)


def cancelled(identity: str, at: str, user: str = "anybody") -> Event:
    return event("billing.subscription_cancelled", at, user, subscription_id=identity)


def changed(user: str, at: str, plan: str, serial: int | None = None) -> Event:
    return event("user.plan_upgrade", at, user, serial=serial, from_plan="x", to_plan=plan)


def days(events: list[Event]) -> list[tuple[object, ...]]:
    """Per day: active, mrr, new, expansion, contraction and churned mrr as short texts, new, cancelled."""
    answer = []
    for day, active, mrr, arr, *rest in found("subscription_metrics", events):
        assert isinstance(mrr, Decimal)
        assert arr == 12 * mrr
        money = (str(cell).removesuffix(".0000") for cell in (mrr, *rest[:4]))
        answer.append((str(day)[5:], active, *money, *rest[4:]))
    return answer


def test_prices_and_movements_by_hand() -> None:
    events = [
        # A: 30 USD; the earlier change of plan, the second creation and the second end do not matter.
        changed("ann", "01-01T09:00", "team"),
        created("A", "01-01T10:00", "ann", amount=Decimal(30), interval="month"),
        created("A", "01-03", "bob", amount=Decimal(99)),
        cancelled("A", "01-05"),
        cancelled("A", "01-04"),
        # B: 100 EUR a year are 110 USD, 9.16666… → 9.1667 a month.
        created("B", "01-02", "bob", amount=Decimal(100), currency="EUR", interval="year"),
        cancelled("B", "01-06T23:59:59.999"),
        # C: no rate for EUR on the 1st, so 0 and not the list's 20; from the 5th 20 by the list.
        created("C", "01-01", "cid", amount=Decimal(10), currency="EUR"),
        changed("cid", "01-05", "pro"),
        # D: 20 by the list, whatever the interval; on the 3rd team and then new, not sold yet: 0; then team.
        created("D", "01-02", "dan", interval="year"),
        changed("dan", "01-03T09:00", "new"),
        changed("dan", "01-03T08:00", "team"),
        changed("dan", "01-05", "team"),
        # E: no such plan, 0.
        created("E", "01-02", "eve", plan_id="gone"),
        event("audit.recorded", "01-07"),
    ]
    assert days(events) == [
        ("01-01", 2, "30", "30", "0", "0", "0", 2, 0),
        ("01-02", 5, "59.1667", "29.1667", "0", "0", "0", 3, 0),
        ("01-03", 5, "39.1667", "0", "0", "20", "0", 0, 0),
        ("01-04", 4, "9.1667", "0", "0", "0", "30", 0, 1),
        ("01-05", 4, "79.1667", "0", "70", "0", "0", 0, 0),
        ("01-06", 3, "70", "0", "0", "0", "9.1667", 0, 1),
        ("01-07", 3, "70", "0", "0", "0", "0", 0, 0),
    ]


def test_short_and_impossible_lives() -> None:
    events = [
        # Created and cancelled on one day, in either order: new and cancelled, never active.
        created("S", "01-01T10:00", "sam", amount=Decimal(5)),
        cancelled("S", "01-01T23:00"),
        cancelled("T", "01-01T01:00"),
        created("T", "01-01T02:00", "tim", amount=Decimal(5)),
        # First cancelled the day before: nowhere, the second end notwithstanding. Never created: nowhere.
        cancelled("U", "01-01"),
        created("U", "01-02", "una", amount=Decimal(5)),
        cancelled("U", "01-03"),
        cancelled("V", "01-02"),
        # Ties of the instant go by the id: the first creation, and whether a change comes after it.
        created("W", "01-01", "wim", serial=2, amount=Decimal(2)),
        created("W", "01-01", "wim", serial=1, amount=Decimal(1)),
        created("X", "01-01", "xan", serial=10, amount=Decimal(3)),
        changed("xan", "01-01", "team", serial=9),
        created("Y", "01-01", "yan", serial=20, amount=Decimal(3)),
        changed("yan", "01-01", "team", serial=21),
    ]
    assert days(events) == [
        ("01-01", 3, "54", "54", "0", "0", "0", 5, 2),
        ("01-02", 3, "54", "0", "0", "0", "0", 0, 0),
        ("01-03", 3, "54", "0", "0", "0", "0", 0, 0),
    ]


def test_a_change_moves_all_subscriptions_of_its_user_and_only_living_ones() -> None:
    events = [
        created("A", "01-01", "ann", amount=Decimal(30)),
        created("B", "01-01", "ann", amount=Decimal(60)),
        created("C", "01-01", "ann", amount=Decimal(90)),
        cancelled("C", "01-02"),
        # On its last day C had 90, the change of the day it ended does not touch that.
        changed("ann", "01-02", "team"),
        # A cancelled subscription does not come back with a later change.
        event("user.plan_downgrade", "01-03", "ann", from_plan="team", to_plan="pro"),
    ]
    assert days(events) == [
        ("01-01", 3, "180", "180", "0", "0", "0", 3, 0),
        ("01-02", 2, "100", "0", "20", "10", "90", 0, 1),
        ("01-03", 2, "40", "0", "0", "60", "0", 0, 0),
    ]


def test_list_prices_are_those_of_the_day_and_stay() -> None:
    events = [
        created("A", "01-31T23:59", "ann"),
        created("B", "02-01T00:00", "bob"),
        # 0.0006 a year is 0.00005 a month → 0.0001; 0.0005 EUR · 1.20005 = 0.000600025 → 0.0006 → 0.0001.
        created("C", "02-01", "cid", amount=Decimal("0.0006"), interval="year"),
        created("D", "02-01", "dan", amount=Decimal("0.0005"), currency="EUR", interval="year"),
    ]
    assert days(events) == [
        ("01-31", 1, "20", "20", "0", "0", "0", 1, 0),
        ("02-01", 4, "45.0002", "25.0002", "0", "0", "0", 3, 0),
    ]


def test_subscription_churn_by_hand() -> None:
    events = [
        created("P", "01-31", "u", amount=Decimal(1)),
        cancelled("P", "03-01"),
        created("Q", "02-01", "u", amount=Decimal(1)),
        created("R", "01-15", "u", amount=Decimal(1)),
        cancelled("R", "02-29"),
        created("Z", "02-10T08:00", "u"),
        cancelled("Z", "02-10T09:00"),
        event("audit.recorded", "05-01"),
    ]
    # P and R lived on 31 January; R and Z ended in February. P and Q on 29 February; P ended on 1 March.
    assert found("subscription_churn", events) == [
        (on("01-01"), 0, 0, None),
        (on("02-01"), 2, 2, 1.0),
        (on("03-01"), 2, 1, 0.5),
        (on("04-01"), 1, 0, 0.0),
        (on("05-01"), 1, 0, 0.0),
    ]


def test_plan_revenue_by_hand() -> None:
    def paid(at: str, user: str, amount: str, **more: Any) -> Event:
        return event("billing.payment_success", at, user, amount=Decimal(amount), **more)

    events = [
        paid("01-01", "ann", "9.99", plan_id="pro"),
        paid("01-31T23:59:59.999", "ann", "9.99", plan_id="pro"),
        paid("01-31", "bob", "0.01", plan_id="pro"),
        paid("02-01", "bob", "1", plan_id="pro", currency="ISK"),
        # 1 EUR = 1.20005 → 1.2001, twice.
        paid("01-04", "bob", "1", currency="EUR"),
        paid("01-04", "bob", "1", currency="EUR"),
        event("billing.payment_failed", "01-04", "bob", amount=Decimal(7)),
    ]
    assert found("plan_revenue", events) == [
        (on("01-01"), "", usd("2.4002"), 2, 1),
        (on("01-01"), "pro", usd("19.99"), 3, 2),
        (on("02-01"), "pro", usd("0"), 1, 1),
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delivered())
def test_every_day_follows_from_the_day_before(parts: list[list[bytes]]) -> None:
    received = Deliveries()
    for part in parts:
        received.deliver(part)
    events = received.accepted()
    seeds = Seeds(generate.fx_rates(STARTS[0], 20), PLAN_PRICES, CREATOR_LEVELS)
    metrics = ALL["subscription_metrics"][0](events, seeds)
    assert list(metrics["date"]) == calendar(events)
    active, mrr = 0, Decimal(0)
    for _, day in metrics.iterrows():
        active += day["new_subscriptions"] - day["cancelled_subscriptions"]
        mrr += day["new_mrr"] + day["expansion_mrr"] - day["contraction_mrr"] - day["churned_mrr"]
        assert (active, mrr, 12 * mrr) == (day["active_subscriptions"], day["mrr"], day["arr"])
    churn = ALL["subscription_churn"][0](events, seeds)
    assert churn["cancelled"].sum() == metrics["cancelled_subscriptions"].sum()
