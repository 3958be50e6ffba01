"""The marts in steps of a quarter hour.

Readings: a quarter hour begins at minute 0, 15, 30 or 45 UTC and holds its first instant, not that of the next.
Role and plan of a user are those of the UTC day. A user is new in the quarter hour of his first signup.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import revenue_stream
from tests.oracle.money import Rates
from tests.oracle.people import Users, is_active
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import frame, grouped, money, of_type

ACTIVITY = ("quarter_at", "role", "plan_tier", "new_users", "active_users")
CHAT = ("quarter_at", "provider", "model", "messages", "users", "tokens", "cost_usd", "unconverted_count")
REVENUE = (
    "quarter_at", "stream", "plan_id", "gross_usd", "refund_usd", "net_usd", "transaction_count", "refund_count",
    "unconverted_count",
)  # fmt: skip
EXCHANGE_RATES = ("currency", "valid_from", "valid_until", "usd_rate")


def quarter_of(at: datetime) -> datetime:
    """First instant of the quarter hour."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def activity(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per quarter hour, role and plan with an active user."""
    users = Users(events)
    active: dict[tuple[datetime, str, str], set[str]] = defaultdict(set)
    for event in filter(is_active, events):
        active[quarter_of(event.occurred_at), *users.group(event.user_id, event.day)].add(event.user_id)
    new = Counter(
        (quarter_of(signup.occurred_at), *users.group(user, signup.day)) for user, signup in users.signup.items()
    )
    return frame(ACTIVITY, 3, [(*key, new[key], len(found)) for key, found in active.items()])


def chat(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per quarter hour, provider and model with a message."""
    rates, rows = Rates(seeds.fx_rates), []
    groups = grouped(
        of_type(events, "chat.message_sent"),
        lambda event: (quarter_of(event.occurred_at), event.text("provider"), event.text("model")),
    )
    for key, messages in groups.items():
        tokens = sum(int(event.number("tokens") or 0) for event in messages)
        costs = [rates.usd(event, "cost") for event in messages if event.number("cost") is not None]
        people = {event.user_id for event in messages}
        rows.append((*key, len(messages), len(people), tokens, money(costs), sum(cost is None for cost in costs)))
    return frame(CHAT, 3, rows)


def revenue(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per quarter hour, stream and plan with a charge or a refund."""
    rates, groups = Rates(seeds.fx_rates), defaultdict(list)
    for event in events:
        if (kind := revenue_stream(event)) is not None:
            stream, refund = kind
            plan = event.text("plan_id") if stream == "subscription" else ""
            usd = rates.usd(event, "fee" if stream == "placement" else "amount")
            groups[quarter_of(event.occurred_at), stream, plan].append((refund, usd))
    rows = []
    for key, entries in groups.items():
        gross, back = (money(usd for refund, usd in entries if refund is wanted) for wanted in (False, True))
        refunds = sum(refund for refund, _ in entries)
        missing = sum(usd is None for _, usd in entries)
        rows.append((*key, gross, back, gross - back, len(entries) - refunds, refunds, missing))
    return frame(REVENUE, 3, rows)


def exchange_rates(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """The seed with the dollar, each rate until the next one of its currency. Events are not needed."""
    rates = Rates(seeds.fx_rates)
    days: dict[str, list[date]] = defaultdict(list, {"USD": [date(1970, 1, 1)]})
    for day, currency in seeds.fx_rates[["date", "currency"]].itertuples(index=False):
        if currency != "USD":
            days[currency].append(date.fromisoformat(day))
    rows = [
        (currency, since, until, rates.rate(currency, since))
        for currency, found in days.items()
        for since, until in zip(sorted(found), [*sorted(found)[1:], date(1970, 1, 1) + timedelta(65535)], strict=True)
    ]
    return frame(EXCHANGE_RATES, 2, rows)


MARTS: dict[str, Mart] = {
    "activity_by_quarter_hour": (activity, ACTIVITY[:3]),
    "chat_by_quarter_hour": (chat, CHAT[:3]),
    "revenue_by_quarter_hour": (revenue, REVENUE[:3]),
    "exchange_rates": (exchange_rates, EXCHANGE_RATES[:2]),
}
