"""One evaluation: look, step, keep, deliver, and show the outcome to readers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from warehouse.alerts import probes as own_probes
from warehouse.alerts.channels import Channel, channels
from warehouse.alerts.looking import Probe, Seen, look, reach
from warehouse.alerts.memory import Memory, Waiting
from warehouse.alerts.messages import Message, compose
from warehouse.alerts.rules import Rule, RuleBook
from warehouse.alerts.states import Alert, Notice, step
from warehouse.errors import WarehouseError
from warehouse.locks import exclusive
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Another evaluation takes seconds.
_LOCK_SECONDS = 60
_FIRST_RETRY, _LONGEST_RETRY = timedelta(minutes=1), timedelta(minutes=30)
#: After so long nobody is helped by an old message.
GIVEN_UP_AFTER = timedelta(days=1)
_COLUMNS = (
    *("evaluated_at", "rule", "cause", "state", "severity", "condition", "runbook"),
    *("since", "notified_at", "value", "detail"),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation came to.

    Attributes:
        at: the instant it was done for.
        rules: those that are looked at, by name.
        alerts: pending, held and firing ones.
        unknown: rules that could not be evaluated, and why.
        notices: what people are told because of it.
        undelivered: messages that wait for a channel, with the reason.
        channels: names of those that are configured.
    """

    at: datetime
    rules: dict[str, Rule]
    alerts: tuple[Alert, ...]
    unknown: dict[str, str]
    notices: tuple[Notice, ...]
    undelivered: tuple[Waiting, ...]
    channels: tuple[str, ...]

    @property
    def firing(self) -> list[Alert]:
        """Alerts that people have been told of, or would have been, had there been a channel."""
        return [alert for alert in self.alerts if alert.fired_at is not None]


def evaluate(
    settings: Settings,
    probes: Mapping[str, Probe],
    *,
    now: datetime | None = None,
    book: RuleBook | None = None,
    record: bool = True,
) -> Outcome:
    """Evaluate all rules once; one evaluation of a home at a time.

    Args:
        settings: which warehouse, and its channels.
        probes: besides those of this package, by name.
        now: the instant it is done for; by default the present.
        book: the rules; by default those of the settings.
        record: keep the outcome and tell people; else only look.

    Raises:
        WarehouseError: rules or channels are not sound, or the home cannot be written.
    """
    now, book = now or datetime.now(UTC), book or RuleBook(settings)
    ways = channels(settings)
    client, said = reach(settings)
    with exclusive("alerts", settings, wait=_LOCK_SECONDS), Memory(settings) as memory:
        known = {**own_probes.of(memory), **probes}
        seen = look(book, known, settings, now, client, said)
        alerts, notices = step(book.declared, memory.alerts(), seen, now)
        if record:
            memory.keep(alerts, _messages(book, notices, ways, now), now)
            deliver(memory, ways, now)
            if client is not None:
                _show(client, book, alerts.values(), seen, now)
        return Outcome(
            at=now,
            rules=book.rules,
            alerts=tuple(alerts.values()),
            unknown=seen.unknown,
            notices=tuple(notices),
            undelivered=tuple(memory.waiting()),
            channels=tuple(way.name for way in ways),
        )


def deliver(memory: Memory, ways: Sequence[Channel], now: datetime) -> None:
    """Hand over what is due, each channel's in order; what it does not take waits, longer each time."""
    known = {way.name: way for way in ways}
    stuck: set[str] = set()
    for waiting in memory.waiting():
        way = known.get(waiting.channel)
        if way is None:
            memory.ended(waiting, now, "the channel is no longer configured")
            continue
        if waiting.channel in stuck:
            continue
        if waiting.next_at > now:
            stuck.add(waiting.channel)
            continue
        try:
            remark = way.deliver(waiting.message, waiting.id)
        except WarehouseError as error:
            log.warning("alert not delivered by %s: %s", way.name, error)
            if now - waiting.created_at >= GIVEN_UP_AFTER:
                memory.ended(waiting, now, f"given up: {error}")
                continue
            stuck.add(waiting.channel)
            wait = min(_FIRST_RETRY * 2 ** min(waiting.attempts, 10), _LONGEST_RETRY)
            memory.postponed(waiting, now + wait, str(error))
        else:
            memory.ended(waiting, now, remark)


def _messages(
    book: RuleBook, notices: Sequence[Notice], ways: Sequence[Channel], now: datetime
) -> list[tuple[str, Message]]:
    messages = []
    for notice in notices:
        composed = compose(book.declared, notice, now)
        log.warning("%s", composed.subject)
        for way in ways:
            # A channel that is stuck need not be told so.
            others = tuple(alert for alert in notice.alerts if not _is_about(book, alert, way))
            if others:
                message = composed if len(others) == len(notice.alerts) else compose(
                    book.declared, replace(notice, alerts=others), now
                )  # fmt: skip
                messages.append((way.name, message))
    return messages


def _is_about(book: RuleBook, alert: Alert, way: Channel) -> bool:
    return book.declared.rules[alert.rule].probe == own_probes.DELIVERIES and alert.cause == way.name


def _show(client: Client, book: RuleBook, alerts: Any, seen: Seen, now: datetime) -> None:
    """Write the outcome where readers can see it; that they cannot must keep nobody from being told."""
    rows: list[tuple[Any, ...]] = []
    by_rule: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_rule.setdefault(alert.rule, []).append(alert)
    for name, rule in book.rules.items():
        fixed = (rule.severity.value, rule.condition, book.declared.runbook(name))
        if name in seen.unknown and name not in by_rule:
            rows.append((now, name, "", "unknown", *fixed, None, None, None, seen.unknown[name]))
        elif name not in by_rule:
            rows.append((now, name, "", "ok", *fixed, None, None, None, ""))
        rows += [
            (now, name, a.cause, a.state, *fixed, a.since, a.notified_at, a.value, a.detail)
            for a in by_rule.get(name, [])
        ]
    try:
        client.insert("marts.alerts", rows, column_names=_COLUMNS)
    except ClickHouseError as error:
        log.warning("the outcome could not be written to marts.alerts: %s", type(error).__name__)
