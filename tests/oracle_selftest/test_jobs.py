"""Jobs, proposals, matches and placements against examples computed by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.contract import Event
from tests.oracle_selftest.hand import event, found, on, usd


def test_engagement_funnel_by_hand() -> None:
    def proposal(step: str, at: str, identity: str) -> Event:
        return event(f"proposal.{step}", at, "u", proposal_id=identity, job_id="j")

    events = [
        event("profile.viewed", "01-01", "", profile_user_id="fay"),
        event("profile.viewed", "01-01", "u", profile_user_id="fay"),
        event("job.viewed", "01-01", "", job_id="never posted"),
        # Day 2: two sent (one of them twice), three viewed, one accepted. Day 3: one of them is sent again.
        proposal("sent", "01-02", "a"),
        proposal("sent", "01-02T23:59:59.999", "a"),
        proposal("sent", "01-02", "b"),
        *[proposal("viewed", "01-02", identity) for identity in "abcc"],
        proposal("accepted", "01-02", "z"),
        proposal("accepted", "01-02", "z"),
        proposal("sent", "01-03", "a"),
        # No row on the 4th, nor on the 5th, where nothing of the funnel happens; on the 6th nothing was sent.
        event("job.posted", "01-05", "u", job_id="j"),
        proposal("accepted", "01-06", "a"),
    ]
    assert found("engagement_funnel", events) == [
        (on("01-01"), 2, 1, 0, 0, 0, None, None),
        (on("01-02"), 0, 0, 2, 3, 1, 1.5, 0.5),
        (on("01-03"), 0, 0, 1, 0, 0, 0.0, 0.0),
        (on("01-06"), 0, 0, 0, 0, 1, None, None),
    ]


def test_job_performance_by_hand() -> None:
    def job(step: str, at: str, identity: str, **more: Any) -> Event:
        return event(f"job.{step}", at, "cli", job_id=identity, **more)

    events = [
        # A: its first posting says day and category; filled first after 1.5 days.
        job("posted", "01-01T12:00", "A", category="web"),
        job("posted", "01-02", "A", category="art"),
        job("filled", "01-05", "A"),
        job("filled", "01-03", "A"),
        # B: filled before it was posted: 0 days. C: closed is not filled.
        job("filled", "2023-12-25", "B"),
        job("posted", "01-01", "B", category="web"),
        job("posted", "01-01", "C", category="web"),
        job("closed", "01-02", "C"),
        # D: no category in the first posting. E: filled a millisecond later. F: never posted.
        job("posted", "01-01T08:00", "D"),
        job("posted", "01-01T09:00", "D", category="web"),
        job("posted", "01-02", "E", category="web"),
        job("filled", "01-02T00:00:00.001", "E"),
        job("filled", "01-02", "F"),
        job("closed", "01-03", "F"),
    ]
    assert found("job_performance", events) == [
        (on("01-01"), "", 1, 0, 0.0, None),
        (on("01-01"), "web", 3, 2, pytest.approx(2 / 3), 0.75),
        (on("01-02"), "web", 1, 1, 1.0, pytest.approx(1 / 86_400_000)),
    ]


def test_matches_by_hand() -> None:
    def match(step: str, at: str, identity: str, **more: Any) -> Event:
        return event(f"match.{step}", at, "can", match_id=identity, job_id="j", **more)

    events = [
        # Two matches in three events, two of them scored: 0.5; three accepted of whatever day.
        match("created", "01-01", "m", score=Decimal("0.25")),
        match("created", "01-01", "m", score=Decimal("0.75")),
        match("created", "01-01", "n"),
        *[match("accepted", "01-01", identity) for identity in "mxyy"],
        match("created", "01-02", "o", score=Decimal(0)),
        match("accepted", "01-03", "n"),
        event("placement.ended", "01-04", "can", placement_id="p"),
    ]
    columns = ("date", "matches", "accepted", "success_rate", "avg_score", "placements", "avg_days_to_hire")
    assert found("matching_performance", events, *columns) == [
        (on("01-01"), 2, 3, 1.5, 0.5, 0, None),
        (on("01-02"), 1, 0, 0.0, 0.0, 0, None),
        (on("01-03"), 0, 1, None, None, 0, None),
    ]


def made(identity: str, at: str, user: str = "can", **more: Any) -> Event:
    return event("placement.made", at, user, placement_id=identity, **{"job_id": "j", **more})


def ended(identity: str, at: str) -> Event:
    return event("placement.ended", at, "can", placement_id=identity)


def test_placements_are_retained_for_90_days() -> None:
    events = [
        # 1 January + 90 days = 31 March (2024 has a 29 February), + 89 = 30 March, + 91 = 1 April.
        made("89", "01-01"),
        ended("89", "03-30T23:59:59.999"),
        made("90", "01-01T23:59:59.999"),
        ended("90", "03-31T00:00"),
        made("91", "01-01"),
        ended("91", "04-01"),
        made("never", "01-01"),
        # Ended early and again late; ended before it was made.
        made("twice", "01-01"),
        ended("twice", "04-01"),
        ended("twice", "02-01"),
        made("before", "01-01"),
        ended("before", "2023-12-01"),
        # Made again on the 3rd: placed on both days, retained on the first only.
        made("again", "01-02"),
        made("again", "01-03"),
        # The calendar ends 90 days after 3 January; a placement of the 4th cannot be known to last.
        made("last", "01-03T12:00"),
        made("too late", "01-04"),
        event("audit.recorded", "04-02", action="a", resource="r"),
    ]
    columns = ("date", "placements", "placements_retained_90d")
    assert found("matching_performance", events, *columns) == [
        (on("01-01"), 6, 3),
        (on("01-02"), 1, 1),
        (on("01-03"), 2, 1),
        (on("01-04"), 1, 0),
    ]


def test_fees_and_days_to_hire_by_hand() -> None:
    events = [
        # Fees of a day's events, EUR 1.20005; the repeated one counts again, none and ISK do not.
        made("a", "01-04T12:00", fee=Decimal(100)),
        made("a", "01-04T13:00", fee=Decimal(100)),
        made("b", "01-04", "bea", fee=Decimal(1), currency="EUR", job_id="k"),
        made("c", "01-04", "cat", fee=Decimal(5), currency="ISK"),
        made("d", "01-04", "dee"),
        # can was matched with j first 2.5 days before; bea with k only later: 0; cat with another job; dee never.
        event("match.created", "01-03", "can", match_id="2", job_id="j"),
        event("match.created", "01-02T00:00", "can", match_id="1", job_id="j"),
        event("match.created", "01-05", "bea", match_id="3", job_id="k"),
        event("match.created", "01-03", "cat", match_id="4", job_id="other"),
    ]
    columns = ("date", "placements", "placement_fee_usd", "avg_days_to_hire")
    assert found("matching_performance", events, *columns)[2] == (on("01-04"), 4, usd("201.2001"), 1.25)


def test_without_events_there_are_no_rows() -> None:
    for mart in ("engagement_funnel", "job_performance", "matching_performance"):
        assert found(mart, []) == []
