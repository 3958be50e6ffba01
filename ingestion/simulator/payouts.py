"""Payouts: what a payee earned in a week, paid on the Monday after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import Array, Ints
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import DAY_MS, Money, Prop
from ingestion.simulator.world import World

_CURRENCIES = text.vocabulary(market.CURRENCIES)
_METHODS = text.vocabulary(market.PAYOUT_METHODS)


def weekly(world: World, part: str, payee: Array, earned_at: Ints, cents: Ints, currency: Array) -> Stream:
    """`payout.processed` per payee, ISO week and currency; daily in runs of less than two weeks."""
    monday = (world.clock.start_ms // DAY_MS + 3) % 7  # days since Monday of the first day
    period = 7 if world.clock.days >= 14 else 1
    shift = monday if period == 7 else 0
    week = (earned_at // DAY_MS + shift) // period
    inside = earned_at < world.clock.length
    key = (payee[inside].astype(np.int64) * 4096 + week[inside]) * 4 + currency[inside]
    order = np.argsort(key, kind="stable")
    groups, first = np.unique(key[order], return_index=True)
    total = np.add.reduceat(cents[inside][order], first) if len(first) else np.zeros(0, dtype=np.int64)
    who = groups // (4 * 4096)
    opens = ((groups // 4 % 4096 + 1) * period - shift) * DAY_MS
    t = opens + 6 * 3_600_000 + world.dice(f"payouts of {part}").below(groups, "at", 5 * 3_600_000)

    def props(rows: Rows) -> Sequence[Prop]:
        return (
            Prop("payout_id", rows.ident(f"pay{part[0]}", rows.index)),
            Prop("amount", (Money(rows["cents"]),)),
            Prop("currency", (text.words(_CURRENCIES, rows["currency"]),)),
            Prop("method", (text.words(_METHODS, rows.below("method", len(_METHODS))),)),
        )

    return world.stream(
        "payout.processed",
        "payment-service",
        t,
        part=part,
        user=who,
        cents=total,
        currency=groups % 4,
        props=props,
    )
