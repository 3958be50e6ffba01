"""Freelancers, and the clients who pay them.

Readings:

1. Freelancers are the users with that role by their first signup, those who earned, those named by any
   completed contract, and those who sent a proposal.
2. A project is a `job_id` among a user's earnings. Earnings without a rate add nothing to the average, but
   their project is one.
3. `jobs_completed` looks at the last completion of a contract, on whatever day, by (instant, id text); the
   freelancer is that completion's.
4. A proposal belongs to whoever sent it first, to the job of that first sending; it stops being active by any
   acceptance, or by any filling or closing of the job, before or after.
5. `jss_exact` comes along for the comparison, as in `job_success_score`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import job_success_score
from tests.oracle.money import Rates
from tests.oracle.people import Users
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import divided, firsts, frame, grouped, ids, money, of_type

FREELANCER_EARNINGS = ("date", "user_id", "earnings_usd", "refunds_usd", "fees_usd", "escrow_usd", "transactions")
CLIENT_SPEND = ("date", "user_id", "job_type", "spend_usd", "transactions")
CLIENT_BOOKINGS = ("date", "user_id", "category", "job_type", "amount_usd", "transactions")
FREELANCER_OVERVIEW = (
    "user_id", "total_earnings_usd", "average_project_usd", "jobs_completed", "jss", "active_proposals",
    "profile_views", "jss_exact",
)  # fmt: skip


def freelancer_earnings(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day and user with a financial record of any category."""
    rates = Rates(seeds.fx_rates)
    groups = grouped(of_type(events, "financial.recorded"), lambda event: (event.day, event.user_id))
    rows = []
    for key, found in groups.items():
        sums = (
            money(rates.usd(event) for event in found if event.text("category") == category)
            for category in ("Earnings", "Refund", "Fee", "Escrow")
        )
        rows.append((*key, *sums, len(found)))
    return frame(FREELANCER_EARNINGS, 2, rows)


def _earnings(events: Iterable[Event]) -> list[Event]:
    return [event for event in of_type(events, "financial.recorded") if event.text("category") == "Earnings"]


def client_spend(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day, paying user and job type."""
    rates = Rates(seeds.fx_rates)
    groups = grouped(
        (event for event in _earnings(events) if event.text("counterparty_id")),
        lambda event: (event.day, event.text("counterparty_id"), event.text("job_type")),
    )
    rows = [(*key, money(map(rates.usd, found)), len(found)) for key, found in groups.items()]
    return frame(CLIENT_SPEND, 3, rows)


def client_bookings(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day, counterparty, category and job type."""
    rates = Rates(seeds.fx_rates)
    groups = grouped(
        (event for event in of_type(events, "financial.recorded") if event.text("counterparty_id")),
        lambda event: (event.day, event.text("counterparty_id"), event.text("category"), event.text("job_type")),
    )
    rows = [(*key, money(map(rates.usd, found)), len(found)) for key, found in groups.items()]
    return frame(CLIENT_BOOKINGS, 4, rows)


def _jobs_completed(events: Sequence[Event]) -> Counter[str]:
    last = {event.text("contract_id"): event for event in of_type(events, "contract.completed")}
    return Counter(event.text("freelancer_id") for event in last.values() if event.text("outcome") == "success")


def _active_proposals(events: Sequence[Event]) -> Counter[str]:
    accepted = firsts(of_type(events, "proposal.accepted"), "proposal_id")
    over = firsts(of_type(events, "job.filled", "job.closed"), "job_id")
    return Counter(
        sent.user_id
        for proposal, sent in firsts(of_type(events, "proposal.sent"), "proposal_id").items()
        if proposal not in accepted and sent.text("job_id") not in over
    )


def _freelancers(events: Sequence[Event], earnings: Sequence[Event]) -> set[str]:
    users = Users(events)
    return (
        {user for user in users.signup if users.role(user) == "freelancer"}
        | {event.user_id for event in earnings}
        | {event.text("freelancer_id") for event in of_type(events, "contract.completed")}
        | {event.user_id for event in of_type(events, "proposal.sent")}
    )


def _average_project(projects: Sequence[Event], rates: Rates) -> Decimal | None:
    return divided(money(map(rates.usd, projects)), ids(projects, "job_id")) if projects else None


def freelancer_overview(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per freelancer."""
    rates, earnings = Rates(seeds.fx_rates), _earnings(events)
    earned: dict[str, list[Event]] = defaultdict(list, grouped(earnings, lambda event: event.user_id))
    completed, proposals = _jobs_completed(events), _active_proposals(events)
    views = Counter(event.text("profile_user_id") for event in of_type(events, "profile.viewed"))
    scores = job_success_score(events, seeds.fx_rates).set_index("freelancer_id")[["jss", "jss_exact"]]
    score = {str(user): tuple(found) for user, found in zip(scores.index, scores.to_numpy(), strict=True)}
    rows = []
    for user in _freelancers(events, earnings):
        jss, exact = score.get(user, (None, None))
        projects = [event for event in earned[user] if event.text("job_id")]
        total = money(map(rates.usd, earned[user]))
        average = _average_project(projects, rates)
        rows.append((user, total, average, completed[user], jss, proposals[user], views[user], exact))
    return frame(FREELANCER_OVERVIEW, 1, rows)


MARTS: dict[str, Mart] = {
    "freelancer_earnings": (freelancer_earnings, FREELANCER_EARNINGS[:2]),
    "client_spend": (client_spend, CLIENT_SPEND[:3]),
    "client_bookings": (client_bookings, CLIENT_BOOKINGS[:4]),
    "freelancer_overview": (freelancer_overview, FREELANCER_OVERVIEW[:1]),
}
