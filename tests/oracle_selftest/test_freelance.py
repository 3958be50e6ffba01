"""Freelancers and their clients against examples computed by hand. EUR is 1.20005 from 4 January, ISK has no rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.contract import Event
from tests.oracle_selftest.hand import event, found, on, usd


def recorded(at: str, user: str, category: str, amount: str, **more: Any) -> Event:
    more = {"transaction_id": "t", **more}
    return event("financial.recorded", at, user, category=category, amount=Decimal(amount), **more)


def completed(contract: str, at: str, freelancer: str, outcome: str, client: str = "cli") -> Event:
    return event("contract.completed", at, client, contract_id=contract, freelancer_id=freelancer, outcome=outcome)


def test_freelancer_earnings_by_hand() -> None:
    events = [
        # 1 EUR → 1.2001 per event, twice; the same transaction again is another event.
        recorded("01-04", "fay", "Earnings", "1", currency="EUR"),
        recorded("01-04T23:59:59.999", "fay", "Earnings", "1", currency="EUR"),
        recorded("01-04", "fay", "Earnings", "7", currency="ISK"),
        recorded("01-04", "fay", "Refund", "2"),
        recorded("01-04", "fay", "Fee", "3"),
        recorded("01-04", "fay", "Escrow", "4"),
        recorded("01-05", "fay", "Escrow", "5", currency="ISK"),
        recorded("01-04", "abe", "Fee", "0.5"),
        event("payout.processed", "01-06", "fay", payout_id="p", amount=Decimal(1)),
    ]
    zero = usd("0")
    assert found("freelancer_earnings", events) == [
        (on("01-04"), "abe", zero, zero, usd("0.5"), zero, 1),
        (on("01-04"), "fay", usd("2.4002"), usd("2"), usd("3"), usd("4"), 6),
        (on("01-05"), "fay", zero, zero, zero, zero, 1),
    ]


def test_client_spend_by_hand() -> None:
    events = [
        recorded("01-04", "fay", "Earnings", "10", counterparty_id="cli", job_type="hourly"),
        recorded("01-04", "abe", "Earnings", "1", counterparty_id="cli", job_type="hourly", currency="EUR"),
        recorded("01-04", "abe", "Earnings", "2", counterparty_id="cli"),
        recorded("01-05", "abe", "Earnings", "3", counterparty_id="cli", currency="ISK"),
        # Nobody pays here, and only earnings are spending.
        recorded("01-04", "abe", "Earnings", "4", job_type="hourly"),
        recorded("01-04", "abe", "Refund", "5", counterparty_id="cli"),
        recorded("01-04", "abe", "Fee", "6", counterparty_id="cli"),
        recorded("01-04", "abe", "Escrow", "7", counterparty_id="cli"),
    ]
    assert found("client_spend", events) == [
        (on("01-04"), "cli", "", usd("2"), 1),
        (on("01-04"), "cli", "hourly", usd("11.2001"), 2),
        (on("01-05"), "cli", "", usd("0"), 1),
    ]


def test_who_is_a_freelancer() -> None:
    events = [
        event("user.signup", "01-01", "by role", role="freelancer"),
        event("user.signup", "01-02", "by role", role="client"),
        event("user.signup", "01-01", "too late", role="client"),
        event("user.signup", "01-02", "too late", role="freelancer"),
        recorded("01-01", "by earnings", "Earnings", "0"),
        recorded("01-01", "by fee", "Fee", "1"),
        completed("k", "01-01", "by contract", "cancelled"),
        completed("k", "01-02", "by last contract", "success"),
        event("proposal.sent", "01-01", "by proposal", proposal_id="p", job_id="j"),
        event("proposal.accepted", "01-01", "client", proposal_id="p", freelancer_id="by acceptance"),
        event("profile.viewed", "01-01", "client", profile_user_id="by profile"),
    ]
    assert found("freelancer_overview", events, "user_id", "jobs_completed", "active_proposals") == [
        ("by contract", 0, 0),
        ("by earnings", 0, 0),
        ("by last contract", 1, 0),
        ("by proposal", 0, 0),
        ("by role", 0, 0),
    ]


def test_money_of_a_freelancer_by_hand() -> None:
    events = [
        # fay: 10 + 10 + 0.0005 + 5 and 7 without a rate; projects x, y, z bring 20.0005, a third 6.66683….
        recorded("01-01", "fay", "Earnings", "10", job_id="x"),
        recorded("01-02", "fay", "Earnings", "10", job_id="x"),
        recorded("01-02", "fay", "Earnings", "0.0005", job_id="y"),
        recorded("01-02", "fay", "Earnings", "7", job_id="z", currency="ISK"),
        recorded("01-02", "fay", "Earnings", "5"),
        recorded("01-02", "fay", "Fee", "100", job_id="w"),
        recorded("01-02", "abe", "Earnings", "5"),
        # 0.0001 / 2 = 0.00005 → 0.0001.
        recorded("01-02", "tie", "Earnings", "0.0001", job_id="x"),
        recorded("01-02", "tie", "Earnings", "0", job_id="y"),
    ]
    assert found("freelancer_overview", events, "user_id", "total_earnings_usd", "average_project_usd") == [
        ("abe", usd("5"), None),
        ("fay", usd("25.0005"), usd("6.6668")),
        ("tie", usd("0.0001"), usd("0.0001")),
    ]


def test_work_of_a_freelancer_by_hand() -> None:
    def sent(proposal: str, at: str, job: str, user: str = "fay") -> Event:
        return event("proposal.sent", at, user, proposal_id=proposal, job_id=job)

    events = [
        # Contracts: A succeeded in the end, B did not, C went over to abe; D succeeded outside the window of the score.
        completed("A", "01-01", "fay", "disputed"),
        completed("A", "01-02", "fay", "success"),
        completed("B", "01-01", "fay", "success"),
        completed("B", "01-02", "fay", "cancelled"),
        completed("C", "01-01", "fay", "success"),
        completed("C", "01-02", "abe", "success"),
        completed("D", "2021-01-01", "fay", "success"),
        completed("E", "2021-01-01", "old", "success"),
        # Proposals: 1 is active (sent again by abe, to a filled job); 2 was accepted, before it was sent; the jobs of 3
        # and 4 are filled and closed, the former before the proposal; 5 was abe's first; 6 is active, job unknown.
        sent("1", "01-01", "open"),
        sent("1", "01-02", "filled", "abe"),
        sent("2", "01-02", "open"),
        event("proposal.accepted", "01-01", "cli", proposal_id="2"),
        event("job.filled", "01-01", "cli", job_id="filled"),
        event("job.closed", "01-03", "cli", job_id="closed"),
        sent("3", "01-02", "filled"),
        sent("4", "01-02", "closed"),
        sent("5", "01-02", "open"),
        sent("5", "01-01", "open", "abe"),
        sent("6", "01-02", "nowhere"),
        event("profile.viewed", "01-01", "", profile_user_id="fay"),
        event("profile.viewed", "01-01", "fay", profile_user_id="fay"),
    ]
    # fay's score: A success and B cancelled, no feedback, weights 1, one client with one success:
    # 100 · (0.75 + 0.375) / 2 = 56.25, 0.9 of it 50.625 (a tie of rounding, hence compared loosely).
    # abe: 0.9 · 75 = 67.5. old has no contract in the window.
    near = pytest.approx(50.625, abs=0.0051)
    columns = ("user_id", "jobs_completed", "jss", "active_proposals", "profile_views", "jss_exact")
    assert found("freelancer_overview", events, *columns) == [
        ("abe", 1, 67.5, 1, 0, pytest.approx(67.5)),
        ("fay", 2, near, 2, 2, pytest.approx(50.625)),
        ("old", 1, None, 0, 0, None),
    ]


def test_without_events_there_are_no_freelancers() -> None:
    for mart in ("freelancer_earnings", "client_spend", "freelancer_overview"):
        assert found(mart, []) == []


def test_client_bookings_by_hand() -> None:
    def booked(at: str, category: str, amount: str, **more: Any) -> Event:
        given = {"transaction_id": "t", "category": category, "amount": Decimal(amount)} | more
        return event("financial.recorded", at, "fay", **given)

    events = [
        booked("01-01", "Earnings", "10", counterparty_id="cat"),
        booked("01-01", "Earnings", "5", counterparty_id="cat", currency="XXX"),
        booked("01-01", "Escrow", "4", counterparty_id="cat", job_type="fixed"),
        booked("01-01", "Fee", "3"),
    ]
    assert found("client_bookings", events) == [
        (on("01-01"), "cat", "Earnings", "", usd("10"), 2),
        (on("01-01"), "cat", "Escrow", "fixed", usd("4"), 1),
    ]
