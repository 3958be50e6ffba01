"""Jobs: posted, viewed, answered by proposals or matches, filled or closed; and the placements made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.simulator import market, text
from ingestion.simulator.contracts import Agreed, contract_streams
from ingestion.simulator.dice import Array, Dice, Ints, lognormal, weighted
from ingestion.simulator.stream import Rows, Stream
from ingestion.simulator.text import Money, Prop
from ingestion.simulator.world import World

_CATEGORIES = text.vocabulary(market.JOB_CATEGORIES)
_CATEGORY_TABLE = weighted(market.JOB_CATEGORY_SHARES)
_CURRENCIES = text.vocabulary(market.CURRENCIES)
_BUDGETS = lognormal(*market.BUDGET_CENTS, low=5_000)
_PROPOSALS = weighted(market.PROPOSALS_PER_JOB)
_MATCHES = weighted(market.MATCHES_PER_JOB)
_FEES = lognormal(*market.PLACEMENT_FEE_CENTS, low=50_000)
_CLOSED = text.vocabulary(["expired", "cancelled_by_client", "filled_elsewhere", "policy"])
_END_REASONS = text.vocabulary(market.PLACEMENT_END_REASONS)


@dataclass(frozen=True)
class Jobs:
    """Columns over jobs, in order of posting; row number = id number."""

    t: Ints
    owner: Array
    session: Array
    hiring: Array  # employers' jobs get matches, clients' jobs get proposals
    currency: Array
    budget: Ints  # cents


def streams(world: World) -> list[Stream]:
    """Everything from the posting of a job to the end of its contracts or placements."""
    dice = world.dice("jobs")
    jobs = _posted(world, dice)
    proposal_streams, agreed = _proposals(world, jobs)
    match_streams, hired, hired_at = _matches(world, jobs)
    filled_job = np.concatenate([agreed.job, hired])
    filled_t = np.concatenate([agreed.t + 3_000, hired_at + 60_000])
    return [
        *_job_streams(world, dice, jobs, filled_job, filled_t),
        *proposal_streams,
        *match_streams,
        *contract_streams(world, agreed),
    ]


def _posted(world: World, dice: Dice) -> Jobs:
    session = world.some_sessions(dice, "posts", market.JOBS_PER_SESSION, "client", "employer")
    t = world.within(dice, session, "posted", session)
    order = np.argsort(t, kind="stable")
    t, session = t[order], session[order]
    owner, rows = world.sessions.user[session], np.arange(len(t))
    currency = world.users.currency[owner]
    budget = world.local_cents(dice.smooth(rows, "budget", _BUDGETS), currency) // 100 * 100
    hiring = world.users.role[owner] == market.ROLES.index("employer")
    return Jobs(t, owner, session, hiring, currency, budget)


def _job_streams(world: World, dice: Dice, jobs: Jobs, filled_job: Ints, filled_t: Ints) -> list[Stream]:
    rows = np.arange(len(jobs.t))
    closes = dice.chance(rows, "closes", 0.8)
    closes[filled_job] = False
    unfilled = np.flatnonzero(closes)
    closed_t = jobs.t[unfilled] + world.lag(dice, unfilled, "closed after", (24 * market.DAY, 0.4))

    viewers = world.some_sessions(dice, "views", market.JOB_VIEWS, "freelancer", "candidate")
    view_t = world.within(dice, viewers, "view", viewers)
    known = np.searchsorted(jobs.t, view_t)
    view_t, viewers, known = view_t[known > 0], viewers[known > 0], known[known > 0]
    seen = known - 1 - dice.below(viewers, "which", np.minimum(known, 40))

    def job(rows: Rows) -> Sequence[Prop]:
        return (Prop("job_id", rows.ident("job", rows["job"])),)

    def posted(rows: Rows) -> Sequence[Prop]:
        number = rows["job"]
        return (
            *job(rows),
            Prop("category", (text.words(_CATEGORIES, dice.pick(number, "category", _CATEGORY_TABLE)),)),
            Prop("budget", (Money(jobs.budget[number]),), rows.chance("budget", 0.93)),
            Prop("currency", (text.words(_CURRENCIES, jobs.currency[number]),)),
        )

    def closed(rows: Rows) -> Sequence[Prop]:
        return (*job(rows), Prop("reason", (text.words(_CLOSED, rows.below("reason", len(_CLOSED))),)))

    source = "job-service"
    return [
        world.stream("job.posted", source, jobs.t, session=jobs.session, job=rows, props=posted, context=True),
        world.stream("job.filled", source, filled_t, user=jobs.owner[filled_job], job=filled_job, props=job),
        world.stream("job.closed", source, closed_t, user=jobs.owner[unfilled], job=unfilled, props=closed),
        world.stream("job.viewed", source, view_t, session=viewers, job=seen, props=job, context=True),
    ]


def first_of(group: Array, draw: Array) -> Ints:
    """Positions of one row per group: the one with the smallest draw."""
    order = np.lexsort((draw, group))
    _, first = np.unique(group[order], return_index=True)
    return order[first]


def _answers(
    world: World, dice: Dice, jobs: Jobs, chosen: Ints, table: Ints, role: str, lag: float
) -> tuple[Ints, Ints, Ints]:
    """Who answers which job when: (job, session, instant), one answer at most per user and job."""
    job = np.repeat(chosen, dice.pick(chosen, f"{role} answers", table))
    rows = np.arange(len(job))
    after = jobs.t[job] + world.lag(dice, rows, f"{role} after", (lag, 1.1))
    session = world.next_session(dice, rows, f"{role} next", role, after)
    job, session, rows = job[session >= 0], session[session >= 0], rows[session >= 0]
    key = job * np.int64(1 << 32) + world.sessions.user[session]
    _, once = np.unique(key, return_index=True)
    job, session, rows = job[once], session[once], rows[once]
    t = world.within(dice, rows, f"{role} at", session)
    inside = t < world.clock.length
    return job[inside], session[inside], t[inside]


def _proposals(world: World, jobs: Jobs) -> tuple[list[Stream], Agreed]:
    dice = world.dice("proposals")
    chosen = np.flatnonzero(~jobs.hiring)
    job, session, t = _answers(world, dice, jobs, chosen, _PROPOSALS, "freelancer", 9 * market.HOUR)
    number, freelancer = np.arange(len(job)), world.sessions.user[session]
    viewed_t = t + world.lag(dice, number, "viewed after", (6 * market.HOUR, 1.0))
    viewed = np.flatnonzero(dice.chance(number, "viewed", market.PROPOSAL_VIEWED))
    best = viewed[first_of(job[viewed], dice.bits(viewed, "best"))]
    best = best[dice.chance(job[best], "accepts", market.JOB_ACCEPTS)]
    accepted_t = viewed_t[best] + world.lag(dice, best, "accepted after", (18 * market.HOUR, 0.9))
    inside = accepted_t < world.clock.length
    best, accepted_t = best[inside], accepted_t[inside]

    def sent(rows: Rows) -> Sequence[Prop]:
        client = jobs.owner[rows["job"]]
        return (
            Prop("proposal_id", rows.ident("prop", rows["number"])),
            Prop("job_id", rows.ident("job", rows["job"])),
            Prop("client_id", rows.ident("u", client)),
        )

    def seen(rows: Rows) -> Sequence[Prop]:
        who = Prop("freelancer_id", rows.ident("u", freelancer[rows["number"]]))
        return (Prop("proposal_id", rows.ident("prop", rows["number"])), who)

    source = "proposal-service"
    made = [
        world.stream("proposal.sent", source, t, session=session, number=number, job=job, props=sent, context=True),
        world.stream(
            "proposal.viewed",
            source,
            viewed_t[viewed],
            user=jobs.owner[job[viewed]],
            number=viewed,
            props=seen,
        ),
        world.stream("proposal.accepted", source, accepted_t, user=jobs.owner[job[best]], number=best, props=seen),
    ]
    deal = job[best]
    percent = 60 + dice.below(best, "value", 70)
    value = jobs.budget[deal] * percent // 100
    agreed = Agreed(accepted_t, jobs.owner[deal], freelancer[best], deal, jobs.currency[deal], value)
    return made, agreed


def _matches(world: World, jobs: Jobs) -> tuple[list[Stream], Ints, Ints]:
    dice = world.dice("matches")
    chosen = np.flatnonzero(jobs.hiring)
    job, session, t = _answers(world, dice, jobs, chosen, _MATCHES, "candidate", 20 * market.HOUR)
    number, candidate = np.arange(len(job)), world.sessions.user[session]
    accepted = np.flatnonzero(dice.chance(number, "accepted", market.MATCH_ACCEPTED))
    accepted_t = t[accepted] + world.lag(dice, accepted, "accepted after", (30 * market.HOUR, 0.8))
    best = first_of(job[accepted], dice.bits(accepted, "best"))
    best = best[dice.chance(job[accepted[best]], "places", market.JOB_PLACES)]
    placed = accepted[best]
    placed_t = accepted_t[best] + world.lag(dice, placed, "placed after", (9 * market.DAY, 0.6))
    inside = placed_t < world.clock.length - 60_000
    placed, placed_t = placed[inside], placed_t[inside]
    ended = np.flatnonzero(dice.chance(placed, "ends", market.PLACEMENT_ENDS))
    ended_t = placed_t[ended] + world.lag(dice, placed[ended], "ended after", market.PLACEMENT_LIFE)
    fees = world.local_cents(dice.smooth(placed, "fee", _FEES), jobs.currency[job[placed]])

    def created(rows: Rows) -> Sequence[Prop]:
        score = ("0.", text.number(rows.below("score", 600) + 400))
        return (
            Prop("match_id", rows.ident("match", rows["number"])),
            Prop("job_id", rows.ident("job", job[rows["number"]])),
            Prop("score", score),
        )

    def accept(rows: Rows) -> Sequence[Prop]:
        return (Prop("match_id", rows.ident("match", rows["number"])),)

    def placement(rows: Rows) -> Sequence[Prop]:
        vacancy = job[rows["number"]]
        charged = rows.chance("charged", 0.94)
        return (
            Prop("placement_id", rows.ident("place", rows["number"])),
            Prop("job_id", rows.ident("job", vacancy)),
            Prop("client_id", rows.ident("u", jobs.owner[vacancy])),
            Prop("fee", (Money(rows["fee"]),), charged),
            Prop("currency", (text.words(_CURRENCIES, jobs.currency[vacancy]),), charged),
        )

    def end(rows: Rows) -> Sequence[Prop]:
        reason = text.words(_END_REASONS, rows.below("reason", len(_END_REASONS)))
        return (Prop("placement_id", rows.ident("place", rows["number"])), Prop("reason", (reason,)))

    source, who = "matching-service", candidate
    made = [
        world.stream("match.created", source, t, session=session, number=number, props=created),
        world.stream("match.accepted", source, accepted_t, user=who[accepted], number=accepted, props=accept),
        world.stream("placement.made", source, placed_t, user=who[placed], number=placed, fee=fees, props=placement),
        world.stream("placement.ended", source, ended_t, user=who[placed[ended]], number=placed[ended], props=end),
    ]
    return made, job[placed], placed_t
