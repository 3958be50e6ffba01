"""Every simulated line keeps the event contract; the faulty ones break it in every way."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from ingestion.simulator import DEFAULT_END, simulate

Event = dict[str, Any]

# canonical type: (user required?, required properties); written from the contract, not from the catalog file.
CATALOG: dict[str, tuple[bool, str]] = {
    "user.signup": (True, ""),
    "user.signin": (True, ""),
    "user.signout": (True, ""),
    "user.plan_upgrade": (True, "from_plan to_plan"),
    "user.plan_downgrade": (True, "from_plan to_plan"),
    "signup.started": (False, ""),
    "page.view": (False, ""),
    "search.performed": (False, ""),
    "conversion": (False, "type"),
    "feature.used": (True, "feature"),
    "profile.viewed": (False, "profile_user_id"),
    "job.viewed": (False, "job_id"),
    "product.viewed": (False, "product_id"),
    "job.posted": (True, "job_id"),
    "job.filled": (True, "job_id"),
    "job.closed": (True, "job_id"),
    "proposal.sent": (True, "proposal_id job_id"),
    "proposal.viewed": (True, "proposal_id"),
    "proposal.accepted": (True, "proposal_id"),
    "contract.started": (True, "contract_id freelancer_id"),
    "contract.completed": (True, "contract_id freelancer_id outcome"),
    "feedback.submitted": (True, "contract_id freelancer_id score"),
    "match.created": (True, "match_id job_id"),
    "match.accepted": (True, "match_id"),
    "placement.made": (True, "placement_id job_id"),
    "placement.ended": (True, "placement_id"),
    "chat.conversation_created": (True, "conversation_id"),
    "chat.conversation_deleted": (True, "conversation_id"),
    "chat.message_sent": (True, "conversation_id provider model"),
    "billing.subscription_created": (True, "subscription_id plan_id"),
    "billing.subscription_cancelled": (True, "subscription_id"),
    "billing.payment_success": (True, "amount"),
    "billing.payment_failed": (True, "amount"),
    "financial.recorded": (True, "transaction_id category amount"),
    "payment.completed": (True, "payment_id amount"),
    "payment.refunded": (True, "payment_id amount"),
    "payout.processed": (True, "payout_id amount"),
    "order.created": (True, "order_id vendor_id amount"),
    "rating.updated": (True, "vendor_id rating"),
    "upload.initiated": (True, "upload_id"),
    "upload.completed": (True, "upload_id"),
    "assignment.created": (True, "assignment_id upload_id"),
    "assignment.claimed": (True, "assignment_id"),
    "assignment.submitted": (True, "assignment_id"),
    "assignment.reviewed": (True, "assignment_id decision"),
    "assignment.completed": (True, "assignment_id"),
    "creator.level_changed": (True, "to_level"),
    "account.flagged": (True, "flag_id flag_type"),
    "account.flag_resolved": (True, "flag_id outcome"),
    "account.suspended": (True, ""),
    "account.duplicate_blocked": (False, ""),
    "api.request": (False, "service endpoint status duration_ms"),
    "queue.sampled": (False, "queue depth"),
    "storage.sampled": (False, "service bytes_used"),
    "external.checked": (False, "service up"),
    "audit.recorded": (False, "action resource"),
}
ALIASES = {
    "user.registered": "user.signup",
    "signup_completed": "user.signup",
    "signup_started": "signup.started",
    "page_view": "page.view",
    "search_performed": "search.performed",
    "profile_viewed": "profile.viewed",
    "job_viewed": "job.viewed",
    "proposal_sent": "proposal.sent",
    "proposal_viewed": "proposal.viewed",
    "proposal_accepted": "proposal.accepted",
    "review.submitted": "feedback.submitted",
    "financial": "financial.recorded",
    "payment_completed": "payment.completed",
    "payout_processed": "payout.processed",
    "upload_initiated": "upload.initiated",
    "upload_completed": "upload.completed",
    "assignment_claimed": "assignment.claimed",
    "assignment_submitted": "assignment.submitted",
}
ENVELOPE = {
    "id": "event_id",
    "type": "event_type",
    "timestamp": "occurred_at",
    "created_at": "occurred_at",
    "userId": "user_id",
    "data": "properties",
    "metadata": "properties",
    "event_data": "properties",
}
CHOICES = {
    ("user.signup", "role"): "uploader creator freelancer client customer vendor candidate employer",
    ("contract.completed", "outcome"): "success cancelled disputed",
    ("account.flag_resolved", "outcome"): "confirmed false_positive",
    ("assignment.reviewed", "decision"): "approved revision rejected",
    ("financial.recorded", "category"): "Earnings Refund Escrow Fee",
    ("billing.subscription_created", "interval"): "month year",
}
RANGES = {
    ("feedback.submitted", "score"): (1, 5),
    ("match.created", "score"): (0, 1),
    ("rating.updated", "rating"): (1, 5),
    ("assignment.reviewed", "overall_score"): (1, 5),
    ("chat.message_sent", "tokens"): (0, 10**9),
    ("order.created", "quantity"): (1, 100),
    ("api.request", "status"): (100, 599),
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)")


def snake(key: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()


def parse(line: bytes) -> Event:
    """An event in canonical spelling."""
    raw = json.loads(line, parse_float=Decimal)
    event = {ENVELOPE.get(key, key): value for key, value in raw.items()}
    assert len(event) == len(raw), "two spellings of one field"
    event["event_type"] = ALIASES.get(event["event_type"], event["event_type"])
    event["properties"] = {snake(key): value for key, value in event.get("properties", {}).items()}
    event["at"] = dt.datetime.fromisoformat(event["occurred_at"])
    return event


def lines_of(**arguments: Any) -> list[bytes]:
    chunks = list(simulate(**arguments))
    assert all(chunk.endswith(b"\n") for chunk in chunks)
    return b"".join(chunks).splitlines()


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return lines_of(events=50_000, days=90, seed=1)


@pytest.fixture(scope="module")
def events(lines: list[bytes]) -> list[Event]:
    return [parse(line) for line in lines]


def check(event: Event) -> None:
    """The rules of the event contract for one event."""
    user_required, required = CATALOG[event["event_type"]]
    properties = event["properties"]
    assert UUID.fullmatch(event["event_id"])
    assert INSTANT.fullmatch(event["occurred_at"])
    assert not user_required or event["user_id"]
    assert len(event.get("user_id", "")) <= 255
    assert len(event.get("session_id", "")) <= 100
    assert set(event.get("context", {})) <= {"page_url", "referrer", "user_agent", "ip"}
    assert set(required.split()) <= set(properties)
    assert None not in properties.values()
    for key in ("amount", "value", "fee", "cost", "budget"):
        if key in properties:
            amount = Decimal(properties[key])
            assert amount >= 0
            assert -int(amount.as_tuple().exponent) <= 4
    assert properties.get("currency", "USD") in {"USD", "EUR", "GBP", "BRL"}
    for key, value in properties.items():
        if choices := CHOICES.get((event["event_type"], key)):
            assert value in choices.split()
        if limits := RANGES.get((event["event_type"], key)):
            assert limits[0] <= Decimal(value) <= limits[1]


def test_every_line_keeps_the_contract(events: list[Event]) -> None:
    for event in events:
        check(event)


@pytest.mark.parametrize(("days", "seed"), [(90, 1), (30, 2), (365, 3), (7, 4)])
def test_every_canonical_type_occurs(days: int, seed: int) -> None:
    found = {parse(line)["event_type"] for line in lines_of(events=50_000, days=days, seed=seed)}
    assert set(CATALOG) - found == set()


def test_event_ids_are_unique_and_lines_in_order_inside_the_days(events: list[Event]) -> None:
    assert len({e["event_id"] for e in events}) == len(events)
    moments = [e["at"] for e in events]
    assert moments == sorted(moments)
    days = {m.astimezone(dt.UTC).date() for m in moments}
    assert days == {DEFAULT_END - dt.timedelta(days=d) for d in range(90)}


def test_every_spelling_of_the_envelope_occurs(lines: list[bytes]) -> None:
    keys = {key for line in lines for key in json.loads(line)}
    assert set(ENVELOPE) <= keys
    types = {json.loads(line).get("type") for line in lines}
    assert {"page_view", "user.registered"} & types
    assert any(b'"planTier"' in line or b'"conversationId"' in line for line in lines)
    assert any(re.search(rb"\d[+-]\d\d:\d\d\"", line) for line in lines)
    assert sum(b'"event_id"' in line and b'"properties"' in line for line in lines) > 0.9 * len(lines)


def reason(line: bytes) -> str:
    """Why the contract refuses a line; '' if it does not."""
    try:
        raw = json.loads(line)
    except json.JSONDecodeError:
        return "invalid_json"
    if not isinstance(raw, dict):
        return "not_an_object"
    event = {ENVELOPE.get(key, key): value for key, value in raw.items()}
    for field in ("event_id", "event_type", "occurred_at"):
        if field not in event:
            return f"missing_field:{field}"
    event_type = ALIASES.get(event["event_type"], event["event_type"])
    if not UUID.fullmatch(event["event_id"]):
        return "invalid_field:event_id"
    if event_type not in CATALOG:
        return "unknown_event_type"
    if not re.search(r"T.*(Z|[+-]\d\d:\d\d)$", event["occurred_at"]):
        return "invalid_field:occurred_at"
    if event["occurred_at"] > "2900":
        return "occurred_in_future"
    user_required, required = CATALOG[event_type]
    if user_required and "user_id" not in event:
        return "missing_field:user_id"
    properties = {snake(key): value for key, value in event.get("properties", {}).items()}
    for key in required.split():
        if key not in properties:
            return f"missing_field:{key}"
    for key, value in properties.items():
        limits, choices = RANGES.get((event_type, key)), CHOICES.get((event_type, key))
        negative = key == "amount" and Decimal(value) < 0
        outside = limits is not None and not limits[0] <= Decimal(value) <= limits[1]
        if negative or outside or (choices is not None and value not in choices.split()):
            return f"invalid_field:{key}"
    return ""


def test_invalid_lines_cover_every_reason_and_no_other_line_is_invalid() -> None:
    reasons = Counter(reason(line) for line in lines_of(events=10_000, days=30, seed=3, invalid=0.03))
    assert sum(count for why, count in reasons.items() if why) == 300
    assert {why.split(":")[0] for why in reasons if why} == {
        "invalid_json",
        "not_an_object",
        "missing_field",
        "invalid_field",
        "unknown_event_type",
        "occurred_in_future",
    }
    assert {"missing_field:event_id", "missing_field:user_id", "invalid_field:amount"} <= set(reasons)
