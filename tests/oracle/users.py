"""Who has signed up, retention of their cohorts, and users active in the periods that a day is in, up to it.

A user belongs to the week of his first signup; a cohort has a row for every week from its own through that of
the last event day, also for weeks in which nobody came back. What a user did before his cohort's week is in
no row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import calendar
from tests.oracle.people import Users
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import frame, monday_of, ratio

USER_RETENTION = ("cohort_week", "week_number", "cohort_size", "retained_users", "retention_rate")
ACTIVE_TO_DATE = (
    "date", "role", "active_this_week", "active_this_month", "active_this_quarter", "active_this_year",
)  # fmt: skip
USERS = ("user_id", "role", "plan_tier", "country", "date", "signed_up_at")
WEEK = timedelta(days=7)


def user_retention(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per cohort week and week number from 0."""
    users = Users(events)
    cohorts: dict[date, list[str]] = defaultdict(list)
    for user, signup in users.signup.items():
        cohorts[monday_of(signup.day)].append(user)
    weeks = {user: {monday_of(day) for day in days} for user, days in users.active_days.items()}
    rows = []
    for cohort, members in cohorts.items():
        for number in range((monday_of(calendar(events)[-1]) - cohort).days // 7 + 1):
            retained = sum(cohort + number * WEEK in weeks[user] for user in members)
            rows.append((cohort, number, len(members), retained, ratio(retained, len(members))))
    return frame(USER_RETENTION, 2, rows)


def active_to_date(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date and role that has been active in the week or the year so far."""
    users = Users(events)
    active: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for user, days in users.active_days.items():
        active[users.role(user)] += [(day, user) for day in days]
    rows = []
    for day in calendar(events):
        quarter = day.replace(month=day.month - (day.month - 1) % 3, day=1)
        starts = (monday_of(day), day.replace(day=1), quarter, day.replace(month=1, day=1))
        for role, days_of_users in active.items():
            counts = [len({user for at, user in days_of_users if start <= at <= day}) for start in starts]
            if any(counts):
                rows.append((day, role, *counts))
    return frame(ACTIVE_TO_DATE, 2, rows)


def signed_up(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per user with a signup, on the plan that is in force at the end of all days."""
    users = Users(events)
    rows = [
        (user, users.role(user), users.plan(user, date.max), first.text("country"), first.day, first.occurred_at)
        for user, first in users.signup.items()
    ]
    return frame(USERS, 1, rows)


MARTS: dict[str, Mart] = {
    "user_retention": (user_retention, USER_RETENTION[:2]),
    "users": (signed_up, USERS[:1]),
    "active_to_date": (active_to_date, ACTIVE_TO_DATE[:2]),
}
