"""Receiving events by the contract: spellings, validation with reasons, one event per `event_id`.

Readings of what the contract leaves open:

1. A null or an empty string is an absent value, in the envelope as in `properties`; an absent extra is not
   kept.
2. The canonical spelling wins; then the aliases in the order the contract lists them; an absent one never
   hides a present one.
3. `stripe_subscription_id` is accepted for `subscription_id` in both subscription events.
4. Lines are checked before they are recognised as duplicates: an invalid resend is quarantined, and an
   invalid first try does not take the `event_id` away from a valid second one.
5. A line of white space only is no event and is not counted as received.
6. An `event_type` that is no string, or too long, is simply unknown.
7. `user_id`, `session_id` and `source` may be numbers; then they are their decimal text. Lengths count
   characters, not bytes.
8. Free texts (`url`, `referrer`, `query`, `filters`, `reason`, `title`, `email`) have no limit and are not
   validated.
9. Defaults of the catalog are not filled in; readers apply them.
10. `email` is dropped from the properties of every type, `title` from `chat.conversation_created`.
11. Fraction digits of money are those written: `1.50000` has five.
12. `occurred_at` exactly 24 h ahead of receipt is still valid.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.oracle import catalog
from tests.oracle.catalog import BY_NAME, EPOCH, KINDS, NOT_STORED, PROPERTY_ALIASES, EventType, Invalid
from tests.oracle.jsontext import NotJson, parse_json

MAX_LINE = 1024 * 1024
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "id"),
    "event_type": ("event_type", "type"),
    "occurred_at": ("occurred_at", "timestamp", "created_at"),
    "user_id": ("user_id", "userId"),
    "session_id": ("session_id",),
    "source": ("source",),
    "context": ("context",),
    "properties": ("properties", "data", "metadata", "event_data"),
}
LIMITS = {"user_id": 255, "session_id": 100, "source": 100}
CONTEXT_KEYS = ("page_url", "referrer", "user_agent", "ip")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


class Refused(Exception):
    """A line for the quarantine; `reason` is one of the contract's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted event in canonical form.

    `event_id` in lower case, `occurred_at` in UTC at milliseconds, `user_id` and `session_id` '' when absent.
    `properties` holds snake_case keys and typed values (Decimal, int, bool, datetime, list, str); extras as
    JSON gave them, numbers as Decimal.
    """

    event_id: str
    event_type: str
    occurred_at: datetime
    user_id: str
    session_id: str
    source: str
    context: Mapping[str, str]
    properties: Mapping[str, object]

    @property
    def day(self) -> date:
        """The UTC day."""
        return self.occurred_at.date()

    @property
    def order(self) -> tuple[datetime, str]:
        """Sort key for "first" and "last": the instant, then the text of the id."""
        return (self.occurred_at, self.event_id)

    def text(self, name: str, default: str = "") -> str:
        """A textual property, or `default`."""
        value = self.properties.get(name, default)
        assert isinstance(value, str)
        return value

    def number(self, name: str) -> Decimal | None:
        """A numeric property, or None."""
        value = self.properties.get(name)
        if value is None:
            return None
        assert isinstance(value, (Decimal, int))
        return Decimal(value)


@dataclass(slots=True)
class Counts:
    """What became of the lines of one delivery: received = stored + duplicates + quarantined."""

    received: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and value == "")


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_LINE:
        raise Refused("too_large")
    try:
        parsed = parse_json(line.decode("utf-8"))
    except (UnicodeDecodeError, NotJson):
        raise Refused("invalid_json") from None
    if not isinstance(parsed, dict):
        raise Refused("not_an_object")
    return parsed


def _envelope(parsed: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, spellings in SPELLINGS.items():
        value = next((parsed[key] for key in spellings if not _absent(parsed.get(key))), None)
        if value is not None:
            found[name] = value
    return found


def _sub_object(envelope: Mapping[str, object], name: str) -> dict[str, object]:
    value = envelope.get(name, {})
    if not isinstance(value, dict):
        raise Refused(f"invalid_field:{name}")
    return value


def _limited(envelope: Mapping[str, object], name: str) -> str:
    try:
        return catalog.text(envelope.get(name, ""), LIMITS[name])
    except Invalid:
        raise Refused(f"invalid_field:{name}") from None


def _instant(envelope: Mapping[str, object], received_at: datetime) -> datetime:
    if "occurred_at" not in envelope:
        raise Refused("missing_field:occurred_at")
    try:
        milliseconds = catalog.instant_ms(envelope["occurred_at"])
    except Invalid:
        raise Refused("invalid_field:occurred_at") from None
    if milliseconds > (received_at + timedelta(hours=24) - EPOCH) // timedelta(milliseconds=1):
        raise Refused("occurred_in_future")
    return catalog.from_ms(milliseconds)


def _properties(given: Mapping[str, object], event_type: EventType) -> dict[str, object]:
    present = {key: value for key, value in given.items() if not _absent(value)}
    snake: dict[str, object] = {key: value for key, value in present.items() if not HUMP.search(key)}
    for key, value in present.items():
        snake.setdefault(HUMP.sub(r"_\1", key).lower() if HUMP.search(key) else key, value)
    for alias, name in PROPERTY_ALIASES.get(event_type.name, {}).items():
        if alias in snake:
            value = snake.pop(alias)
            snake.setdefault(name, value)
    for name in event_type.required:
        if name not in snake:
            raise Refused(f"missing_field:{name}")
    for name, kind in event_type.properties.items():
        if name in snake:
            try:
                snake[name] = KINDS[kind](snake[name])
            except Invalid:
                raise Refused(f"invalid_field:{name}") from None
    for name in {"email"} | NOT_STORED.get(event_type.name, frozenset()):
        snake.pop(name, None)
    return snake


def truncated_ip(value: str) -> str:
    """The network address of an IPv4 /24 or IPv6 /48; '' for a text that is no address."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return ""
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, prefix), strict=False).network_address)


def _context(given: Mapping[str, object]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key in CONTEXT_KEYS:
        value = given.get(key)
        if isinstance(value, str) and value:
            kept[key] = truncated_ip(value) if key == "ip" else value
    return {key: value for key, value in kept.items() if value}


def normalise(line: bytes, source: str, received_at: datetime) -> Event:
    """The event of one line; raises `Refused` with the contract's reason, the first in the project's order of
    checks."""
    envelope = _envelope(_object(line))
    if "event_id" not in envelope:
        raise Refused("missing_field:event_id")
    event_id = envelope["event_id"]
    if not isinstance(event_id, str) or not UUID.fullmatch(event_id):
        raise Refused("invalid_field:event_id")
    if "event_type" not in envelope:
        raise Refused("missing_field:event_type")
    name = envelope["event_type"]
    if not isinstance(name, str) or name not in BY_NAME:
        raise Refused("unknown_event_type")
    event_type = BY_NAME[name]
    occurred_at = _instant(envelope, received_at)
    if event_type.user_required and "user_id" not in envelope:
        raise Refused("missing_field:user_id")
    user_id, session_id, given_source = (_limited(envelope, key) for key in LIMITS)
    given = _sub_object(envelope, "properties")
    context = _sub_object(envelope, "context")
    return Event(
        event_id.lower(),
        event_type.name,
        occurred_at,
        user_id,
        session_id,
        given_source or source,
        _context(context),
        _properties(given, event_type),
    )


class Deliveries:
    """Everything received so far; feed it one delivery after another.

    `events` maps `event_id` to the first accepted event, in order of receipt; `quarantine` keeps (line,
    reason) pairs.
    """

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.quarantine: list[tuple[bytes, str]] = []

    def deliver(self, lines: Iterable[bytes], source: str = "files", received_at: datetime | None = None) -> Counts:
        """Receive NDJSON lines (without or with their line feed) in order.

        `received_at` (aware; now by default) decides what is in the future. `source` fills absent ones.
        """
        at = received_at or datetime.now(UTC)
        counts = Counts()
        for raw in lines:
            line = raw.removesuffix(b"\n")
            if not line.strip():
                continue
            counts.received += 1
            try:
                event = normalise(line, source, at)
            except Refused as refusal:
                counts.quarantined += 1
                counts.reasons[refusal.reason] += 1
                self.quarantine.append((line, refusal.reason))
                continue
            if event.event_id in self.events:
                counts.duplicates += 1
            else:
                counts.stored += 1
                self.events[event.event_id] = event
        return counts

    def accepted(self) -> list[Event]:
        """The accepted events in order of receipt."""
        return list(self.events.values())
