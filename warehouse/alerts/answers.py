"""The outcome of an evaluation as plain values, for `--json` and for Dagster."""

from __future__ import annotations

import json
from typing import Any

from warehouse.alerts.evaluate import Outcome
from warehouse.alerts.rules import RuleBook
from warehouse.alerts.states import Alert


def as_json(outcome: Outcome, book: RuleBook) -> dict[str, Any]:
    """For `--json` and Dagster's metadata: instants as text, nothing but plain values."""
    answer: dict[str, Any] = json.loads(
        json.dumps(
            {
                "at": outcome.at,
                "firing": [_plain(alert, book) for alert in outcome.firing],
                "pending": [_plain(alert, book) for alert in outcome.alerts if alert.fired_at is None],
                "unknown": outcome.unknown,
                "undelivered": [
                    {
                        "channel": waiting.channel,
                        "subject": waiting.message.subject,
                        "since": waiting.created_at,
                        "attempts": waiting.attempts,
                        "error": waiting.error,
                    }
                    for waiting in outcome.undelivered
                ],
                "channels": outcome.channels,
                "rules": {
                    name: {
                        "severity": rule.severity,
                        "condition": rule.condition,
                        "runbook": book.declared.runbook(name),
                    }
                    for name, rule in outcome.rules.items()
                },
            },
            default=lambda value: value.isoformat(),
        )
    )
    return answer


def _plain(alert: Alert, book: RuleBook) -> dict[str, Any]:
    rule = book.declared.rules[alert.rule]
    return {
        "rule": alert.rule,
        "cause": alert.cause,
        "state": alert.state,
        "severity": rule.severity,
        "says": rule.said(alert.cause, alert.value, alert.detail),
        "detail": alert.detail,
        "value": alert.value,
        "since": alert.since,
        "notified_at": alert.notified_at,
        "reminders": alert.reminders,
        "runbook": book.declared.runbook(alert.rule),
    }
