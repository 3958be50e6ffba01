"""What people read: one message for each notice, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.alerts.rules import Rules, Severity, shown
from warehouse.alerts.states import Alert, Kind, Notice

#: Causes that a message names; of more it says how many.
NAMED = 10
_DETAIL = 600
_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message: one line, and the text below it."""

    rule: str
    severity: Severity
    subject: str
    text: str


def compose(rules: Rules, notice: Notice, now: datetime) -> Message:
    """The message of a notice."""
    rule = rules.rules[notice.rule]
    first, *more = notice.alerts
    line = " ".join(rule.said(first.cause, first.value, first.detail).split())
    subject = f"{_mark(notice, rule.severity)} {line}"[:_SUBJECT] + (f" (and {len(more)} more)" if more else "")
    lines = [_line(alert, notice.kind, now, rule.said(alert.cause, alert.value, "")) for alert in notice.alerts[:NAMED]]
    if len(notice.alerts) > NAMED:
        lines.append(f"… and {len(notice.alerts) - NAMED} more")
    lines += ["", f"Rule: {notice.rule}, {rule.condition}", f"What to do: {rules.runbook(notice.rule)}"]
    return Message(notice.rule, rule.severity, subject, "\n".join(lines))


def _mark(notice: Notice, severity: Severity) -> str:
    if notice.kind is Kind.RESOLVED:
        return "[resolved]"
    return f"[{severity.value}]" if notice.kind is Kind.FIRING else f"[{severity.value}, still]"


def _line(alert: Alert, kind: Kind, now: datetime, said: str) -> str:
    begun = f"since {alert.since:%Y-%m-%d %H:%M:%S} UTC"
    if kind is Kind.RESOLVED:
        return f"{alert.cause}: over; it had been so {begun}, for {shown((alert.clear_since or now) - alert.since)}"
    detail = alert.detail if len(alert.detail) <= _DETAIL else alert.detail[:_DETAIL] + "…"
    return f"{alert.cause}, {begun}: {detail or said}"
