"""From what is seen to who must be told: the states of alerts, and their steps from one evaluation to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from warehouse.alerts.looking import Finding, Seen
from warehouse.alerts.rules import Rule, Rules

Key = tuple[str, str]


class Kind(StrEnum):
    """What a notice says."""

    FIRING = "firing"
    REMINDER = "reminder"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Alert:
    """A cause that a rule has found.

    Attributes:
        rule: its name.
        cause: tells alerts of a rule apart.
        value: as last seen.
        detail: as last seen.
        since: from when on it has been so without a break, and without another alert that explains it.
        is_held: another alert explains it.
        fired_at: when people were first told; None until it has lasted.
        notified_at: when they were last told.
        reminders: how often they were told again.
        clear_since: from when on nothing has been found any more, None while it is.
    """

    rule: str
    cause: str
    value: float
    detail: str
    since: datetime
    is_held: bool = False
    fired_at: datetime | None = None
    notified_at: datetime | None = None
    reminders: int = 0
    clear_since: datetime | None = None

    @property
    def state(self) -> str:
        """pending, held or firing; an alert fires until it has been clear for a while."""
        if self.fired_at is not None:
            return "firing"
        return "held" if self.is_held else "pending"


@dataclass(frozen=True, slots=True)
class Notice:
    """What people must be told of one rule: all its causes that have changed alike, in one."""

    kind: Kind
    rule: str
    alerts: tuple[Alert, ...]


def step(rules: Rules, alerts: dict[Key, Alert], seen: Seen, now: datetime) -> tuple[dict[Key, Alert], list[Notice]]:
    """The states after an evaluation, and the notices that follow from it.

    A rule that could not be evaluated stays as it is: what is not seen is neither there nor gone. An alert behind
    another that is found, fires, or has only just gone is held, and its time begins anew afterwards.
    """
    enabled = {name: rule for name, rule in rules.rules.items() if rule.enabled}
    explaining = set(seen.found) | {rule for (rule, _), alert in alerts.items() if alert.fired_at is not None}
    after: dict[Key, Alert] = {}
    notices: list[Notice] = []
    for name, rule in enabled.items():
        before = {key: alert for key, alert in alerts.items() if key[0] == name}
        if name in seen.unknown:
            after |= before
            continue
        is_held = not explaining.isdisjoint(rule.behind)
        told: dict[Kind, list[Alert]] = {kind: [] for kind in Kind}
        for finding in seen.found.get(name, []):
            key = (name, finding.cause)
            alert, kind = _found(rules, rule, name, before.pop(key, None), finding, is_held, now)
            after[key] = alert
            if kind is not None:
                told[kind].append(alert)
        for key, alert in before.items():
            if alert.fired_at is None:
                continue
            clear_since = alert.clear_since or now
            if now - clear_since >= rules.recovers_after:
                told[Kind.RESOLVED].append(alert)
            else:
                after[key] = replace(alert, clear_since=clear_since)
        notices += [Notice(kind, name, tuple(changed)) for kind, changed in told.items() if changed]
    return after, notices


def _found(
    rules: Rules, rule: Rule, name: str, before: Alert | None, finding: Finding, is_held: bool, now: datetime
) -> tuple[Alert, Kind | None]:
    alert = before or Alert(name, finding.cause, finding.value, finding.detail, since=now)
    alert = replace(alert, value=finding.value, detail=finding.detail, is_held=is_held, clear_since=None)
    if alert.fired_at is None:
        if is_held:
            return replace(alert, since=now), None
        if now - alert.since < rule.lasting:
            return alert, None
        return replace(alert, fired_at=now, notified_at=now), Kind.FIRING
    due = alert.notified_at is None or now - alert.notified_at >= rules.reminders.every
    if is_held or not due or alert.reminders >= rules.reminders.at_most:
        return alert, None
    return replace(alert, notified_at=now, reminders=alert.reminders + 1), Kind.REMINDER
