"""Reviews of work by output type, and flags on accounts by kind of flag.

Readings of what the contract leaves open, beyond those of `marts` and `assignments`:

1. Reviews are events; a rate's denominator is the reviews, except that first approvals are compared with
   approvals.
2. A flag is its `flag_id`. Its kind, and whether it was automatic, come from its first flagging, wherever the
   other flaggings fall; a resolution of a flag never seen has the kind '' and counts as automatic.
3. Flags are counted once a day and column: resolved twice on a day with both outcomes, a flag is once
   resolved, once confirmed and once false; resolved on two days it counts on both.
4. A flag is pending on the day of its first flagging as long as it has no resolution at all, be that before.
5. A blocked duplicate is an event, in the row of the kind ''.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from tests.oracle.assignments import Assignments, is_first_version
from tests.oracle.contract import Event
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import firsts, frame, grouped, ids, mean, of_type, ratio

QUALITY_METRICS = (
    "date", "output_type", "reviews", "avg_rating", "approved", "first_approved", "revisions", "rejections",
    "approval_rate", "first_approval_rate", "revision_rate", "rejection_rate",
)  # fmt: skip
FRAUD_METRICS = (
    "date", "flag_type", "flags_created", "flags_resolved", "confirmed", "false_positives", "pending",
    "duplicates_blocked", "false_positive_rate", "automatic_resolved", "automatic_confirmed", "flag_accuracy",
)  # fmt: skip

Group = tuple[date, str]


def _having(events: Iterable[Event], name: str, value: str) -> list[Event]:
    return [event for event in events if event.text(name) == value]


def quality_metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date and output type with a review. The seeds are not needed."""
    known = Assignments(events)

    def group(event: Event) -> Group:
        return event.day, known.output_type_of(event)

    reviews = grouped(of_type(events, "assignment.reviewed"), group)
    return frame(QUALITY_METRICS, 2, [(*key, *_quality(found)) for key, found in reviews.items()])


def _quality(reviews: Sequence[Event]) -> tuple[object, ...]:
    approved = _having(reviews, "decision", "approved")
    first = sum(is_first_version(event) for event in approved)
    revisions = len(_having(reviews, "decision", "revision"))
    rejections = len(_having(reviews, "decision", "rejected"))
    return (
        len(reviews),
        mean(event.number("overall_score") for event in reviews),
        len(approved),
        first,
        revisions,
        rejections,
        ratio(len(approved), len(reviews)),
        ratio(first, len(approved)),
        ratio(revisions, len(reviews)),
        ratio(rejections, len(reviews)),
    )


class Flags:
    """The first flagging of every flag and all resolutions."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.first = firsts(of_type(events, "account.flagged"), "flag_id")
        self.resolutions = of_type(events, "account.flag_resolved")
        self._resolved = {event.text("flag_id") for event in self.resolutions}

    def kind(self, flag: str) -> str:
        """The flag's kind, '' if it was never seen."""
        return self.first[flag].text("flag_type") if flag in self.first else ""

    def group(self, event: Event) -> Group:
        """The row of a flagging or a resolution."""
        return event.day, self.kind(event.text("flag_id"))

    def is_automatic(self, flag: str) -> bool:
        """Whether no human raised the flag, as is the default."""
        return flag not in self.first or self.first[flag].properties.get("automatic", True) is True

    def is_pending(self, flag: str) -> bool:
        """Whether nothing ever resolved the flag."""
        return flag not in self._resolved


def fraud_metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date and kind of flag with a new flag, a resolution, or a blocked duplicate. The seeds are
    not needed."""
    flags = Flags(events)
    created = grouped(flags.first.values(), flags.group)
    resolved = grouped(flags.resolutions, flags.group)
    blocked = grouped(of_type(events, "account.duplicate_blocked"), lambda event: (event.day, ""))
    rows = []
    for key in set().union(created, resolved, blocked):
        numbers = _flags(flags, created.get(key, []), resolved.get(key, []), len(blocked.get(key, [])))
        rows.append((*key, *numbers))
    return frame(FRAUD_METRICS, 2, rows)


def _flags(flags: Flags, created: Sequence[Event], resolved: Sequence[Event], blocked: int) -> tuple[object, ...]:
    automatic = [event for event in resolved if flags.is_automatic(event.text("flag_id"))]
    confirmed = ids(_having(resolved, "outcome", "confirmed"), "flag_id")
    false = ids(_having(resolved, "outcome", "false_positive"), "flag_id")
    automatic_resolved = ids(automatic, "flag_id")
    automatic_confirmed = ids(_having(automatic, "outcome", "confirmed"), "flag_id")
    return (
        len(created),
        ids(resolved, "flag_id"),
        confirmed,
        false,
        sum(flags.is_pending(event.text("flag_id")) for event in created),
        blocked,
        ratio(false, confirmed + false),
        automatic_resolved,
        automatic_confirmed,
        ratio(automatic_confirmed, automatic_resolved),
    )


MARTS: dict[str, Mart] = {
    "quality_metrics": (quality_metrics, QUALITY_METRICS[:2]),
    "fraud_metrics": (fraud_metrics, FRAUD_METRICS[:2]),
}
