"""`warehouse alerts`: look at all rules now, tell whoever is to be told, and say what fires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from warehouse.cli.output import JsonOption, Output

if TYPE_CHECKING:
    from warehouse.alerts.evaluate import Outcome
    from warehouse.alerts.rules import RuleBook


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(alerts)


def alerts(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look: nobody is told, and nothing is written down.")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="Only send a test message through every channel.")] = False,
    json: JsonOption = False,
) -> None:
    """Look at all rules now and tell people what has changed; ends 1 when an alert fires. Starts nothing."""
    from dagster_project.probes import Doors, defined_checks, kept_instance, measure_vitals, probes
    from warehouse.alerts.answers import as_json
    from warehouse.alerts.evaluate import evaluate
    from warehouse.alerts.rules import RuleBook
    from warehouse.settings import get_settings

    settings = get_settings()
    if test:
        _test(json)
        return
    book, instance, doors = RuleBook(settings), kept_instance(settings), Doors()
    try:
        outcome = evaluate(settings, probes(instance, defined_checks, doors), book=book, record=not dry_run)
    finally:
        if instance is not None:
            instance.dispose()
    if not dry_run:
        measure_vitals(settings, doors)
    Output(json).result(as_json(outcome, book), text=_text(outcome, book))
    if outcome.firing:
        raise typer.Exit(1)


def _test(json: bool) -> None:
    from warehouse.alerts.channels import channels
    from warehouse.alerts.messages import Message
    from warehouse.alerts.rules import Severity
    from warehouse.errors import SettingsError
    from warehouse.settings import get_settings

    ways = channels(get_settings())
    if not ways:
        raise SettingsError("there is no channel to test", "set ALERT_WEBHOOK_URL, or ALERT_EMAIL_TO and SMTP_URL")
    message = Message("test", Severity.INFO, "[test] This is what an alert looks like", "Nothing has to be done.")
    said = {way.name: way.deliver(message, 0) or "delivered" for way in ways}
    Output(json).result(said)


def _text(outcome: Outcome, book: RuleBook) -> str:
    lines = []
    for alert in sorted(outcome.alerts, key=lambda alert: (alert.fired_at is None, alert.rule, alert.cause)):
        rule = book.declared.rules[alert.rule]
        lines.append(
            f"{alert.state:<8} {rule.severity:<8} {rule.said(alert.cause, alert.value, alert.detail)}"
            f"  (since {alert.since:%F %T}; {book.declared.runbook(alert.rule)})"
        )
    lines += [f"unknown  {name}: {reason}" for name, reason in outcome.unknown.items()]
    for waiting in outcome.undelivered:
        tried = f"not delivered by {waiting.channel}, tried {waiting.attempts} times"
        lines.append(f"{tried}: {waiting.message.subject}: {waiting.error}")
    if not outcome.channels:
        lines.append("nobody is told: set ALERT_WEBHOOK_URL, or ALERT_EMAIL_TO and SMTP_URL")
    if not outcome.firing:
        lines.insert(0, f"nothing fires; {len(outcome.rules)} rules were looked at")
    return "\n".join(lines)
