"""Uploaders and creators: activity by day, performance by output type; levels are in `creator_levels`.

Readings of what the contract leaves open, beyond those of `marts` and `assignments`:

1. An assignment is delivered on the day of its first completion and counts there for whoever created it
   first; without a creation it has no uploader and counts for none. A completion before the creation took no
   time.
2. An assignment is pending on the day of its first creation as long as it has no completion at all.
3. A repeated creation or completion contributes nothing, so it makes no row; a payment without a rate makes
   one with 0 USD.
4. Completed work is the creator's whose event completed the assignment first. Its deadline is that of the
   first creation, met at that very instant too.
5. Reviews and submissions are events: each counts, and makes a row even without a score or hours. An output
   type comes from the event, else from its assignment.
6. Earnings belong to an assignment when `job_id` is its id, whatever comes first. They count on the day and
   for the user of the record, with the output type of the assignment.
7. `rating_sum` and `hours_worked` are floats, 0 without values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from tests.oracle import creator_levels
from tests.oracle.assignments import PREFIX, Assignments, is_first_version
from tests.oracle.contract import Event
from tests.oracle.money import Rates
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import days_between, firsts, frame, grouped, ids, mean, money, of_type, ratio

UPLOADER_ACTIVITY = (
    "date", "user_id", "uploads", "spent_usd", "assignments_completed", "avg_delivery_hours", "pending",
)  # fmt: skip
CREATOR_PERFORMANCE = (
    "date", "user_id", "output_type", "completed", "earnings_usd", "rating_sum", "rating_count", "on_time",
    "with_deadline", "approved_first", "approved", "hours_worked", "average_rating", "on_time_rate",
    "first_approval_rate", "earnings_per_hour",
)  # fmt: skip

UPLOADS = ("upload_id", "date", "user_id", "started_at", "completed_at", "status")
ASSIGNMENTS = (
    "assignment_id", "date", "upload_id", "user_id", "creator_id", "output_type", "created_at", "due_at",
    "completed_at", "status",
)  # fmt: skip

UserDay = tuple[date, str]
Group = tuple[date, str, str]


def _user_day(event: Event) -> UserDay:
    return event.day, event.user_id


def uploads(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per upload that began or arrived. The seeds are not needed."""
    begun = firsts(of_type(events, "upload.initiated"), "upload_id")
    arrived = firsts(of_type(events, "upload.completed"), "upload_id")
    rows = []
    for upload in begun.keys() | arrived.keys():
        first, done = begun.get(upload) or arrived[upload], arrived.get(upload)
        told = (done.occurred_at, "completed") if done else (None, "pending")
        rows.append((upload, first.day, first.user_id, first.occurred_at, *told))
    return frame(UPLOADS, 1, rows)


def assignments(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per assignment with a creation. The seeds are not needed."""
    known = Assignments(events)
    rows = []
    for assignment, first in known.created.items():
        done = known.completed.get(assignment)
        creator, completed_at, status = (done.user_id, done.occurred_at, "completed") if done else ("", None, "open")
        what = (first.day, first.text("upload_id"), first.user_id, creator, known.output_type(assignment))
        rows.append((assignment, *what, first.occurred_at, known.due_at(assignment), completed_at, status))
    return frame(ASSIGNMENTS, 1, rows)


def uploader_activity(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date and uploader with an upload, a payment, or an assignment created or delivered."""
    rates, known = Rates(seeds.fx_rates), Assignments(events)
    arrived = grouped(of_type(events, "upload.completed"), _user_day)
    payments = grouped(of_type(events, "payment.completed"), _user_day)
    created = grouped(known.created.values(), _user_day)
    hours: dict[UserDay, list[Fraction]] = defaultdict(list)
    for assignment, done in known.completed.items():
        first = known.created.get(assignment)
        if first is not None:
            hours[done.day, first.user_id].append(24 * days_between(first.occurred_at, done.occurred_at))
    rows = [
        (
            *key,
            ids(arrived.get(key, []), "upload_id"),
            money(rates.usd(event) for event in payments.get(key, [])),
            len(hours.get(key, [])),
            mean(hours.get(key, [])),
            sum(event.text("assignment_id") not in known.completed for event in created.get(key, [])),
        )
        for key in set().union(arrived, payments, created, hours)
    ]
    return frame(UPLOADER_ACTIVITY, 2, rows)


def _earnings(events: Sequence[Event], known: Assignments) -> dict[Group, list[Event]]:
    paid = [
        event
        for event in of_type(events, "financial.recorded")
        if event.text("category") == "Earnings" and known.knows(event.text("job_id"))
    ]
    return grouped(paid, lambda event: (event.day, event.user_id, known.output_type(event.text("job_id"))))


def creator_performance(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date, creator, output type with work submitted, reviewed, completed first or paid."""
    rates, known = Rates(seeds.fx_rates), Assignments(events)

    def group(event: Event) -> Group:
        return event.day, event.user_id, known.output_type_of(event)

    completed = grouped(known.completed.values(), group)
    reviewed = grouped(of_type(events, f"{PREFIX}reviewed"), group)
    submitted = grouped(of_type(events, f"{PREFIX}submitted"), group)
    earned = _earnings(events, known)
    rows = []
    for key in set().union(completed, reviewed, submitted, earned):
        earnings = money(rates.usd(event) for event in earned.get(key, []))
        done = _deadlines(completed.get(key, []), known)
        rows.append((*key, *_work(done, reviewed.get(key, []), submitted.get(key, []), earnings)))
    return frame(CREATOR_PERFORMANCE, 3, rows)


def _deadlines(completed: Sequence[Event], known: Assignments) -> list[bool | None]:
    """For each first completion whether it met its deadline, None without a deadline."""
    met: list[bool | None] = []
    for event in completed:
        due_at = known.due_at(event.text("assignment_id"))
        met.append(None if due_at is None else event.occurred_at <= due_at)
    return met


def _work(
    done: Sequence[bool | None], reviews: Sequence[Event], submissions: Sequence[Event], earnings: Decimal
) -> tuple[object, ...]:
    scores = [score for event in reviews if (score := event.number("overall_score")) is not None]
    approved = [event for event in reviews if event.text("decision") == "approved"]
    first = sum(is_first_version(event) for event in approved)
    worked = [Fraction(hours) for event in submissions if (hours := event.number("time_to_complete")) is not None]
    hours_worked = sum(worked, Fraction(0))
    on_time, with_deadline = done.count(True), len(done) - done.count(None)
    return (
        len(done),
        earnings,
        float(sum(map(Fraction, scores))),
        len(scores),
        on_time,
        with_deadline,
        first,
        len(approved),
        float(hours_worked),
        mean(scores),
        ratio(on_time, with_deadline),
        ratio(first, len(approved)),
        float(Fraction(earnings) / hours_worked) if hours_worked else None,
    )


MARTS: dict[str, Mart] = {
    "assignments": (assignments, ASSIGNMENTS[:1]),
    "uploads": (uploads, UPLOADS[:1]),
    "uploader_activity": (uploader_activity, UPLOADER_ACTIVITY[:2]),
    "creator_performance": (creator_performance, CREATOR_PERFORMANCE[:3]),
} | creator_levels.MARTS
