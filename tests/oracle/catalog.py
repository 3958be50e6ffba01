"""The event catalog of the contract as plain data: types, aliases, properties, and what a property value may
be.

One line per type: ``type [aliases] | user | properties``. A property is ``name``, ``name:kind``, and ``!``
marks a required one. Order is the order of the contract page, which is also the order in which problems are
reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.oracle.jsontext import NotJson, parse_json

ROLES = ("uploader", "creator", "freelancer", "client", "customer", "vendor", "candidate", "employer")

_TABLE = """
user.signup user.registered signup_completed | user | role:role plan_tier method country email:free
user.signin | user |
user.signout | user |
user.plan_upgrade | user | from_plan! to_plan!
user.plan_downgrade | user | from_plan! to_plan!
signup.started signup_started | - | role:role
page.view page_view | - | url:free referrer:free
search.performed search_performed | - | query:free filters:free
conversion | - | type! value:number
feature.used | user | feature!
profile.viewed profile_viewed | - | profile_user_id!
job.viewed job_viewed | - | job_id!
product.viewed | - | product_id! vendor_id
job.posted | user | job_id! category budget:money currency:currency
job.filled | user | job_id!
job.closed | user | job_id! reason:free
proposal.sent proposal_sent | user | proposal_id! job_id! client_id
proposal.viewed proposal_viewed | user | proposal_id! freelancer_id
proposal.accepted proposal_accepted | user | proposal_id! freelancer_id
contract.started | user | contract_id! freelancer_id! job_id job_type value:money currency:currency
contract.completed | user | contract_id! freelancer_id! outcome:contract_outcome!
  value:money currency:currency
feedback.submitted review.submitted | user | contract_id! freelancer_id! score:1-5!
match.created | user | match_id! job_id! score:0-1
match.accepted | user | match_id!
placement.made | user | placement_id! job_id! client_id fee:money currency:currency
placement.ended | user | placement_id! reason:free
chat.conversation_created | user | conversation_id! title:free
chat.conversation_deleted | user | conversation_id!
chat.message_sent | user | conversation_id! provider! model! tokens:int>=0
  cost:money currency:currency latency_ms:>=0
billing.subscription_created | user | subscription_id! plan_id! amount:money
  currency:currency interval:interval
billing.subscription_cancelled | user | subscription_id! plan_id
billing.payment_success | user | amount:money! currency:currency plan_id payment_id
billing.payment_failed | user | amount:money! currency:currency reason:free
financial.recorded financial | user | transaction_id! category:category! amount:money!
  currency:currency counterparty_id job_id job_type
payment.completed payment_completed | user | payment_id! amount:money! currency:currency method upload_id
payment.refunded | user | payment_id! amount:money! currency:currency reason:free
payout.processed payout_processed | user | payout_id! amount:money! currency:currency method
order.created | user | order_id! vendor_id! amount:money! currency:currency product_id quantity:int>=1
rating.updated | user | vendor_id! product_id rating:1-5!
upload.initiated upload_initiated | user | upload_id! output_types:list
upload.completed upload_completed | user | upload_id! file_size:>=0 duration:>=0
assignment.created | user | assignment_id! upload_id! output_type due_at:instant
assignment.claimed assignment_claimed | user | assignment_id! output_type level
assignment.submitted assignment_submitted | user | assignment_id! version:int>=1 time_to_complete:>=0
assignment.reviewed | user | assignment_id! decision:decision! version:int>=1 overall_score:1-5 output_type
assignment.completed | user | assignment_id! output_type
creator.level_changed | user | from_level to_level!
account.flagged | user | flag_id! flag_type! automatic:bool
account.flag_resolved | user | flag_id! outcome:flag_outcome!
account.suspended | user | reason:free
account.duplicate_blocked | - |
api.request | - | service! endpoint! status:int! duration_ms:>=0!
queue.sampled | - | queue! depth:>=0! processed:>=0
storage.sampled | - | service! bytes_used:>=0!
external.checked | - | service! up:bool!
audit.recorded | - | action! resource! complete:bool
"""

INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
DECIMAL = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
LATEST_MS = (date.max.toordinal() - EPOCH_ORDINAL) * 86_400_000


class Invalid(Exception):
    """A value that its kind does not allow."""


def instant_ms(value: object) -> int:
    """Milliseconds since 1970 of an RFC 3339 text with an offset, the fraction cut at the millisecond.

    Raises `Invalid` for anything else: naive, impossible (30 February, 24:00, second 60), or before 1970.
    """
    match = INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Invalid
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        days = date(year, month, day).toordinal() - EPOCH_ORDINAL
    except ValueError:
        raise Invalid from None
    offset_hours, offset_minutes = int(match[9] or 0), int(match[10] or 0)
    if max(hour, offset_hours) > 23 or max(minute, second, offset_minutes) > 59:
        raise Invalid
    offset = (offset_hours * 60 + offset_minutes) * (-60 if match[8] == "-" else 60)
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    if seconds < 0:
        raise Invalid
    return seconds * 1000 + int(((match[7] or "") + "000")[:3])


def from_ms(milliseconds: int) -> datetime:
    """The UTC instant of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=min(milliseconds, LATEST_MS))


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    raise Invalid


def _bounded(low: int | None, high: int | None = None, *, integral: bool = False) -> Callable[[object], object]:
    def check(value: object) -> object:
        number = _number(value)
        if (low is not None and number < low) or (high is not None and number > high):
            raise Invalid
        if not integral:
            return number
        if number.adjusted() > 30 or number != number.to_integral_value():
            raise Invalid
        return int(number)

    return check


def _money(value: object) -> object:
    number = _number(value)
    exponent = number.as_tuple().exponent
    if number < 0 or number >= 10**14 or not isinstance(exponent, int) or exponent < -4:
        raise Invalid
    return number


def _one_of(*allowed: str) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value not in allowed:
            raise Invalid
        return value

    return check


def _currency(value: object) -> object:
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        raise Invalid
    return value


def _boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise Invalid


def text(value: object, limit: int = 255) -> str:
    """An identifier or name: text, or a number as its decimal text, of at most `limit` characters; else
    `Invalid`."""
    if isinstance(value, Decimal):
        value = str(value) if value.adjusted() > 300 else format(value, "f")
    if not isinstance(value, str) or len(value) > limit:
        raise Invalid
    return value


def _list(value: object) -> object:
    if isinstance(value, str):
        try:
            value = parse_json(value)
        except NotJson:
            raise Invalid from None
    if not isinstance(value, list):
        raise Invalid
    return value


KINDS: Mapping[str, Callable[[object], object]] = {
    "text": text,
    "free": lambda value: value,
    "money": _money,
    "currency": _currency,
    "number": _number,
    ">=0": _bounded(0),
    "1-5": _bounded(1, 5),
    "0-1": _bounded(0, 1),
    "int": _bounded(None, integral=True),
    "int>=0": _bounded(0, integral=True),
    "int>=1": _bounded(1, integral=True),
    "bool": _boolean,
    "instant": lambda value: from_ms(instant_ms(value)),
    "list": _list,
    "role": _one_of(*ROLES),
    "contract_outcome": _one_of("success", "cancelled", "disputed"),
    "flag_outcome": _one_of("confirmed", "false_positive"),
    "category": _one_of("Earnings", "Refund", "Escrow", "Fee"),
    "decision": _one_of("approved", "revision", "rejected"),
    "interval": _one_of("month", "year"),
}


@dataclass(frozen=True, slots=True)
class EventType:
    """One line of the catalog: `properties` maps a name to its kind, in catalog order."""

    name: str
    aliases: tuple[str, ...]
    user_required: bool
    properties: Mapping[str, str]
    required: tuple[str, ...]


def _parse(line: str) -> EventType:
    names, user, columns = (part.strip() for part in line.split("|"))
    name, *aliases = names.split()
    properties: dict[str, str] = {}
    required = []
    for column in columns.split():
        bare, _, kind = column.removesuffix("!").partition(":")
        properties[bare] = kind or "text"
        if column.endswith("!"):
            required.append(bare)
    return EventType(name, tuple(aliases), user == "user", properties, tuple(required))


CATALOG: Mapping[str, EventType] = {
    event_type.name: event_type for event_type in map(_parse, _TABLE.replace("\n  ", " ").strip().splitlines())
}
BY_NAME: Mapping[str, EventType] = {
    name: event_type for event_type in CATALOG.values() for name in (event_type.name, *event_type.aliases)
}
PROPERTY_ALIASES: Mapping[str, Mapping[str, str]] = {
    "billing.subscription_created": {"stripe_subscription_id": "subscription_id"},
    "billing.subscription_cancelled": {"stripe_subscription_id": "subscription_id"},
}
NOT_STORED: Mapping[str, frozenset[str]] = {"chat.conversation_created": frozenset({"title"})}
