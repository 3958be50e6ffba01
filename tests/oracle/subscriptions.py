"""Subscriptions and what they bring in.

Readings:

1. A subscription is its id. The first creation and the first cancellation count, by (instant, id text); who
   sent the cancellation does not matter. The owner is the user of the creation.
2. It is active from the day of the creation to the day before the cancellation. Cancelled on an earlier day
   than created, it is nowhere; on the same day, it is new and cancelled and has no revenue. A cancellation of
   what was never created is nowhere.
3. The first price is the amount in USD at the rate of the day, a yearly one then divided by 12, each rounded
   to four digits half away from zero. An amount without a rate is worth 0 and hides the price list; without an
   amount the list says the (monthly) price, whatever the interval.
4. A plan change of the owner after the creation, by (instant, id text), puts every subscription of his on the
   list price of the new plan as of the day of the change; the last one of a day counts. An amount is forgotten
   then, also if the plan is the same as before. Later lists do not move a price.
5. A plan that the list does not have (yet) is worth 0.
6. Months are those from the first to the last event day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import calendar
from tests.oracle.money import ZERO, Rates
from tests.oracle.people import PLAN_CHANGES
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import divided, firsts, frame, grouped, money, month_of, of_type, ratio

SUBSCRIPTION_METRICS = (
    "date", "active_subscriptions", "mrr", "arr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr",
    "new_subscriptions", "cancelled_subscriptions",
)  # fmt: skip
SUBSCRIPTION_CHURN = ("month", "active_at_start", "cancelled", "churn_rate")
PLAN_REVENUE = ("month", "plan_id", "revenue_usd", "payments", "payers")
ONE_DAY = timedelta(days=1)


class PriceList:
    """Monthly prices of plans: for a day the row that became valid last."""

    def __init__(self, plan_prices: pd.DataFrame) -> None:
        found: dict[str, dict[date, Decimal]] = defaultdict(dict)
        for plan, since, price in plan_prices[["plan_id", "valid_from", "monthly_usd"]].itertuples(index=False):
            found[str(plan)][date.fromisoformat(str(since)[:10])] = Decimal(str(price))
        self._prices = {plan: sorted(prices.items()) for plan, prices in found.items()}

    def price(self, plan: str, day: date) -> Decimal:
        """The price of the plan on the day, 0 without one."""
        valid = [price for since, price in self._prices.get(plan, []) if since <= day]
        return valid[-1] if valid else ZERO


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription that counts: `prices` are (first day of the price, price) in order, the first one on the
    day of creation."""

    created: date
    cancelled: date | None
    prices: tuple[tuple[date, Decimal], ...]

    def price(self, day: date) -> Decimal | None:
        """What it brings in on the day, None when it is not active."""
        if day < self.created or (self.cancelled is not None and day >= self.cancelled):
            return None
        return self.prices[bisect_right(self.prices, day, key=lambda entry: entry[0]) - 1][1]


def _first_price(created: Event, rates: Rates, prices: PriceList) -> Decimal:
    if "amount" not in created.properties:
        return prices.price(created.text("plan_id"), created.day)
    amount = rates.usd(created) or ZERO
    return divided(amount, 12) if created.text("interval") == "year" else amount


def subscriptions(events: Sequence[Event], seeds: Seeds) -> list[Subscription]:
    """All subscriptions that count."""
    rates, prices = Rates(seeds.fx_rates), PriceList(seeds.plan_prices)
    cancellations = firsts(of_type(events, "billing.subscription_cancelled"), "subscription_id")
    changes = grouped(of_type(events, *PLAN_CHANGES), lambda event: event.user_id)
    found = []
    for identity, created in firsts(of_type(events, "billing.subscription_created"), "subscription_id").items():
        end = cancellations.get(identity)
        if end is not None and end.day < created.day:
            continue
        by_day = {created.day: _first_price(created, rates, prices)}
        for change in changes.get(created.user_id, []):
            if change.order > created.order:
                by_day[change.day] = prices.price(change.text("to_plan"), change.day)
        found.append(Subscription(created.day, end.day if end else None, tuple(sorted(by_day.items()))))
    return found


def _movements(subscription: Subscription, last: date) -> Iterator[tuple[date, Decimal | None, Decimal | None]]:
    """(day, price the day before, price) for each day on which it is active or was the day before."""
    before: Decimal | None = None
    day = subscription.created
    while day <= last and (day == subscription.created or before is not None):
        price = subscription.price(day)
        yield day, before, price
        before, day = price, day + ONE_DAY


def subscription_metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per calendar day."""
    days = calendar(events)
    counted = subscriptions(events, seeds)
    new = Counter(subscription.created for subscription in counted)
    cancelled = Counter(subscription.cancelled for subscription in counted)
    moves: dict[date, list[tuple[Decimal | None, Decimal | None]]] = defaultdict(list)
    for subscription in counted:
        for day, before, price in _movements(subscription, days[-1]):
            moves[day].append((before, price))
    rows = [(day, *_revenue(moves[day]), new[day], cancelled[day]) for day in days]
    return frame(SUBSCRIPTION_METRICS, 1, rows)


def _revenue(moves: Sequence[tuple[Decimal | None, Decimal | None]]) -> tuple[object, ...]:
    prices = [price for _, price in moves if price is not None]
    mrr = money(prices)
    differences = [price - before for before, price in moves if price is not None and before is not None]
    return (
        len(prices),
        mrr,
        12 * mrr,
        money(price for before, price in moves if before is None),
        money(difference for difference in differences if difference > 0),
        money(-difference for difference in differences if difference < 0),
        money(before for before, price in moves if price is None),
    )


def subscription_churn(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per calendar month."""
    counted = subscriptions(events, seeds)
    cancelled = Counter(month_of(item.cancelled) for item in counted if item.cancelled)
    rows = []
    for month in sorted({month_of(day) for day in calendar(events)}):
        at_start = sum(item.price(month - ONE_DAY) is not None for item in counted)
        rows.append((month, at_start, cancelled[month], ratio(cancelled[month], at_start)))
    return frame(SUBSCRIPTION_CHURN, 1, rows)


def plan_revenue(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per month and plan with a successful payment."""
    rates = Rates(seeds.fx_rates)
    payments = of_type(events, "billing.payment_success")
    groups = grouped(payments, lambda event: (month_of(event.day), event.text("plan_id")))
    rows = [
        (*key, money(rates.usd(event) for event in found), len(found), len({event.user_id for event in found}))
        for key, found in groups.items()
    ]
    return frame(PLAN_REVENUE, 2, rows)


MARTS: dict[str, Mart] = {
    "subscription_metrics": (subscription_metrics, SUBSCRIPTION_METRICS[:1]),
    "subscription_churn": (subscription_churn, SUBSCRIPTION_CHURN[:1]),
    "plan_revenue": (plan_revenue, PLAN_REVENUE[:2]),
}
