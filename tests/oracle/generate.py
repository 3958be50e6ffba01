"""Small adversarial event sets written from the contract: everything it allows, nothing it leaves open.

What the contract does not decide is never generated: a contract completed or started twice, feedback at the
same instant, letters outside camelCase in property names.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

import pandas as pd

from tests.oracle.cases import ambiguous_cases, invalid_cases
from tests.oracle.catalog import CATALOG
from tests.oracle.market import CONTRACT_TYPES, Market
from tests.oracle.scenarios import LONG, SCENARIOS
from tests.oracle.valid_cases import valid_cases
from tests.oracle.writing import line

__all__ = ["ambiguous_cases", "deliveries", "fx_rates", "invalid_cases", "marketplace", "valid_cases"]

FREQUENT = (
    "user.signin", "page.view", "user.plan_upgrade", "user.plan_downgrade", "billing.payment_success",
    "payment.completed",
    "payment.refunded", "payout.processed", "order.created", "placement.made", "financial.recorded",
    "assignment.reviewed",
    "assignment.created", "assignment.completed", "upload.completed", "account.flagged",
    "account.flag_resolved",
    "account.suspended", "chat.message_sent", "job.posted", "proposal.sent",
)  # fmt: skip


@cache
def _short_bad_lines() -> tuple[bytes, ...]:
    return tuple(bad for bad, _ in invalid_cases() if len(bad) < 5000)


def _spoiled(market: Market) -> bytes:
    """An invalid line: a good one broken, or one of the invalid cases."""
    rng = market.rng
    good = line(rng, market.any(rng.choice(list(CATALOG))))
    market.events.pop()
    return rng.choice((good[: len(good) // 2], b"[" + good + b"]", good + b"}", rng.choice(_short_bad_lines())))


def marketplace(
    seed: int,
    *,
    users: int,
    days: int,
    start: date,
    per_day: int,
    invalid: float = 0.0,
    duplicates: float = 0.0,
    altered: float = 0.0,
    old: bool = False,
) -> list[bytes]:
    """NDJSON lines of a small marketplace; the same arguments give the same bytes.

    Every event type occurs at least once. `per_day` random events a day come on top of signups, plan changes,
    contracts and the lives of `scenarios`. `invalid`, `duplicates`, `altered` are fractions of the valid
    events, added as bad lines, resends (in other spellings) and resends with another content, each somewhere
    after the original. `old` adds contracts on both edges of the 730-day window (so the calendar becomes two
    years long) and what `scenarios` has for long periods, which a period of more than 90 days gets anyway.
    `users` ≥ 1, `days` ≥ 1; the period must end in the past.
    """
    market = Market(seed, users, days, start)
    rng = market.rng
    for name in CATALOG:
        if name not in CONTRACT_TYPES:
            market.any(name)
    market.signups()
    market.plan_bursts()
    for number in range(4 + per_day * days // 25):
        market.contract(number)
    for _ in range(per_day * days):
        market.any(rng.choice(FREQUENT if rng.random() < 0.7 else [n for n in CATALOG if n not in CONTRACT_TYPES]))
    for number in range(1 + per_day * days // 90):
        for scenario in SCENARIOS:
            scenario(market, number)
    last = market.end
    market.any("audit.recorded", last)
    if old:
        for number, back in enumerate((728, 729, 730, 731)):
            for second in (0, 86_399):
                midnight = last.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)
                market.contract(1_000_000 + 10 * number + (second > 0), midnight + timedelta(seconds=second))
        market.reach_back(731)
    if old or days > 90:
        for number in range(12):
            for scenario in LONG:
                scenario(market, 1_000_000 + number)
    placed = [(rng.random(), line(rng, event)) for event in market.events]
    originals = list(zip(placed, list(market.events), strict=True))
    for share, change in ((duplicates, False), (altered, True)):
        for _ in range(round(share * len(originals))):
            (place, _), event = rng.choice(originals)
            resent = line(rng, market.altered(event) if change else event)
            placed.append((rng.uniform(place, 1.0), resent))
    placed += [(rng.random(), _spoiled(market)) for _ in range(round(invalid * len(originals)))]
    return [text for _, text in sorted(placed)]


def deliveries(lines: list[bytes], seed: int, parts: int) -> list[list[bytes]]:
    """The lines in `parts` ≥ 1 deliveries, each shuffled: a fifth arrives in another delivery than its turn,
    a twentieth twice."""
    rng = Random(seed)
    split: list[list[bytes]] = [[] for _ in range(parts)]
    for at, text in enumerate(lines):
        turn = at * parts // len(lines)
        split[rng.randrange(parts) if rng.random() < 0.2 else turn].append(text)
        if rng.random() < 0.05:
            split[rng.randrange(parts)].append(text)
    for part in split:
        rng.shuffle(part)
    return split


def fx_rates(start: date, days: int) -> pd.DataFrame:
    """A seed with holes: EUR all the time, GBP every third day, BRL from the middle on, JPY on the first day
    only, no ISK."""
    rng = Random(7)
    rows = []
    for offset in range(days):
        day = start + timedelta(days=offset)
        rows.append((day, "EUR", Decimal(rng.randrange(1_050_000, 1_200_000)).scaleb(-6)))
        if offset % 3 == 0:
            rows.append((day, "GBP", Decimal(rng.randrange(12_000, 14_000)).scaleb(-4)))
        if offset >= days // 2:
            rows.append((day, "BRL", Decimal(rng.randrange(180_000, 200_000)).scaleb(-6)))
    rows.append((start, "JPY", Decimal("0.00667")))
    return pd.DataFrame(rows, columns=["date", "currency", "usd_rate"]).astype({"date": str, "usd_rate": str})
