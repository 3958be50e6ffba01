"""Jobs, proposals, matches and placements.

Readings:

1. A job has the day and category of its first posting; one never posted is nowhere, filled or not. Filled
   before posted is filled after 0 days.
2. Proposals, matches and placements are counted by distinct ids within a day, so one sent on two days counts
   on both; the rates of a day compare that day's counts and may exceed 1.
3. Fees are summed over events, also over repeated ones of a placement.
4. A placement is retained on the day it was first made, if day 90 after it is within the calendar and no end
   of it, even one before it was made, lies before that day.
5. `avg_days_to_hire` (extra) starts at the candidate's first match with the placement's job; a later match
   counts as 0 days.
6. Ends of placements, and jobs filled or closed, make no rows by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from tests.oracle.contract import Event
from tests.oracle.marts import calendar
from tests.oracle.money import Rates
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import days_between, firsts, frame, grouped, ids, mean, money, of_type, ratio

ENGAGEMENT_FUNNEL = (
    "date", "profile_views", "job_views", "proposals_sent", "proposals_viewed", "proposals_accepted", "view_rate",
    "accept_rate",
)  # fmt: skip
JOB_PERFORMANCE = ("date", "category", "jobs_posted", "jobs_filled", "fill_rate", "avg_days_to_fill")
MATCHING_PERFORMANCE = (
    "date", "matches", "accepted", "success_rate", "avg_score", "placements", "placement_fee_usd",
    "placements_retained_90d", "avg_days_to_hire",
)  # fmt: skip
RETENTION = timedelta(days=90)


def _by_type(found: Iterable[Event]) -> dict[str, list[Event]]:
    return defaultdict(list, grouped(found, lambda event: event.event_type))


def engagement_funnel(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day with a view of a profile or job, or an event of a proposal."""
    steps = ("proposal.sent", "proposal.viewed", "proposal.accepted")
    days = grouped(of_type(events, "profile.viewed", "job.viewed", *steps), lambda event: event.day)
    rows = []
    for day, found in days.items():
        of = _by_type(found)
        sent, viewed, accepted = (ids(of[step], "proposal_id") for step in steps)
        views = (len(of["profile.viewed"]), len(of["job.viewed"]))
        rows.append((day, *views, sent, viewed, accepted, ratio(viewed, sent), ratio(accepted, sent)))
    return frame(ENGAGEMENT_FUNNEL, 1, rows)


def job_performance(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per posting day and category."""
    filled = firsts(of_type(events, "job.filled"), "job_id")
    posted = firsts(of_type(events, "job.posted"), "job_id")
    groups = grouped(posted.values(), lambda event: (event.day, event.text("category")))
    rows = []
    for key, jobs in groups.items():
        durations = [
            days_between(job.occurred_at, filled[job.text("job_id")].occurred_at)
            for job in jobs
            if job.text("job_id") in filled
        ]
        rows.append((*key, len(jobs), len(durations), ratio(len(durations), len(jobs)), mean(durations)))
    return frame(JOB_PERFORMANCE, 2, rows)


class _Placements:
    """What became of placements, and how long they took."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._last_day = max(calendar(events), default=None)
        self._first_end = firsts(of_type(events, "placement.ended"), "placement_id")
        self._first_match: dict[tuple[str, str], Event] = {}
        for match in of_type(events, "match.created"):
            self._first_match.setdefault((match.user_id, match.text("job_id")), match)
        made = firsts(of_type(events, "placement.made"), "placement_id")
        self.made = grouped(made.values(), lambda event: event.day)

    def retained(self, made: Event) -> bool:
        day, end = made.day + RETENTION, self._first_end.get(made.text("placement_id"))
        return self._last_day is not None and day <= self._last_day and (end is None or end.day >= day)

    def mean_days_to_hire(self, made: Iterable[Event]) -> float | None:
        pairs = ((self._first_match.get((event.user_id, event.text("job_id"))), event) for event in made)
        return mean(days_between(match.occurred_at, event.occurred_at) for match, event in pairs if match)


def matching_performance(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per day with a match, an accepted match or a placement."""
    rates, placements = Rates(seeds.fx_rates), _Placements(events)
    days = grouped(of_type(events, "match.created", "match.accepted", "placement.made"), lambda event: event.day)
    rows = []
    for day, found in days.items():
        of = _by_type(found)
        matches, accepted = ids(of["match.created"], "match_id"), ids(of["match.accepted"], "match_id")
        scores: list[Decimal | None] = [event.number("score") for event in of["match.created"]]
        first_made = placements.made.get(day, [])
        rows.append((
            day,
            matches,
            accepted,
            ratio(accepted, matches),
            mean(scores),
            ids(of["placement.made"], "placement_id"),
            money(rates.usd(event, "fee") for event in of["placement.made"]),
            sum(map(placements.retained, first_made)),
            placements.mean_days_to_hire(first_made),
        ))  # fmt: skip
    return frame(MATCHING_PERFORMANCE, 1, rows)


MARTS: dict[str, Mart] = {
    "engagement_funnel": (engagement_funnel, ENGAGEMENT_FUNNEL[:1]),
    "job_performance": (job_performance, JOB_PERFORMANCE[:2]),
    "matching_performance": (matching_performance, MATCHING_PERFORMANCE[:1]),
}
