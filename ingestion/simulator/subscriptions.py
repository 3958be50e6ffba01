"""Subscriptions: bought at signup or later, paid every 30 (365) days, changed, cancelled, won back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import Array, Dice, Ints, Mask, weighted
from ingestion.simulator.population import NEVER
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import DAY_MS, Money, Prop
from ingestion.simulator.world import World

_PLANS = text.vocabulary(market.PLANS)
_CURRENCIES = text.vocabulary(market.CURRENCIES)
_UPGRADES = weighted(market.UPGRADE_PLAN_SHARES)
_REASONS = text.vocabulary(["card_declined", "insufficient_funds", "expired_card", "processing_error"])
_PRICES = np.array([market.PLAN_PRICES[c] for c in market.CURRENCIES])  # (currency, plan), cents a month
_GENERATION = 10_000_000  # win-backs are numbered above first subscriptions


@dataclass(frozen=True)
class _Terms:
    """Columns over subscriptions; `number` makes the id, `end` is the cancellation or the suspension."""

    number: Ints
    user: Array
    start: Ints
    plan: Ints
    yearly: Mask
    end: Ints


class _Ledger:
    """Collects (instant, user, number, columns) of one kind of event over the billing cycles."""

    def __init__(self) -> None:
        self._parts: list[tuple[Array, ...]] = []

    def add(self, *columns: Array) -> None:
        self._parts.append(columns)

    def columns(self, count: int) -> list[Ints]:
        if not self._parts:
            return [np.zeros(0, dtype=np.int64) for _ in range(count)]
        return [np.concatenate(column) for column in zip(*self._parts, strict=True)]


def streams(world: World) -> list[Stream]:
    """All billing events and the plan changes that belong to them."""
    dice = world.dice("subscriptions")
    created, paid, failed, cancelled, up, down = (_Ledger() for _ in range(6))
    terms = _first(world, dice, up)
    for _ in range(2):
        end, last_plan = _live(world, dice, terms, created, paid, failed, up, down)
        ended = np.flatnonzero(end < world.clock.length)
        cancelled.add(end[ended], terms.user[ended], terms.number[ended], last_plan[ended])
        down.add(end[ended] + 1500, terms.user[ended], last_plan[ended], np.zeros(len(ended), dtype=np.int64))
        terms = _won_back(world, dice, terms, end, ended, up)
    return [
        _created(world, created),
        *_payments(world, paid, failed),
        _cancelled(world, cancelled),
        _plan_change(world, "user.plan_upgrade", up),
        _plan_change(world, "user.plan_downgrade", down),
    ]


def _first(world: World, dice: Dice, up: _Ledger) -> _Terms:
    users, sessions = world.users, world.sessions
    direct = np.flatnonzero(users.plan > 0)
    direct_t = users.signup[direct] + 60_000 + dice.below(direct, "checkout", 300_000)
    tempted = world.some_sessions(dice, "upgrade", market.UPGRADE_PER_SESSION)
    tempted = tempted[users.plan[sessions.user[tempted]] == 0]
    later, first = np.unique(sessions.user[tempted], return_index=True)
    later_t = world.within(dice, later, "upgrade at", tempted[first]) + 30_000
    later_plan = dice.pick(later, "upgrade to", _UPGRADES)
    up.add(later_t + 1500, later, np.zeros(len(later), dtype=np.int64), later_plan)
    user = np.concatenate([direct, later])
    start = np.concatenate([direct_t, later_t])
    plan = np.concatenate([users.plan[direct].astype(np.int64), later_plan])
    return _terms(world, dice, user, user, start, plan)


def _terms(world: World, dice: Dice, number: Ints, user: Array, start: Ints, plan: Ints) -> _Terms:
    end = start + 120_000 + world.lag(dice, number, "life", market.SUBSCRIPTION_LIFE)
    suspended = np.maximum(world.users.suspended[user], start + 120_000)
    return _Terms(
        number,
        user,
        start,
        plan,
        dice.chance(number, "yearly", market.YEARLY_SHARE),
        np.minimum(end, suspended),
    )


def _live(
    world: World,
    dice: Dice,
    terms: _Terms,
    created: _Ledger,
    paid: _Ledger,
    failed: _Ledger,
    up: _Ledger,
    down: _Ledger,
) -> tuple[Ints, Ints]:
    """Runs the cycles of subscriptions; answers their ends and the plans they ended on."""
    currency, number, user = world.users.currency[terms.user], terms.number, terms.user
    plan, end = terms.plan.copy(), terms.end.copy()
    months = np.where(terms.yearly, 10, 1)
    created.add(terms.start, user, number, plan, _PRICES[currency, plan] * months, terms.yearly.astype(np.int64))
    period = np.where(terms.yearly, 365, 30) * DAY_MS
    for cycle in range(world.clock.days // 30 + 1):
        due = terms.start + 20_000 + cycle * period
        live = np.flatnonzero((due < end) & (due < world.clock.length))
        if not len(live):
            break
        key = number[live] * 64 + cycle
        amount = _PRICES[currency[live], plan[live]] * months[live]
        fails = dice.chance(key, "fails", market.PAYMENT_FAILS)
        retried = fails & dice.chance(key, "retry", market.RETRY_WORKS)
        pays_at = due[live] + np.where(fails, 2 * DAY_MS, 0)
        pays = (~fails | retried) & (pays_at < end[live])
        paid.add(pays_at[pays], user[live[pays]], plan[live[pays]], amount[pays], key[pays])
        failed.add(due[live[fails]], user[live[fails]], amount[fails])
        lost = live[fails & ~retried]
        end[lost] = np.minimum(end[lost], due[lost] + 4 * DAY_MS * world.pace // 1000 + 60_000)

        change_at = due[live] + world.lag(dice, key, "change at", (6 * market.DAY, 0.8))
        possible = ~terms.yearly[live] & (change_at < np.minimum(end[live], due[live] + period[live]))
        lot = dice.unit(key, "change")
        rises = possible & (lot < market.PLAN_UP) & (plan[live] < 3)
        falls = possible & (lot > 1.0 - market.PLAN_DOWN) & (plan[live] > 1)
        for moves, step, ledger in ((rises, 1, up), (falls, -1, down)):
            who = live[moves]
            ledger.add(change_at[moves], user[who], plan[who], plan[who] + step)
            plan[who] += step
    return end, plan


def _won_back(world: World, dice: Dice, old: _Terms, end: Ints, ended: Ints, up: _Ledger) -> _Terms:
    start = end[ended] + world.lag(dice, old.number[ended], "back after", (15 * market.DAY, 0.8))
    back = dice.chance(old.number[ended], "back", market.WIN_BACK)
    back &= (world.users.suspended[old.user[ended]] == NEVER) & (start < world.clock.length)
    who, start = ended[back], start[back]
    number, user = old.number[who] + _GENERATION, old.user[who]
    plan = dice.pick(number, "back to", _UPGRADES)
    up.add(start + 1500, user, np.zeros(len(who), dtype=np.int64), plan)
    return _terms(world, dice, number, user, start, plan)


def _created(world: World, ledger: _Ledger) -> Stream:
    t, user, number, plan, amount, yearly = ledger.columns(6)

    def props(rows: Rows) -> Sequence[Prop]:
        year = rows["yearly"] == 1
        interval = text.words(text.vocabulary(["month", "year"]), rows["yearly"])
        return (
            Prop("subscription_id", rows.ident("sub", rows["number"])),
            Prop("plan_id", (text.words(_PLANS, rows["plan"]),)),
            Prop("amount", (Money(rows["amount"]),)),
            Prop("currency", (text.words(_CURRENCIES, world.users.currency[rows.user]),)),
            Prop("interval", (interval,), year | rows.chance("interval", 0.8)),
        )

    return world.stream(
        "billing.subscription_created",
        "billing-service",
        t,
        user=user,
        number=number,
        plan=plan,
        amount=amount,
        yearly=yearly,
        props=props,
    )


def _payments(world: World, paid: _Ledger, failed: _Ledger) -> list[Stream]:
    def common(rows: Rows) -> list[Prop]:
        return [
            Prop("amount", (Money(rows["amount"]),)),
            Prop("currency", (text.words(_CURRENCIES, world.users.currency[rows.user]),)),
        ]

    def success(rows: Rows) -> Sequence[Prop]:
        payment = Prop("payment_id", rows.ident("bill", rows["key"]))
        return (*common(rows), Prop("plan_id", (text.words(_PLANS, rows["plan"]),)), payment)

    def failure(rows: Rows) -> Sequence[Prop]:
        return (*common(rows), Prop("reason", (text.words(_REASONS, rows.below("reason", len(_REASONS))),)))

    t, user, plan, amount, key = paid.columns(5)
    failed_t, failed_user, failed_amount = failed.columns(3)
    return [
        world.stream(
            "billing.payment_success",
            "billing-service",
            t,
            user=user,
            plan=plan,
            amount=amount,
            key=key,
            props=success,
        ),
        world.stream(
            "billing.payment_failed",
            "billing-service",
            failed_t,
            user=failed_user,
            amount=failed_amount,
            props=failure,
        ),
    ]


def _cancelled(world: World, ledger: _Ledger) -> Stream:
    t, user, number, plan = ledger.columns(4)

    def props(rows: Rows) -> Sequence[Prop]:
        plan_id = Prop("plan_id", (text.words(_PLANS, rows["plan"]),))
        return (Prop("subscription_id", rows.ident("sub", rows["number"])), plan_id)

    return world.stream(
        "billing.subscription_cancelled",
        "billing-service",
        t,
        user=user,
        number=number,
        plan=plan,
        props=props,
    )


def _plan_change(world: World, event_type: str, ledger: _Ledger) -> Stream:
    t, user, before, after = ledger.columns(4)

    def props(rows: Rows) -> Sequence[Prop]:
        old, new = text.words(_PLANS, rows["before"]), text.words(_PLANS, rows["after"])
        return (Prop("from_plan", (old,)), Prop("to_plan", (new,)))

    return world.stream(event_type, "billing-service", t, user=user, before=before, after=after, props=props)
