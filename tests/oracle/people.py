"""Who a user is on a day: role, plan, and whether active."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tests.oracle.contract import Event

UNKNOWN = "unknown"
OTHERS_CAUSE = frozenset({
    "creator.level_changed", "payout.processed", "financial.recorded", "assignment.reviewed",
    "api.request", "queue.sampled", "storage.sampled", "external.checked", "audit.recorded",
})  # fmt: skip
PLAN_CHANGES = ("user.plan_upgrade", "user.plan_downgrade")


def is_active(event: Event) -> bool:
    """Whether the event makes its user active."""
    return bool(event.user_id and not event.event_type.startswith("account.") and event.event_type not in OTHERS_CAUSE)


class Users:
    """Roles, plans and active days of all users."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.signup: dict[str, Event] = {}
        self.active_days: dict[str, set[date]] = defaultdict(set)
        changes: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            user = event.user_id
            if event.event_type == "user.signup":
                known = self.signup.get(user)
                if known is None or event.order < known.order:
                    self.signup[user] = event
            elif event.event_type in PLAN_CHANGES:
                changes[user].append(event)
            if is_active(event):
                self.active_days[user].add(event.day)
        self.changes = {user: sorted(found, key=lambda event: event.order) for user, found in changes.items()}
        self._change_days = {user: [event.day for event in found] for user, found in self.changes.items()}

    def role(self, user: str) -> str:
        """The role of the first signup, or `unknown`."""
        signup = self.signup.get(user)
        return signup.text("role", "customer") if signup else UNKNOWN

    def plan(self, user: str, day: date) -> str:
        """The plan at the end of the day, or `unknown` for a user without a signup."""
        signup = self.signup.get(user)
        if signup is None:
            return UNKNOWN
        at = bisect_right(self._change_days.get(user, []), day)
        if at:
            return self.changes[user][at - 1].text("to_plan")
        return signup.text("plan_tier", "free")

    def group(self, user: str, day: date) -> tuple[str, str]:
        """(role, plan_tier) of the user on the day."""
        return self.role(user), self.plan(user, day)

    def first_days(self) -> dict[tuple[str, str], date]:
        """For every (role, plan_tier) the first day somebody had it."""
        first: dict[tuple[str, str], date] = {}
        for user, active in self.active_days.items():
            born = min(active)
            for day in {born} | {day for day in self._change_days.get(user, []) if day > born}:
                group = self.group(user, day)
                first[group] = min(first.get(group, day), day)
        return first
