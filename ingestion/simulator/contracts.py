"""Contracts: started, completed with an outcome, judged, paid, and followed by more for the same client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.dice import Array, Dice, Ints, weighted
from ingestion.simulator.payouts import weekly
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import Money, Prop
from ingestion.simulator.world import World

_OUTCOMES = text.vocabulary(market.OUTCOMES)
_OUTCOME_TABLE = weighted(market.OUTCOME_SHARES)
_JOB_TYPES = text.vocabulary(market.JOB_TYPES)
_CURRENCIES = text.vocabulary(market.CURRENCIES)
_CATEGORIES = ("Escrow", "Earnings", "Fee", "Refund")
_CATEGORY_WORDS = text.vocabulary(_CATEGORIES)
_GOOD, _BAD = weighted(market.GOOD_SCORES), weighted(market.BAD_SCORES)
_MOST_RETURNS = 5


@dataclass(frozen=True)
class Agreed:
    """Columns over accepted proposals."""

    t: Ints
    client: Array
    freelancer: Array
    job: Ints
    currency: Array
    value: Ints  # cents


@dataclass(frozen=True)
class _Contracts:
    """Columns over contracts; row number = id number."""

    start: Ints
    done: Ints
    client: Array
    freelancer: Array
    job: Ints
    currency: Array
    value: Ints
    outcome: Ints


def contract_streams(world: World, agreed: Agreed) -> list[Stream]:
    """Events of the contracts that follow from accepted proposals."""
    dice = world.dice("contracts")
    contracts = _run(world, dice, agreed)
    return [*_life(world, dice, contracts), *_money(world, dice, contracts)]


def _run(world: World, dice: Dice, agreed: Agreed) -> _Contracts:
    """First contracts, then up to five generations of returning clients."""
    start = agreed.t + world.lag(dice, agreed.job, "start after", (5 * market.HOUR, 0.8))
    row = np.arange(len(start))
    value = agreed.value
    parts: list[tuple[Array, ...]] = []
    for generation in range(_MOST_RETURNS + 1):
        key = agreed.job[row] * 8 + generation
        done = start + world.lag(dice, key, "length", market.CONTRACT_LENGTH)
        outcome = dice.pick(key, "outcome", _OUTCOME_TABLE)
        parts.append((start, done, row, value, outcome))
        again = (outcome == 0) & dice.chance(key, "returns", market.CLIENT_RETURNS)
        start = (done + world.lag(dice, key, "returns after", (6 * market.DAY, 0.9)))[again]
        row, value = row[again], (value * (80 + dice.below(key, "next value", 70)) // 100)[again]
        inside = start < world.clock.length
        start, row, value = start[inside], row[inside], value[inside]
    start, done, row, value, outcome = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Contracts(
        start,
        done,
        agreed.client[row],
        agreed.freelancer[row],
        agreed.job[row],
        agreed.currency[row],
        value,
        outcome,
    )


def _life(world: World, dice: Dice, contracts: _Contracts) -> list[Stream]:
    rows = np.arange(len(contracts.start))
    judged = np.flatnonzero(dice.chance(rows, "judged", market.FEEDBACK_GIVEN))
    judged_t = contracts.done[judged] + world.lag(dice, judged, "judged after", (20 * market.HOUR, 1.0))

    def parties(rows: Rows) -> list[Prop]:
        number = rows["number"]
        return [
            Prop("contract_id", rows.ident("con", number)),
            Prop("freelancer_id", rows.ident("u", contracts.freelancer[number])),
        ]

    def worth(rows: Rows, share: float) -> list[Prop]:
        number, present = rows["number"], rows.chance("valued", share)
        return [
            Prop("value", (Money(contracts.value[number]),), present),
            Prop("currency", (text.words(_CURRENCIES, contracts.currency[number]),), present),
        ]

    def started(rows: Rows) -> Sequence[Prop]:
        job = contracts.job[rows["number"]]
        kind = text.words(_JOB_TYPES, dice.below(job, "type", len(market.JOB_TYPES)))
        return (
            *parties(rows),
            Prop("job_id", rows.ident("job", job)),
            Prop("job_type", (kind,)),
            *worth(rows, 0.97),
        )

    def completed(rows: Rows) -> Sequence[Prop]:
        outcome = text.words(_OUTCOMES, contracts.outcome[rows["number"]])
        return (*parties(rows), Prop("outcome", (outcome,)), *worth(rows, 0.9))

    def feedback(rows: Rows) -> Sequence[Prop]:
        good = contracts.outcome[rows["number"]] == 0
        score = np.where(good, rows.pick("good", _GOOD), rows.pick("bad", _BAD)) + 1
        return (*parties(rows), Prop("score", (text.number(score),)))

    source, client = "contract-service", contracts.client
    return [
        world.stream("contract.started", source, contracts.start, user=client, number=rows, props=started),
        world.stream("contract.completed", source, contracts.done, user=client, number=rows, props=completed),
        world.stream(
            "feedback.submitted",
            "review-service",
            judged_t,
            user=client[judged],
            number=judged,
            props=feedback,
        ),
    ]


def _money(world: World, dice: Dice, contracts: _Contracts) -> list[Stream]:
    """Escrow at the start; at the end earnings and fee, a refund, or half of each after a dispute."""
    rows = np.arange(len(contracts.start))
    half = contracts.value // 2
    earned = np.choose(contracts.outcome, [contracts.value, np.zeros_like(half), half])
    fee = earned * market.PLATFORM_FEE_PERCENT // 100
    refunded = contracts.value - earned
    moves = [
        (0, rows, contracts.start + 2_000, contracts.value),
        (1, rows[earned > 0], contracts.done[earned > 0] + 5_000, (earned - fee)[earned > 0]),
        (2, rows[fee > 0], contracts.done[fee > 0] + 6_000, fee[fee > 0]),
        (3, rows[refunded > 0], contracts.done[refunded > 0] + 7_000, refunded[refunded > 0]),
    ]
    category = np.concatenate([np.full(len(number), code) for code, number, _, _ in moves])
    number, t, amount = (np.concatenate([move[i] for move in moves]) for i in (1, 2, 3))
    of_client = (category == 0) | (category == 3)
    user = np.where(of_client, contracts.client[number], contracts.freelancer[number])

    def props(rows: Rows) -> Sequence[Prop]:
        number, code = rows["number"], rows["category"]
        client, freelancer = contracts.client[number], contracts.freelancer[number]
        other = np.where((code == 0) | (code == 3), freelancer, client)
        kind = text.words(_JOB_TYPES, dice.below(contracts.job[number], "type", len(market.JOB_TYPES)))
        return (
            Prop("transaction_id", rows.ident("tx", number * 4 + code)),
            Prop("category", (text.words(_CATEGORY_WORDS, code),)),
            Prop("amount", (Money(rows["amount"]),)),
            Prop("currency", (text.words(_CURRENCIES, contracts.currency[number]),)),
            Prop("counterparty_id", rows.ident("u", other)),
            Prop("job_id", rows.ident("job", contracts.job[number])),
            Prop("job_type", (kind,)),
        )

    paid = earned > 0
    return [
        world.stream(
            "financial.recorded",
            "payment-service",
            t,
            user=user,
            number=number,
            category=category,
            amount=amount,
            props=props,
        ),
        weekly(
            world,
            "freelancer",
            contracts.freelancer[paid],
            contracts.done[paid] + 10_000,
            (earned - fee)[paid],
            contracts.currency[paid],
        ),
    ]
