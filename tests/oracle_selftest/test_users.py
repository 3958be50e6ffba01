"""Retention against an example counted by hand. 1 January 2024 is a Monday."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.oracle_selftest.hand import event, found, on


def test_user_retention_by_hand() -> None:
    events = [
        # Cohort of 25 December: eve signs up on its last day and comes back the day after.
        event("user.signup", "2023-12-31T23:59:59.999", "eve"),
        event("user.signin", "01-01T00:00", "eve"),
        # Cohort of 1 January: ann, whose second signup is only activity in the week after, and bob on Sunday.
        event("user.signup", "01-03", "ann"),
        event("user.signup", "01-10", "ann"),
        event("user.signup", "01-07T23:59:59.999", "bob"),
        # What others do to bob in week 1 does not bring him back; he comes on the last moment of week 2, twice.
        event("assignment.reviewed", "01-09", "bob", assignment_id="a", decision="approved"),
        event("account.suspended", "01-09", "bob"),
        event("payout.processed", "01-09", "bob", payout_id="p", amount=Decimal(1)),
        event("page.view", "01-21T23:59:59.999", "bob"),
        event("page.view", "01-20", "bob"),
        # Cohort of 8 January: cid, active the week before, which is in no row.
        event("user.signin", "01-02", "cid"),
        event("user.signup", "01-08T00:00", "cid"),
        # dan never signs up. The audit makes the week of the 22nd the last one.
        event("user.signin", "01-09", "dan"),
        event("audit.recorded", "01-22", action="a", resource="r"),
    ]
    december = on("01-01").replace(year=2023, month=12, day=25)
    assert found("user_retention", events) == [
        (december, 0, 1, 1, 1.0),
        (december, 1, 1, 1, 1.0),
        (december, 2, 1, 0, 0.0),
        (december, 3, 1, 0, 0.0),
        (december, 4, 1, 0, 0.0),
        (on("01-01"), 0, 2, 2, 1.0),
        (on("01-01"), 1, 2, 1, 0.5),
        (on("01-01"), 2, 2, 1, 0.5),
        (on("01-01"), 3, 2, 0, 0.0),
        (on("01-08"), 0, 1, 1, 1.0),
        (on("01-08"), 1, 1, 0, 0.0),
        (on("01-08"), 2, 1, 0, 0.0),
    ]


def test_weeks_are_sorted_by_number() -> None:
    events = [event("user.signup", "01-01", "ann"), event("user.signin", "03-11", "ann")]
    assert found("user_retention", events, "week_number", "retained_users") == [
        (0, 1), *[(number, 0) for number in range(1, 10)], (10, 1),
    ]  # fmt: skip


def test_without_signups_there_is_no_cohort() -> None:
    assert found("user_retention", []) == []
    assert found("user_retention", [event("user.signin", "01-01", "ann")]) == []


def test_active_to_date_by_hand() -> None:
    events = [
        event("user.signup", "2024-12-30", "ann", role="creator"),
        event("user.signin", "2024-12-31", "bob"),
        event("user.signin", "2025-01-02", "ann"),
        event("page.view", "2025-01-07"),
    ]
    first = date(2024, 12, 30)
    rows = {(row[0] - first).days: row[2:] for row in found("active_to_date", events) if row[1] == "creator"}  # type: ignore[operator]
    # The week goes on into the new year, the others begin again.
    assert [rows[day] for day in (0, 2, 3, 6, 7)] == [
        (1, 1, 1, 1), (1, 0, 0, 0), (1, 1, 1, 1), (1, 1, 1, 1), (0, 1, 1, 1),
    ]  # fmt: skip
    assert found("active_to_date", events[1:2]) == [(date(2024, 12, 31), "unknown", 1, 1, 1, 1)]
