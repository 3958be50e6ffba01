"""The levels of creators: now, at the end of every day, and how they change.

Readings of what the contract leaves open, beyond those of `marts` and `assignments`:

1. A creator is a user whose first signup has that role, whose level changed, or who claimed, submitted, was
   reviewed or completed first or again. He is first seen at the earliest of these.
2. A level is the last change's `to_level`; before any change it is the one of lowest rank in the seed, ''
   with an empty seed. A level the seed does not know is kept as it is.
3. `since` is the day of the last change, else of the first signup, whatever its role and though work came
   before it, else of the first work.
4. A task is a completed assignment; it is done on the day, and by the user, of its first completion. Ratings
   are the mean over reviews, not over creators.
5. What is required for the next rank is null at the top and for a level the seed does not know; the tasks
   remaining are never negative.
6. `from_level` is what the change says, be it wrong; only without does the previous change tell. The time in
   it counts from the previous change, else from the instant the creator was first seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from tests.oracle.assignments import Assignments
from tests.oracle.contract import Event
from tests.oracle.marts import calendar
from tests.oracle.money import Rates
from tests.oracle.people import Users
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import days_between, frame, grouped, mean, money, of_type

WORK = ("assignment.claimed", "assignment.submitted", "assignment.reviewed", "assignment.completed")
CHANGED = "creator.level_changed"

CREATOR_LEVELS = (
    "user_id", "level", "since", "tasks_completed", "avg_rating", "next_level", "tasks_required",
    "rating_required", "tasks_remaining", "available_balance_usd",
)  # fmt: skip
CREATOR_LEVEL_SNAPSHOTS = ("snapshot_date", "level", "creator_count", "avg_rating", "total_completed")
CREATOR_LEVEL_TRANSITIONS = ("date", "from_level", "to_level", "transitions", "avg_days_in_from_level")


class Ladder:
    """The levels of the seed from the lowest rank up."""

    def __init__(self, creator_levels: pd.DataFrame) -> None:
        columns = creator_levels[["rank", "level", "tasks_required", "rating_required"]]
        texts = (tuple(map(str, row)) for row in columns.itertuples(index=False, name=None))
        ranked = sorted((int(rank), level, int(tasks), float(rating)) for rank, level, tasks, rating in texts)
        self._rungs = [(level, tasks, rating) for _, level, tasks, rating in ranked]

    @property
    def lowest(self) -> str:
        """The level before any change."""
        return self._rungs[0][0] if self._rungs else ""

    def following(self, level: str) -> tuple[str, int, float] | None:
        """(level, tasks, rating) of the next rank, None at the top and for an unknown level."""
        levels = [rung[0] for rung in self._rungs]
        at = levels.index(level) + 1 if level in levels else len(levels)
        return self._rungs[at] if at < len(levels) else None


class Creators:
    """All creators: what made each one, his changes of level, reviews and completed tasks, each in order."""

    def __init__(self, events: Sequence[Event], ladder: Ladder) -> None:
        self.ladder = ladder
        self.signup = Users(events).signup
        self.changes = grouped(of_type(events, CHANGED), lambda event: event.user_id)
        self.reviews = grouped(of_type(events, "assignment.reviewed"), lambda event: event.user_id)
        self.done = grouped(Assignments(events).completed.values(), lambda event: event.user_id)
        self.seen: dict[str, list[Event]] = defaultdict(list)
        for event in of_type(events, CHANGED, *WORK):
            self.seen[event.user_id].append(event)
        for user, signup in self.signup.items():
            if signup.text("role", "customer") == "creator":
                self.seen[user].append(signup)

    def first_seen(self, user: str) -> Event:
        """The earliest event that makes the user a creator."""
        return min(self.seen[user], key=lambda event: event.order)

    def level(self, user: str, day: date | None = None) -> str:
        """The level at the end of the day, or now."""
        changes = [event for event in self.changes.get(user, []) if day is None or event.day <= day]
        return changes[-1].text("to_level") if changes else self.ladder.lowest

    def since(self, user: str) -> date:
        """The day the present level began, by reading 3."""
        if user in self.changes:
            return self.changes[user][-1].day
        return self.signup[user].day if user in self.signup else self.first_seen(user).day

    def tasks(self, user: str, day: date | None = None) -> int:
        """How many tasks the user completed up to the day, or ever."""
        return sum(day is None or event.day <= day for event in self.done.get(user, []))

    def scores(self, user: str, day: date | None = None) -> list[Decimal | None]:
        """The scores of the user's reviews up to the day, or of all; None for a review without one."""
        return [
            event.number("overall_score")
            for event in self.reviews.get(user, [])
            if day is None or event.day <= day
        ]  # fmt: skip


def _balances(events: Sequence[Event], rates: Rates) -> dict[str, Decimal]:
    """Earnings less fees, refunds and payouts by user; escrow is not his."""
    signs = {"Earnings": 1, "Fee": -1, "Refund": -1, "Escrow": 0}
    parts: dict[str, list[Decimal]] = defaultdict(list)
    for event in of_type(events, "financial.recorded", "payout.processed"):
        sign = -1 if event.event_type == "payout.processed" else signs[event.text("category")]
        parts[event.user_id].append(sign * (rates.usd(event) or Decimal(0)))
    return {user: money(values) for user, values in parts.items()}


def creator_levels(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per creator."""
    ladder = Ladder(seeds.creator_levels)
    creators = Creators(events, ladder)
    balances = _balances(events, Rates(seeds.fx_rates))
    rows = []
    for user in creators.seen:
        level, tasks = creators.level(user), creators.tasks(user)
        name, required, rating = ladder.following(level) or (None, None, None)
        remaining = None if required is None else max(0, required - tasks)
        rows.append((
            user, level, creators.since(user), tasks, mean(creators.scores(user)), name, required, rating,
            remaining, balances.get(user, money([])),
        ))  # fmt: skip
    return frame(CREATOR_LEVELS, 1, rows)


def creator_level_snapshots(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per calendar day and level that a creator has at the end of it."""
    creators = Creators(events, Ladder(seeds.creator_levels))
    born = {user: creators.first_seen(user).day for user in creators.seen}
    rows = []
    for day in calendar(events):
        members: dict[str, list[str]] = defaultdict(list)
        for user, since in born.items():
            if since <= day:
                members[creators.level(user, day)].append(user)
        for level, users in members.items():
            scores = [score for user in users for score in creators.scores(user, day)]
            rows.append((day, level, len(users), mean(scores), sum(creators.tasks(user, day) for user in users)))
    return frame(CREATOR_LEVEL_SNAPSHOTS, 2, rows)


def creator_level_transitions(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date and pair of levels with a change."""
    creators = Creators(events, Ladder(seeds.creator_levels))
    stays: dict[tuple[date, str, str], list[Fraction]] = defaultdict(list)
    for user, changes in creators.changes.items():
        start, level = creators.first_seen(user), creators.ladder.lowest
        for change in changes:
            key = (change.day, change.text("from_level", level), change.text("to_level"))
            stays[key].append(days_between(start.occurred_at, change.occurred_at))
            start, level = change, change.text("to_level")
    rows = [(*key, len(found), mean(found)) for key, found in stays.items()]
    return frame(CREATOR_LEVEL_TRANSITIONS, 3, rows)


MARTS: dict[str, Mart] = {
    "creator_levels": (creator_levels, CREATOR_LEVELS[:1]),
    "creator_level_snapshots": (creator_level_snapshots, CREATOR_LEVEL_SNAPSHOTS[:2]),
    "creator_level_transitions": (creator_level_transitions, CREATOR_LEVEL_TRANSITIONS[:3]),
}
