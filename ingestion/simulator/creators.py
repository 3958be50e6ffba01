"""Creators: uploads become assignments: claimed, submitted in versions, reviewed, paid; levels rise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.simulator import market, text
from ingestion.simulator.dice import Array, Dice, Ints, lognormal, weighted
from ingestion.simulator.payouts import weekly
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import Money, Prop
from ingestion.simulator.world import World

_OUTPUTS = text.vocabulary(market.OUTPUT_TYPES)
_OUTPUT_TABLE = weighted(market.OUTPUT_SHARES)
_CURRENCIES = text.vocabulary(market.CURRENCIES)
_LEVELS = text.vocabulary([name for name, _ in market.LEVELS])
_THRESHOLDS = np.array([needed for _, needed in market.LEVELS])
_PRICES = np.array(market.OUTPUT_PRICE)
_DEADLINES = np.array(market.DEADLINE_HOURS)
_DECISIONS = text.vocabulary(["approved", "revision", "rejected"])
_SCORES = weighted(market.REVIEW_SCORES)
_BYTES = lognormal(48_000_000, 1.1, low=200_000, high=4_000_000_000)
_SECONDS = lognormal(1500, 0.8, low=30, high=20_000)
_METHODS = text.vocabulary(market.PAYMENT_METHODS)
_REASONS = text.vocabulary(market.REFUND_REASONS)
_TIME = np.int64(1 << 44)  # more milliseconds than any run has


@dataclass(frozen=True)
class _Work:
    """Columns over assignments, row number = id number."""

    upload: Ints
    uploader: Array
    output: Ints
    created: Ints
    hours: Ints  # until due


def streams(world: World) -> list[Stream]:
    """Everything from the upload to the creator's payout and level."""
    dice = world.dice("creators")
    session = world.some_sessions(dice, "uploads", market.UPLOADS_PER_SESSION, "uploader")
    begun = world.within(dice, session, "begun", session)
    done = begun + world.lag(dice, session, "upload takes", (90, 0.9))
    outputs = 1 + dice.below(session, "outputs", 4)
    upload = np.arange(len(session))
    of_upload = np.repeat(upload, outputs)
    place = np.arange(len(of_upload)) - np.repeat(np.cumsum(outputs) - outputs, outputs)
    first = dice.pick(of_upload, "output", _OUTPUT_TABLE)
    row = np.arange(len(of_upload))
    work = _Work(
        upload=of_upload,
        uploader=world.sessions.user[session][of_upload],
        output=(first + place) % len(market.OUTPUT_TYPES),
        created=done[of_upload] + 60_000 + place * 1_000,
        hours=_DEADLINES[dice.below(row, "deadline", len(_DEADLINES))],
    )
    price = np.bincount(work.upload, weights=_PRICES[work.output], minlength=len(upload)).astype(np.int64)
    return [*_uploads(world, dice, session, begun, done, outputs, price), *_assignments(world, dice, work)]


def _uploads(
    world: World, dice: Dice, session: Ints, begun: Ints, done: Ints, outputs: Ints, price: Ints
) -> list[Stream]:
    uploader, upload = world.sessions.user[session], np.arange(len(session))
    currency = world.users.currency[uploader]
    amount = world.local_cents(price, currency)
    completes = np.flatnonzero(dice.chance(upload, "completes", 0.96))
    paid_t = done[completes] + 90_000
    refunded = completes[dice.chance(completes, "refund", market.REFUNDED_PAYMENTS)]
    refund_t = done[refunded] + 100_000 + world.lag(dice, refunded, "refund after", (3 * market.DAY, 0.8))

    def initiated(rows: Rows) -> Sequence[Prop]:
        first = dice.pick(rows["upload"], "output", _OUTPUT_TABLE)
        names = [text.words(_OUTPUTS, (first + place) % len(market.OUTPUT_TYPES)) for place in range(4)]
        count = outputs[rows["upload"]]
        listed = [text.words(pa.array(["", ","]), (count > place).astype(np.int8)) for place in range(4)]
        shown = [pc.if_else(pa.array(count > place), names[place], "") for place in range(4)]
        pieces = ("[", shown[0], listed[1], shown[1], listed[2], shown[2], listed[3], shown[3], "]")
        return (Prop("upload_id", rows.ident("up", rows["upload"])), Prop("output_types", pieces))

    def completed(rows: Rows) -> Sequence[Prop]:
        return (
            Prop("upload_id", rows.ident("up", rows["upload"])),
            Prop("file_size", (text.number(rows.smooth("size", _BYTES)),)),
            Prop("duration", (text.number(rows.smooth("duration", _SECONDS)),)),
        )

    def payment(rows: Rows) -> Sequence[Prop]:
        number = rows["upload"]
        return (
            Prop("payment_id", rows.ident("payment", number)),
            Prop("amount", (Money(amount[number]),)),
            Prop("currency", (text.words(_CURRENCIES, currency[number]),)),
            Prop("method", (text.words(_METHODS, rows.below("method", len(_METHODS))),)),
            Prop("upload_id", rows.ident("up", number)),
        )

    def refund(rows: Rows) -> Sequence[Prop]:
        number = rows["upload"]
        part = np.where(rows.chance("partly", 0.3), amount[number] // 2, amount[number])
        return (
            Prop("payment_id", rows.ident("payment", number)),
            Prop("amount", (Money(part),)),
            Prop("currency", (text.words(_CURRENCIES, currency[number]),)),
            Prop("reason", (text.words(_REASONS, rows.below("reason", len(_REASONS))),)),
        )

    return [
        world.stream(
            "upload.initiated",
            "upload-service",
            begun,
            session=session,
            upload=upload,
            props=initiated,
            context=True,
        ),
        world.stream(
            "upload.completed",
            "upload-service",
            done[completes],
            session=session[completes],
            upload=completes,
            props=completed,
        ),
        world.stream(
            "payment.completed",
            "payment-service",
            paid_t,
            session=session[completes],
            upload=completes,
            props=payment,
        ),
        world.stream(
            "payment.refunded",
            "payment-service",
            refund_t,
            user=uploader[refunded],
            upload=refunded,
            props=refund,
        ),
    ]


def _assignments(world: World, dice: Dice, work: _Work) -> list[Stream]:
    rows = np.arange(len(work.created))
    # Assignments exist only for uploads that completed (the same draw as in `_uploads`).
    exists = dice.chance(work.upload, "completes", 0.96)
    after = work.created + world.lag(dice, rows, "claimed after", (5 * market.HOUR, 1.0))
    session = world.next_session(dice, rows, "claimed in", "creator", after)
    claimed = np.flatnonzero(exists & (session >= 0))
    claimed_t = world.within(dice, claimed, "claimed", session[claimed])
    creator = world.sessions.user[session[claimed]]

    submitted, reviewed, completed = [], [], []
    live, handed_in = np.arange(len(claimed)), claimed_t
    for version in (1, 2, 3):
        key = claimed[live] * 4 + version
        takes = world.lag(dice, key, "takes", market.CREATOR_HOURS if version == 1 else (5 * market.HOUR, 0.8))
        handed_in = handed_in + takes + 60_000
        verdict_t = handed_in + world.lag(dice, key, "reviewed after", (7 * market.HOUR, 1.0))
        lot = dice.unit(key, "decision")
        approve, revise = market.APPROVED[version - 1], market.REVISION[version - 1]
        decision = np.where(lot < approve, 0, np.where(lot < approve + revise, 1, 2))
        submitted.append((handed_in, live, np.full(len(live), version), takes))
        reviewed.append((verdict_t, live, np.full(len(live), version), decision))
        completed.append((verdict_t[decision == 0] + 30_000, live[decision == 0]))
        live, handed_in = live[decision == 1], verdict_t[decision == 1]

    done_t, done = (np.concatenate(column) for column in zip(*completed, strict=True))
    inside = done_t < world.clock.length
    done_t, done = done_t[inside], done[inside]
    history = np.sort(creator[done].astype(np.int64) * _TIME + done_t)
    return [
        *_offered(world, work, rows[exists], claimed, claimed_t, creator, history, session),
        *_handled(world, work, claimed, creator, submitted, reviewed),
        *_finished(world, work, claimed, creator, done, done_t),
        _level_changes(world, history),
    ]


def _offered(
    world: World,
    work: _Work,
    exists: Ints,
    claimed: Ints,
    claimed_t: Ints,
    creator: Array,
    history: Ints,
    session: Ints,
) -> list[Stream]:
    mine = creator.astype(np.int64) * _TIME
    so_far = np.searchsorted(history, mine + claimed_t) - np.searchsorted(history, mine)
    level = np.searchsorted(_THRESHOLDS, so_far, side="right") - 1

    def created(rows: Rows) -> Sequence[Prop]:
        number = rows["number"]
        due = text.instants(world.clock.start_ms + work.created[number] + work.hours[number] * 3_600_000)
        return (
            Prop("assignment_id", rows.ident("task", number)),
            Prop("upload_id", rows.ident("up", work.upload[number])),
            Prop("output_type", (text.words(_OUTPUTS, work.output[number]),)),
            Prop("due_at", ('"', due, 'Z"'), rows.chance("deadline", 0.9)),
        )

    def claim(rows: Rows) -> Sequence[Prop]:
        return (
            Prop("assignment_id", rows.ident("task", rows["number"])),
            Prop("output_type", (text.words(_OUTPUTS, work.output[rows["number"]]),)),
            Prop("level", (text.words(_LEVELS, rows["level"]),)),
        )

    source = "assignment-service"
    return [
        world.stream(
            "assignment.created",
            source,
            work.created[exists],
            user=work.uploader[exists],
            number=exists,
            props=created,
        ),
        world.stream(
            "assignment.claimed",
            source,
            claimed_t,
            session=session[claimed],
            number=claimed,
            level=level,
            props=claim,
        ),
    ]


def _handled(
    world: World,
    work: _Work,
    claimed: Ints,
    creator: Array,
    submitted: Sequence[tuple[Array, ...]],
    reviewed: Sequence[tuple[Array, ...]],
) -> list[Stream]:
    submitted_t, who, version, takes = (np.concatenate(column) for column in zip(*submitted, strict=True))
    reviewed_t, judged, judged_version, decision = (np.concatenate(column) for column in zip(*reviewed, strict=True))

    def submission(rows: Rows) -> Sequence[Prop]:
        hours = Money(rows["takes"] // 36_000)  # hundredths of an hour
        return (
            Prop("assignment_id", rows.ident("task", rows["number"])),
            Prop(
                "version",
                (text.number(rows["version"]),),
                (rows["version"] > 1) | rows.chance("version", 0.9),
            ),
            Prop("time_to_complete", (*text.decimal(hours, quoted=False),)),
        )

    def review(rows: Rows) -> Sequence[Prop]:
        score = np.clip(rows.pick("score", _SCORES) + 1 - (rows["decision"] > 0) - (rows["decision"] > 1), 1, 5)
        return (
            Prop("assignment_id", rows.ident("task", rows["number"])),
            Prop("decision", (text.words(_DECISIONS, rows["decision"]),)),
            Prop(
                "version",
                (text.number(rows["version"]),),
                (rows["version"] > 1) | rows.chance("version", 0.9),
            ),
            Prop("overall_score", (text.number(score),), rows.chance("scored", 0.94)),
            Prop("output_type", (text.words(_OUTPUTS, work.output[rows["number"]]),)),
        )

    source = "assignment-service"
    return [
        world.stream(
            "assignment.submitted",
            source,
            submitted_t,
            user=creator[who],
            number=claimed[who],
            version=version,
            takes=takes,
            props=submission,
        ),
        world.stream(
            "assignment.reviewed",
            source,
            reviewed_t,
            user=creator[judged],
            number=claimed[judged],
            version=judged_version,
            decision=decision,
            props=review,
        ),
    ]


def _finished(world: World, work: _Work, claimed: Ints, creator: Array, done: Ints, done_t: Ints) -> list[Stream]:
    who = creator[done]
    currency = world.users.currency[who]
    share = _PRICES[work.output[claimed[done]]] * market.CREATOR_SHARE_PERCENT // 100
    cents = world.local_cents(share, currency)

    def props(rows: Rows) -> Sequence[Prop]:
        return (
            Prop("assignment_id", rows.ident("task", rows["number"])),
            Prop("output_type", (text.words(_OUTPUTS, work.output[rows["number"]]),)),
            Prop("creator_amount", (Money(rows["cents"]),)),
            Prop("currency", (text.words(_CURRENCIES, world.users.currency[rows.user]),)),
        )

    return [
        world.stream(
            "assignment.completed",
            "assignment-service",
            done_t,
            user=who,
            number=claimed[done],
            cents=cents,
            props=props,
        ),
        weekly(world, "creator", who, done_t, cents, currency),
    ]


def _level_changes(world: World, history: Ints) -> Stream:
    """A level is reached a minute after the completed assignment that suffices for it."""
    creator, t = np.divmod(history, _TIME)
    _, first, count = np.unique(creator, return_index=True, return_counts=True)
    nth = np.arange(len(history)) - np.repeat(first, count) + 1
    level = np.searchsorted(_THRESHOLDS, nth)
    level = np.minimum(level, len(_THRESHOLDS) - 1)
    rises = _THRESHOLDS[level] == nth

    def props(rows: Rows) -> Sequence[Prop]:
        before, after = text.words(_LEVELS, rows["level"] - 1), text.words(_LEVELS, rows["level"])
        return (Prop("to_level", (after,)), Prop("from_level", (before,), rows.chance("from", 0.95)))

    return world.stream(
        "creator.level_changed",
        "creator-service",
        t[rises] + 60_000,
        user=creator[rises],
        level=level[rises],
        props=props,
    )
