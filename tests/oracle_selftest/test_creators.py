"""The oracle's marts about uploaders and creators against examples computed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.oracle import creator_levels, creators
from tests.oracle.contract import Event
from tests.oracle.seeds import Seeds
from tests.oracle_selftest.hand import FX_RATES, PLAN_PRICES, SEEDS, event, found, on, usd

NONE = (0, usd("0"), 0.0, 0, 0, 0, 0, 0, 0.0)


def created(assignment: str, at: str, user: str, **more: Any) -> Event:
    return event("assignment.created", at, user, assignment_id=assignment, upload_id="up", **more)


def completed(assignment: str, at: str, user: str, **more: Any) -> Event:
    return event("assignment.completed", at, user, assignment_id=assignment, **more)


def reviewed(assignment: str, at: str, user: str, decision: str = "approved", **more: Any) -> Event:
    return event("assignment.reviewed", at, user, assignment_id=assignment, decision=decision, **more)


def submitted(assignment: str, at: str, user: str, **more: Any) -> Event:
    return event("assignment.submitted", at, user, assignment_id=assignment, **more)


def changed(at: str, user: str, to_level: str, **more: Any) -> Event:
    return event("creator.level_changed", at, user, to_level=to_level, **more)


def recorded(at: str, user: str, category: str, amount: str, **more: Any) -> Event:
    money = Decimal(amount)
    return event("financial.recorded", at, user, transaction_id="t", category=category, amount=money, **more)


def test_uploader_activity_by_hand() -> None:
    events = [
        # Two distinct uploads, one completed twice.
        event("upload.completed", "01-01", "ann", upload_id="1"),
        event("upload.completed", "01-01", "ann", upload_id="1"),
        event("upload.completed", "01-01", "ann", upload_id="2"),
        # On day 3 the EUR rate is that of day 2: 10 · 1.10; ISK has none. bob's day is made of it alone.
        event("payment.completed", "01-03", "ann", payment_id="1", amount=Decimal("10"), currency="EUR"),
        event("payment.completed", "01-03", "ann", payment_id="2", amount=Decimal("0.5")),
        event("payment.completed", "01-03", "bob", payment_id="3", amount=Decimal("9"), currency="ISK"),
        # A: created by ann on day 1 at 06:00, again by bob; first completed on day 3 at 09:00: 51 hours.
        created("A", "01-01T06:00", "ann"),
        created("A", "01-02T06:00", "bob"),
        completed("A", "01-03T09:00", "eve"),
        completed("A", "01-04T09:00", "eve"),
        # B: completed before it was created: 0 hours, on the day of the completion.
        created("B", "01-04T12:00", "ann"),
        completed("B", "01-03T12:00", "eve"),
        # C: never completed. D: never created. E: another one's, an hour and a half.
        created("C", "01-01T07:00", "ann"),
        completed("D", "01-05T07:00", "eve"),
        created("E", "01-01T22:30:00.000", "bob"),
        completed("E", "01-02T00:00:00.360", "eve"),
    ]
    rows = found("uploader_activity", events)
    assert rows == [
        (on("01-01"), "ann", 2, usd("0"), 0, None, 1),
        (on("01-01"), "bob", 0, usd("0"), 0, None, 0),
        # 1.5 hours and 360 ms, which are 0.0001 hours.
        (on("01-02"), "bob", 0, usd("0"), 1, pytest.approx(1.5001, rel=1e-12), 0),
        (on("01-03"), "ann", 0, usd("11.5"), 2, 25.5, 0),
        (on("01-03"), "bob", 0, usd("0"), 0, None, 0),
        (on("01-04"), "ann", 0, usd("0"), 0, None, 0),
    ]


def test_first_creation_in_one_instant_is_the_lower_id() -> None:
    events = [
        event("assignment.created", "01-01", "bob", serial=2, assignment_id="A", upload_id="u"),
        event("assignment.created", "01-01", "ann", serial=1, assignment_id="A", upload_id="u"),
    ]
    assert found("uploader_activity", events, "user_id", "pending") == [("ann", 1)]


def performance(events: list[Event]) -> list[tuple[object, ...]]:
    return found("creator_performance", events, *creators.CREATOR_PERFORMANCE[:12])


def test_creator_performance_completions_and_deadlines() -> None:
    due = datetime(2024, 1, 2, 12, tzinfo=UTC)
    events = [
        # A is due and completed at the same instant: on time. Its second completion, by bob, is nothing.
        created("A", "01-01", "up", due_at=due, output_type="image"),
        completed("A", "01-02T12:00", "eve"),
        completed("A", "01-02T13:00", "bob"),
        # B is a millisecond late; its own output type is image too.
        created("B", "01-01", "up", due_at=due, output_type="video"),
        completed("B", "01-02T12:00:00.001", "eve", output_type="image"),
        # C has no deadline at first, a later creation cannot add one. D was never created.
        created("C", "01-01", "up", output_type="image"),
        created("C", "01-01T01:00", "up", due_at=due),
        completed("C", "01-02T11:00", "eve"),
        completed("D", "01-02T11:00", "eve", output_type="image"),
    ]
    assert performance(events) == [(on("01-02"), "eve", "image", 4, usd("0"), 0.0, 0, 1, 2, 0, 0, 0.0)]
    rates = found("creator_performance", events, *creators.CREATOR_PERFORMANCE[12:])
    assert rates == [(None, 0.5, None, None)]


def test_creator_performance_reviews_hours_and_earnings() -> None:
    events = [
        # The claim is the first to tell the type of A, though a later creation says otherwise.
        event("assignment.claimed", "01-01", "eve", assignment_id="A", output_type="image", level="junior"),
        created("A", "01-05", "up", output_type="text"),
        reviewed("A", "01-02", "eve", overall_score=Decimal("4.5")),
        reviewed("A", "01-02", "eve", version=1),
        reviewed("A", "01-02", "eve", version=2, overall_score=Decimal(3)),
        reviewed("A", "01-02", "eve", "revision", version=1, overall_score=Decimal(2)),
        reviewed("A", "01-02", "eve", "rejected", output_type="video"),
        submitted("A", "01-02", "eve", time_to_complete=Decimal("0.25")),
        submitted("A", "01-02T01:00", "eve", version=2, time_to_complete=Decimal("1")),
        # No hours told and no type known: still a row.
        submitted("B", "01-02", "eve"),
        # Money for A counts for its receiver on its day: 2 · 1.10 and 0.8; refunds, other jobs and a missing
        # rate do not. bob never touched A.
        recorded("01-02", "eve", "Earnings", "2", currency="EUR", job_id="A"),
        recorded("01-02", "eve", "Earnings", "0.8", job_id="A"),
        recorded("01-02", "eve", "Earnings", "5", job_id="A", currency="ISK"),
        recorded("01-02", "eve", "Refund", "7", job_id="A"),
        recorded("01-02", "eve", "Earnings", "9", job_id="Z"),
        recorded("01-02", "eve", "Earnings", "9"),
        recorded("01-01", "bob", "Earnings", "4", job_id="A"),
        recorded("01-01", "bob", "Earnings", "4", job_id="B", currency="ISK"),
    ]
    assert performance(events) == [
        (on("01-01"), "bob", "", *NONE),
        (on("01-01"), "bob", "image", 0, usd("4"), 0.0, 0, 0, 0, 0, 0, 0.0),
        (on("01-02"), "eve", "", *NONE),
        # Scores 4.5 + 3 + 2; approved three times, twice at version 1; 1.25 hours.
        (on("01-02"), "eve", "image", 0, usd("3"), 9.5, 3, 0, 0, 2, 3, 1.25),
        (on("01-02"), "eve", "video", *NONE),
    ]
    rates = found("creator_performance", events, *creators.CREATOR_PERFORMANCE[12:])
    # 9.5 / 3; no deadlines; 2 / 3; 3.0 USD in 1.25 hours.
    assert rates[3] == (pytest.approx(9.5 / 3), None, pytest.approx(2 / 3), 2.4)
    assert rates[1] == (None, None, None, None)


def test_creator_levels_by_hand() -> None:
    events = [
        # ann signs up as a creator and rises twice in one instant: the higher id counts.
        event("user.signup", "01-01", "ann", role="creator"),
        changed("01-05", "ann", "junior", serial=2),
        changed("01-05", "ann", "legend", serial=1),
        # bob, a client, claims before he signs up: since his signup; dan without a signup: since his claim.
        event("assignment.claimed", "01-02", "bob", assignment_id="A"),
        event("user.signup", "01-03", "bob", role="client"),
        event("assignment.claimed", "01-04", "dan", assignment_id="A"),
        # cid only became a creator at a second signup, so he is none; creating does not make one either.
        event("user.signup", "01-01", "cid", role="customer"),
        event("user.signup", "01-02", "cid", role="creator"),
        created("A", "01-01", "cid"),
        # eve has a level that the seed does not know.
        changed("01-06", "eve", "guru"),
        # A and B are bob's, A not also dan's. Scores 4 and 3.5; one review without.
        completed("A", "01-05", "bob"),
        completed("A", "01-06", "dan"),
        completed("B", "01-05", "bob"),
        completed("B", "01-05T01:00", "bob"),
        reviewed("A", "01-05", "bob", overall_score=Decimal(4)),
        reviewed("A", "01-05", "bob", "rejected", overall_score=Decimal("3.5")),
        reviewed("A", "01-05", "bob", "revision"),
        # dan: 100 - 10 - 20 - 30 in dollars, and 10 EUR · 1.10 paid out on day 3; escrow and ISK do not count.
        recorded("01-02", "dan", "Earnings", "100"),
        recorded("01-02", "dan", "Fee", "10"),
        recorded("01-02", "dan", "Refund", "20"),
        recorded("01-02", "dan", "Escrow", "500"),
        recorded("01-02", "dan", "Earnings", "500", currency="ISK"),
        event("payout.processed", "01-02", "dan", payout_id="1", amount=Decimal("30")),
        event("payout.processed", "01-03", "dan", payout_id="2", amount=Decimal("10"), currency="EUR"),
    ]
    required = ("junior", 10, 3.5)
    assert found("creator_levels", events) == [
        ("ann", "junior", on("01-05"), 0, None, None, None, None, None, usd("0")),
        ("bob", "probation", on("01-03"), 2, 3.75, *required, 8, usd("0")),
        ("dan", "probation", on("01-04"), 0, None, *required, 10, usd("29")),
        ("eve", "guru", on("01-06"), 0, None, None, None, None, None, usd("0")),
    ]


def test_remaining_tasks_are_never_negative() -> None:
    events = [completed(str(number), "01-01", "ann") for number in range(12)]
    assert found("creator_levels", events, "tasks_completed", "tasks_remaining") == [(12, 0)]


def test_ranks_are_numbers_and_a_seed_may_be_empty() -> None:
    def lowest(*levels: tuple[str, str]) -> object:
        rows = [(*level, "0", "0") for level in levels]
        frame = pd.DataFrame(rows, columns=["level", "rank", "tasks_required", "rating_required"])
        seeds = Seeds(FX_RATES, PLAN_PRICES, frame)
        return creator_levels.creator_levels([completed("A", "01-01", "ann")], seeds)["level"][0]

    assert lowest(("a", "10"), ("b", "9")) == "b"
    assert lowest() == ""


def test_creator_level_snapshots_by_hand() -> None:
    events = [
        event("page.view", "01-01"),
        # ann exists from her claim on day 2; bob, a creator by his signup, from day 3; his change is on day 4.
        event("assignment.claimed", "01-02", "ann", assignment_id="A"),
        event("user.signup", "01-03T23:59", "bob", role="creator"),
        changed("01-04T10:00", "bob", "senior"),
        changed("01-04T20:00", "bob", "junior", from_level="senior"),
        # ann: one task on day 3, completed again by bob; reviews of 5 (day 2) and 2 (day 4). bob: 4 on day 3.
        completed("A", "01-03", "ann"),
        completed("A", "01-04", "bob"),
        completed("B", "01-04", "bob"),
        reviewed("A", "01-02", "ann", overall_score=Decimal(5)),
        reviewed("A", "01-04", "ann", overall_score=Decimal(2)),
        reviewed("A", "01-04", "ann"),
        reviewed("B", "01-03", "bob", overall_score=Decimal(4)),
        event("audit.recorded", "01-05", action="a", resource="r"),
    ]
    assert found("creator_level_snapshots", events) == [
        (on("01-02"), "probation", 1, 5.0, 0),
        (on("01-03"), "probation", 2, 4.5, 1),
        (on("01-04"), "junior", 1, 4.0, 1),
        (on("01-04"), "probation", 1, 3.5, 1),
        (on("01-05"), "junior", 1, 4.0, 1),
        (on("01-05"), "probation", 1, 3.5, 1),
    ]


def test_snapshot_ratings_are_means_over_reviews() -> None:
    events = [reviewed("A", "01-01", "ann", overall_score=Decimal(score)) for score in (1, 1, 1)]
    events.append(reviewed("B", "01-01", "bob", overall_score=Decimal(5)))
    assert found("creator_level_snapshots", events) == [(on("01-01"), "probation", 2, 2.0, 0)]


def test_creator_level_transitions_by_hand() -> None:
    events = [
        # ann is first seen at noon of day 1 and changes a day and a half later, then after six hours.
        event("user.signup", "01-01T12:00", "ann", role="creator"),
        changed("01-03T00:00", "ann", "junior"),
        changed("01-03T06:00", "ann", "senior"),
        # bob's change says where from, against the facts; he was first seen by it: 0 days.
        changed("01-03T10:00", "bob", "junior", from_level="elite"),
        # cid, a client, is seen when he claims, not when he signs up; from probation like ann, after half a day.
        event("user.signup", "01-01", "cid", role="client"),
        event("assignment.claimed", "01-02T12:00", "cid", assignment_id="A"),
        changed("01-03T00:00", "cid", "junior"),
        # Two changes in one instant follow each other by id: senior to junior after 5 days, and back at once.
        changed("01-08T06:00", "ann", "senior", serial=2),
        changed("01-08T06:00", "ann", "junior", serial=1),
    ]
    assert found("creator_level_transitions", events) == [
        (on("01-03"), "elite", "junior", 1, 0.0),
        (on("01-03"), "junior", "senior", 1, 0.25),
        (on("01-03"), "probation", "junior", 2, 1.0),
        (on("01-08"), "junior", "senior", 1, 0.0),
        (on("01-08"), "senior", "junior", 1, 5.0),
    ]


def test_without_events_every_mart_is_empty() -> None:
    for compute, keys in creators.MARTS.values():
        frame = compute([], SEEDS)
        assert len(frame) == 0
        assert tuple(frame.columns[: len(keys)]) == keys


def test_uploads_by_hand() -> None:
    events = [
        event("upload.initiated", "01-02", "ann", upload_id="a"),
        event("upload.initiated", "01-03", "bob", upload_id="a"),
        event("upload.completed", "01-01", "ann", upload_id="b"),
        event("upload.initiated", "01-02", "ann", upload_id="b"),
        event("upload.completed", "01-05T06:00", "bob", upload_id="c"),
    ]

    def at(day: int, hour: int = 0) -> datetime:
        return datetime(2024, 1, day, hour, tzinfo=UTC)

    assert found("uploads", events) == [
        ("a", on("01-02"), "ann", at(2), None, "pending"),
        ("b", on("01-02"), "ann", at(2), at(1), "completed"),
        ("c", on("01-05"), "bob", at(5, 6), at(5, 6), "completed"),
    ]


def test_assignments_by_hand() -> None:
    due = datetime(2024, 1, 9, tzinfo=UTC)
    events = [
        event("assignment.created", "01-02", "ann", assignment_id="a", upload_id="u", due_at=due),
        event("assignment.created", "01-03", "bob", assignment_id="a", upload_id="v"),
        event("assignment.completed", "01-05", "kim", assignment_id="a", output_type="blog"),
        event("assignment.completed", "01-06", "kim", assignment_id="b"),
        event("assignment.created", "01-04", "ann", assignment_id="c", upload_id="u"),
    ]

    def at(day: int) -> datetime:
        return datetime(2024, 1, day, tzinfo=UTC)

    assert found("assignments", events) == [
        ("a", on("01-02"), "u", "ann", "kim", "blog", at(2), due, at(5), "completed"),
        ("c", on("01-04"), "u", "ann", "", "", at(4), None, None, "open"),
    ]
