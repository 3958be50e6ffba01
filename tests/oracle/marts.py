"""The four core marts by the formulas of the mart contract, from accepted events and exchange rates.

Every function takes the accepted events and gives a DataFrame sorted by its key: `date` as datetime.date,
money as Decimal with four digits, counts as int, rates and means as float or None. Days run from the first to
the last event day of *all* accepted events.

Readings of what the contract leaves open:

1. First and last are by `occurred_at` (milliseconds), ties by the lower-case text of `event_id`: the smallest
   text is first.
2. A user's role and initial plan come from his first signup whatever the day asked about, so on days before
   it too. Without any signup both are `unknown`, plan changes or not.
3. Plan on a day: `to_plan` of the last change up to the end of the day, even of one that happened before the
   signup.
4. A user exists from his first *active* day (a signup is activity). Events that others cause (payouts, flags,
   …) create nobody.
5. A (role, plan_tier) has rows from the first day somebody existing had it at the end of that day, through
   the last event day, also after the last such user left it.
6. `plan_id` of a `subscription` revenue row is the payment's property, '' if it has none; '' for the other
   streams.
7. `gross_usd`, `refund_usd` sum the events that have a rate: 0 when none has, `unconverted_count` (charges
   and refunds) says so.
8. A placement with a fee of 0 has a fee. `quantity` never multiplies `amount`.
9. USD has rate 1 whatever the seed. `amount_usd` is rounded per event, half away from zero, to four digits.
10. A contract is its `contract_id`; of several completions, starts with a value, or feedbacks the last one
   counts (by reading 1). Freelancer and client are those of the completion. Feedback is matched by contract,
   on whatever day it was given.
11. A completion with a value but no rate is worth 0, it does not fall back to the start; each value has the
   rate of its own event's day.
12. Freelancers whose completions are all older than the window have no row.
13. `contract_value_usd` sums all contracts in the window, whatever the outcome; `avg_feedback_score` is over
   contracts with feedback.
14. `jss_exact` is the score before rounding to two digits (extra column): compare with a tolerance of half a
   cent, ties may go either way.
15. Reviews are events; `version` is 1 by default. `tokens` absent is 0.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.money import CENTI_CENT, EXACT, ZERO, Rates
from tests.oracle.people import Users

WINDOW_DAYS = 730
USER_METRICS = ("date", "role", "plan_tier", "new_users", "active_users", "signins")
REVENUE = (
    "date", "stream", "currency", "plan_id", "gross_amount", "refund_amount", "net_amount", "gross_usd",
    "refund_usd", "net_usd",
    "transaction_count", "refund_count", "unconverted_count",
)  # fmt: skip
JOB_SUCCESS_SCORE = (
    "freelancer_id", "as_of", "jss", "contracts_completed", "contracts_successful", "avg_feedback_score",
    "contract_value_usd",
    "clients", "long_term_clients", "jss_exact",
)  # fmt: skip
DAILY_METRICS = (
    "date", "total_revenue", "total_refunds", "total_payouts", "platform_margin", "transaction_count",
    "new_users", "new_uploaders",
    "new_creators", "active_users", "active_uploaders", "active_creators", "wau", "mau", "uploads_count",
    "assignments_created",
    "assignments_completed", "assignments_rejected", "avg_rating", "first_approval_rate", "revision_rate",
    "flags_created",
    "flags_resolved", "accounts_suspended", "messages_sent", "tokens_used", "orders_count", "jobs_posted",
    "proposals_sent",
)  # fmt: skip
KEYS = {
    "user_metrics": USER_METRICS[:3],
    "revenue": REVENUE[:4],
    "job_success_score": JOB_SUCCESS_SCORE[:1],
    "daily_metrics": DAILY_METRICS[:1],
}


def _frame(columns: Sequence[str], rows: Iterable[Sequence[object]], keys: int) -> pd.DataFrame:
    ordered = sorted(rows, key=lambda row: tuple(str(value) for value in row[:keys]))
    return pd.DataFrame(
        {name: pd.Series([row[at] for row in ordered], dtype="object") for at, name in enumerate(columns)}
    )


def calendar(events: Iterable[Event]) -> list[date]:
    """Every day from the first to the last event day; empty without events."""
    days = {event.day for event in events}
    if not days:
        return []
    first = min(days)
    return [first + timedelta(days=offset) for offset in range((max(days) - first).days + 1)]


def user_metrics(events: Sequence[Event], fx_rates: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per date, role, plan_tier. `fx_rates` is not needed; it is accepted so that all marts are
    called alike."""
    users = Users(events)
    new: Counter[tuple[date, tuple[str, str]]] = Counter(
        (signup.day, users.group(user, signup.day)) for user, signup in users.signup.items()
    )
    active = Counter((day, users.group(user, day)) for user, days in users.active_days.items() for day in days)
    signins = Counter(
        (event.day, users.group(event.user_id, event.day)) for event in events if event.event_type == "user.signin"
    )
    first = users.first_days()
    rows = [
        (day, *group, new[day, group], active[day, group], signins[day, group])
        for day in calendar(events)
        for group, since in first.items()
        if since <= day
    ]
    return _frame(USER_METRICS, rows, 3)


def revenue_stream(event: Event) -> tuple[str, bool] | None:
    """(stream, is a refund) of an event that is platform revenue, else None."""
    match event.event_type, event.properties.get("category"):
        case "billing.payment_success", _:
            return "subscription", False
        case "payment.completed", _:
            return "charge", False
        case "payment.refunded", _:
            return "charge", True
        case "order.created", _:
            return "order", False
        case "placement.made", _ if "fee" in event.properties:
            return "placement", False
        case "financial.recorded", "Fee":
            return "service_fee", False
        case "financial.recorded", "Refund":
            return "service_fee", True
    return None


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value or Decimal(0))
    return EXACT.quantize(total, CENTI_CENT)


def revenue(events: Sequence[Event], fx_rates: pd.DataFrame) -> pd.DataFrame:
    """One row per date, stream, currency, plan_id with a charge or a refund."""
    rates = Rates(fx_rates)
    groups: dict[tuple[object, ...], list[tuple[bool, Decimal | None, Decimal | None]]] = defaultdict(list)
    for event in events:
        kind = revenue_stream(event)
        if kind is None:
            continue
        stream, refund = kind
        name = "fee" if stream == "placement" else "amount"
        plan = event.text("plan_id") if stream == "subscription" else ""
        key = (event.day, stream, event.text("currency", "USD"), plan)
        groups[key].append((refund, event.number(name), rates.usd(event, name)))
    rows = []
    for group, entries in groups.items():
        charges = [entry for entry in entries if not entry[0]]
        refunds = [entry for entry in entries if entry[0]]
        gross, refunded = _sum(entry[1] for entry in charges), _sum(entry[1] for entry in refunds)
        gross_usd, refunded_usd = _sum(entry[2] for entry in charges), _sum(entry[2] for entry in refunds)
        unconverted = sum(entry[2] is None for entry in entries)
        rows.append((
            *group, gross, refunded, gross - refunded, gross_usd, refunded_usd, gross_usd - refunded_usd,
            len(charges), len(refunds), unconverted,
        ))  # fmt: skip
    return _frame(REVENUE, rows, 4)


def _last(events: Iterable[Event], name: str, accept: Callable[[Event], bool] = lambda _: True) -> dict[str, Event]:
    last: dict[str, Event] = {}
    for event in events:
        if event.event_type == name and accept(event):
            contract = event.text("contract_id")
            if contract not in last or event.order > last[contract].order:
                last[contract] = event
    return last


def job_success_score(events: Sequence[Event], fx_rates: pd.DataFrame) -> pd.DataFrame:
    """One row per freelancer with a contract completed in the window; see readings 10 to 14."""
    rates = Rates(fx_rates)
    days = calendar(events)
    as_of = days[-1] if days else date.min
    started = _last(events, "contract.started", lambda event: "value" in event.properties)
    feedback = _last(events, "feedback.submitted")
    contracts: dict[str, list[tuple[Event, Decimal, Decimal | None]]] = defaultdict(list)
    for contract, event in _last(events, "contract.completed").items():
        if (as_of - event.day).days < WINDOW_DAYS:
            valued = event if "value" in event.properties else started.get(contract)
            value = (rates.usd(valued, "value") if valued else None) or ZERO
            score = feedback[contract].number("score") if contract in feedback else None
            contracts[event.text("freelancer_id")].append((event, value, score))
    rows = [(freelancer, as_of, *_score(done)) for freelancer, done in contracts.items()]
    return _frame(JOB_SUCCESS_SCORE, rows, 1)


def _score(done: Sequence[tuple[Event, Decimal, Decimal | None]]) -> tuple[object, ...]:
    outcome_factors = {"success": 1.0, "cancelled": 0.5, "disputed": 0.0}
    weights, products, scores, successes = [], [], [], Counter[str]()
    for event, value, score in done:
        weight = min(10.0, max(1.0, math.log(1 + float(value))))
        feedback_factor = 0.75 if score is None else (float(score) - 1) / 4
        weights.append(weight)
        products.append(weight * outcome_factors[event.text("outcome")] * feedback_factor)
        if score is not None:
            scores.append(float(score))
        if event.text("outcome") == "success":
            successes[event.user_id] += 1
    clients = len({event.user_id for event, _, _ in done})
    long_term = sum(count >= 2 for count in successes.values())
    base = 100 * math.fsum(products) / math.fsum(weights)
    exact = min(100.0, 0.9 * base + 10 * long_term / clients)
    mean = math.fsum(scores) / len(scores) if scores else None
    value = _sum(value for _, value, _ in done)
    return round(exact, 2), len(done), successes.total(), mean, value, clients, long_term, exact


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def daily_metrics(events: Sequence[Event], fx_rates: pd.DataFrame) -> pd.DataFrame:
    """One row per calendar day from the first to the last event day."""
    rates, users = Rates(fx_rates), Users(events)
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        by_day[event.day].append(event)
    active: dict[date, set[str]] = defaultdict(set)
    for user, days in users.active_days.items():
        for day in days:
            active[day].add(user)
    new: Counter[tuple[date, str]] = Counter((signup.day, users.role(user)) for user, signup in users.signup.items())
    rows = [(day, *_day(day, by_day[day], rates, users, active, new)) for day in calendar(events)]
    return _frame(DAILY_METRICS, rows, 1)


def _day(
    day: date,
    events: Sequence[Event],
    rates: Rates,
    users: Users,
    active: dict[date, set[str]],
    new: Counter[tuple[date, str]],
) -> tuple[object, ...]:
    of: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        of[event.event_type].append(event)

    def distinct(event_type: str, name: str) -> int:
        return len({event.text(name) for event in of[event_type]})

    def within(days: int) -> int:
        return len(set().union(*(active.get(day - timedelta(days=back), set()) for back in range(days))))

    kinds = [(event, kind) for event in events if (kind := revenue_stream(event))]
    gross, refunded = (
        _sum(
            rates.usd(event, "fee" if stream == "placement" else "amount")
            for event, (stream, back) in kinds
            if back is wanted
        )
        for wanted in (False, True)
    )
    payouts = _sum(rates.usd(event) for event in of["payout.processed"])
    today = active.get(day, set())
    roles = Counter(users.role(user) for user in today)
    reviews = of["assignment.reviewed"]
    approved = [event for event in reviews if event.text("decision") == "approved"]
    first = [event for event in approved if event.properties.get("version", 1) == 1]
    scores = [score for event in reviews if (score := event.number("overall_score")) is not None]
    tokens = sum((event.number("tokens") or Decimal(0) for event in of["chat.message_sent"]), Decimal(0))
    return (
        gross,
        refunded,
        payouts,
        gross - refunded - payouts,
        len(kinds),
        sum(count for (on, _), count in new.items() if on == day),
        new[day, "uploader"],
        new[day, "creator"],
        len(today),
        roles["uploader"],
        roles["creator"],
        within(7),
        within(30),
        distinct("upload.completed", "upload_id"),
        distinct("assignment.created", "assignment_id"),
        distinct("assignment.completed", "assignment_id"),
        len({event.text("assignment_id") for event in reviews if event.text("decision") == "rejected"}),
        float(sum(scores, Decimal(0)) / len(scores)) if scores else None,
        _ratio(len(first), len(approved)),
        _ratio(sum(event.text("decision") == "revision" for event in reviews), len(reviews)),
        distinct("account.flagged", "flag_id"),
        distinct("account.flag_resolved", "flag_id"),
        len({event.user_id for event in of["account.suspended"]}),
        len(of["chat.message_sent"]),
        int(tokens),
        distinct("order.created", "order_id"),
        distinct("job.posted", "job_id"),
        distinct("proposal.sent", "proposal_id"),
    )


MARTS: dict[str, Callable[[Sequence[Event], pd.DataFrame], pd.DataFrame]] = {
    "user_metrics": user_metrics,
    "revenue": revenue,
    "job_success_score": job_success_score,
    "daily_metrics": daily_metrics,
}
