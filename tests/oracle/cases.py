"""Hand-made single lines: bad ones with their reason, and those that the contract leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from tests.oracle.contract import MAX_LINE
from tests.oracle.writing import dumps

AT = "2024-05-06T07:08:09.123Z"
DROP = object()
MONEY_TYPES: Mapping[str, Mapping[str, object]] = {
    "billing.payment_success": {},
    "payment.completed": {"payment_id": "p"},
    "order.created": {"order_id": "o", "vendor_id": "v"},
}
CONTRACT = {"contract_id": "c", "freelancer_id": "f"}
NO_OBJECTS: tuple[object, ...] = ([], "text", Decimal(5), True, False, [{"a": Decimal(1)}])
BAD_INSTANTS: tuple[object, ...] = (
    "2024-05-06T07:08:09", "2024-05-06 07:08:09.5", "2024-05-06", "yesterday", Decimal(1714979289),
    "1714979289", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:60:00Z",
    "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+01:60", "2024-01-01T00:00:00+0100",
    "2024-01-01T00:00:00+01", "2024-01-01T00:00Z", "24-01-01T00:00:00Z", "2024-1-1T00:00:00Z",
    "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00,5Z", "2024/01/01T00:00:00Z", "2024-01-01T00:00:00 Z",
    "2024-01-01T00:00:00 UTC", "Mon, 06 May 2024 07:08:09 GMT", "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00+00:01", "1900-02-29T00:00:00Z", "2024-05-06T07:08:09Zjunk",
    " 2024-05-06T07:08:09Z", True, {"at": AT}, [AT],
)  # fmt: skip
BAD_AMOUNTS: tuple[object, ...] = (
    Decimal("-0.01"), "-5", Decimal("1.23456"), "0.00001", "abc", "NaN", "1,50", "1 000", "$5",
    Decimal("1E+14"), "100000000000000", True, [], {}, "12.5 USD", "0x10",
)  # fmt: skip


def _id(label: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:oracle:{label}"))


BAD_IDS: tuple[object, ...] = (
    "nope", "0123456789abcdef0123456789abcdef", _id("x")[:-1], _id("x") + "0", "{" + _id("x") + "}",
    Decimal(7), _id("x")[:-1] + "g", True, {"a": "b"}, [_id("x")], " " + _id("x"), "urn:uuid:" + _id("x"),
    _id("x").replace("-", "_"),
)  # fmt: skip


def _line(label: str, name: object, properties: object = DROP, **envelope: object) -> bytes:
    members: dict[str, object] = {
        "event_id": _id(label),
        "event_type": name,
        "occurred_at": AT,
        "user_id": "u1",
    }
    members |= {"properties": properties} | envelope
    return dumps({key: value for key, value in members.items() if value is not DROP}).encode()


def invalid_cases() -> list[tuple[bytes, str]]:
    """(line, reason) of lines that the contract refuses, without line feeds; about 250 of them."""
    good = _line("good", "user.signin")
    cases: list[tuple[bytes, str]] = [
        (b"{", "invalid_json"),
        (b"not json", "invalid_json"),
        (good[:-1], "invalid_json"),
        (good + b"}", "invalid_json"),
        (good + good, "invalid_json"),
        (good[:-1] + b",}", "invalid_json"),
        (good.replace(b'"', b"'"), "invalid_json"),
        (good.replace(b'"u1"', b'"\xff\xfe"'), "invalid_json"),
        (good.replace(b'"u1"', b"NaN"), "invalid_json"),
        (good.replace(b'"u1"', b"01"), "invalid_json"),
        (good.replace(b'"u1"', b'"a\tb"'), "invalid_json"),
        (good.replace(b'"u1"', b'"\\x41"'), "invalid_json"),
        (good.replace(b'"u1"', b"undefined"), "invalid_json"),
        (b"[]", "not_an_object"),
        (b"[" + good + b"]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"17", "not_an_object"),
        (b"null", "not_an_object"),
        (b"true", "not_an_object"),
        (b"  -1.5e3 ", "not_an_object"),
        (b"{}", "missing_field:event_id"),
        (_line("big", "page.view", {"url": "x" * MAX_LINE}), "too_large"),
        (b"x" * (MAX_LINE + 1), "too_large"),
        (good + b" " * (MAX_LINE + 1 - len(good)), "too_large"),
    ]
    cases += [(_line("id", "user.signin", event_id=value), "missing_field:event_id") for value in (DROP, None, "")]
    cases += [(_line("id", "user.signin", event_id=value), "invalid_field:event_id") for value in BAD_IDS]
    cases += [(_line("type", value), "missing_field:event_type") for value in (DROP, None, "")]
    cases += [
        (_line("type", value), "unknown_event_type")
        for value in (
            "user.signup2",
            "User.Signup",
            "user_signup",
            " user.signin",
            "user.signin ",
            "financial.record",
            "page.viewed",
        )
    ]
    cases += [
        (_line("at", "user.signin", occurred_at=value), "missing_field:occurred_at") for value in (DROP, None, "")
    ]
    cases += [(_line("at", "user.signin", occurred_at=value), "invalid_field:occurred_at") for value in BAD_INSTANTS]
    cases += [
        (_line("future", "user.signin", occurred_at="2999-01-01T00:00:00Z"), "occurred_in_future"),
        (
            _line("future", "user.signin", occurred_at="9999-12-31T23:59:59-23:00", user_id=DROP),
            "occurred_in_future",
        ),
    ]
    cases += [
        (_line("user", name, user_id=value), "missing_field:user_id")
        for name, value in (
            ("user.signin", DROP),
            ("user.signup", None),
            ("order.created", ""),
            ("account.suspended", DROP),
        )
    ]
    cases += [
        (_line("user", "user.signin", user_id="x" * 256), "invalid_field:user_id"),
        (_line("user", "page.view", user_id="é" * 256), "invalid_field:user_id"),
        (_line("user", "user.signin", user_id={"id": "u1"}), "invalid_field:user_id"),
        (_line("user", "user.signin", user_id=["u1"]), "invalid_field:user_id"),
        (_line("session", "user.signin", session_id="s" * 101), "invalid_field:session_id"),
        (_line("source", "user.signin", source="s" * 101), "invalid_field:source"),
    ]
    cases += [(_line("properties", "user.signin", value), "invalid_field:properties") for value in NO_OBJECTS]
    cases += [(_line("context", "user.signin", context=value), "invalid_field:context") for value in NO_OBJECTS]
    cases += [
        (_line("missing", name, properties), f"missing_field:{field}")
        for name, properties, field in (
            ("user.plan_upgrade", DROP, "from_plan"),
            ("user.plan_upgrade", {"from_plan": "a"}, "to_plan"),
            ("user.plan_downgrade", {"to_plan": "a", "from_plan": None}, "from_plan"),
            ("conversion", {"type": ""}, "type"),
            ("feature.used", {}, "feature"),
            ("job_viewed", {"jobid": "1"}, "job_id"),
            ("feedback.submitted", CONTRACT, "score"),
            ("contract.completed", CONTRACT, "outcome"),
            ("chat.message_sent", {"conversation_id": "c", "model": "m"}, "provider"),
            ("billing.subscription_created", {"plan_id": "p"}, "subscription_id"),
            ("financial", None, "transaction_id"),
            ("financial.recorded", {"transaction_id": "t", "amount": Decimal(1)}, "category"),
            ("payment_completed", {"amount": Decimal(1)}, "payment_id"),
            ("billing.payment_success", {"amount": None}, "amount"),
            ("order.created", {"amount": Decimal(-1)}, "order_id"),
            ("api.request", {"service": "s", "endpoint": "e"}, "status"),
            ("external.checked", {"service": "s", "up": ""}, "up"),
            ("creator.level_changed", {"from_level": "1"}, "to_level"),
            ("account.flagged", {"flagId": "f"}, "flag_type"),
            ("assignment.created", {"assignmentId": "a"}, "upload_id"),
            ("placement.made", {"fee": Decimal(1), "placement_id": "p"}, "job_id"),
        )
    ]
    cases += [
        (_line("money", name, {**others, "amount": value}), "invalid_field:amount")
        for name, others in MONEY_TYPES.items()
        for value in BAD_AMOUNTS
    ]
    payment = {"amount": Decimal(1)}
    cases += [
        (_line("value", name, properties), f"invalid_field:{field}")
        for name, properties, field in (
            ("billing.payment_success", payment | {"currency": "usd"}, "currency"),
            ("billing.payment_success", payment | {"currency": "US"}, "currency"),
            ("billing.payment_success", payment | {"currency": "EURO"}, "currency"),
            ("billing.payment_success", payment | {"currency": "€"}, "currency"),
            ("billing.payment_success", payment | {"currency": Decimal(978)}, "currency"),
            ("billing.payment_success", payment | {"currency": "US\n"}, "currency"),
            ("billing.payment_success", payment | {"planId": "p" * 256}, "plan_id"),
            ("user.signup", {"role": "admin"}, "role"),
            ("user.signup", {"role": "Creator"}, "role"),
            ("user.signup", {"planTier": ["free"]}, "plan_tier"),
            ("contract.completed", CONTRACT | {"outcome": "won"}, "outcome"),
            ("contract.completed", CONTRACT | {"outcome": "success", "value": "-1"}, "value"),
            ("contract.started", CONTRACT | {"value": Decimal("0.12345")}, "value"),
            ("contract.started", CONTRACT | {"value": Decimal(1), "currency": "eur"}, "currency"),
            ("feedback.submitted", CONTRACT | {"score": Decimal("0.9")}, "score"),
            ("review.submitted", CONTRACT | {"score": "5.1"}, "score"),
            ("feedback.submitted", CONTRACT | {"score": "five"}, "score"),
            (
                "feedback.submitted",
                CONTRACT | {"contract_id": {"id": "c"}, "score": Decimal(6)},
                "contract_id",
            ),
            ("match.created", {"match_id": "m", "job_id": "j", "score": Decimal("1.01")}, "score"),
            ("match.created", {"match_id": "m", "job_id": "j", "score": Decimal("-0.1")}, "score"),
            ("placement.made", {"placement_id": "p", "job_id": "j", "fee": Decimal(-1)}, "fee"),
            ("job.posted", {"job_id": "j", "budget": "much"}, "budget"),
            (
                "chat.message_sent",
                {"conversation_id": "c", "provider": "p", "model": "m", "tokens": Decimal(-1)},
                "tokens",
            ),
            (
                "chat.message_sent",
                {"conversation_id": "c", "provider": "p", "model": "m", "tokens": "1.5"},
                "tokens",
            ),
            (
                "chat.message_sent",
                {"conversation_id": "c", "provider": "p", "model": "m", "cost": "-0.1"},
                "cost",
            ),
            (
                "chat.message_sent",
                {"conversation_id": "c", "provider": "p", "model": "m", "latencyMs": Decimal(-1)},
                "latency_ms",
            ),
            (
                "billing.subscription_created",
                {"subscription_id": "s", "plan_id": "p", "interval": "week"},
                "interval",
            ),
            (
                "financial.recorded",
                {"transaction_id": "t", "category": "fee", "amount": Decimal(1)},
                "category",
            ),
            (
                "order.created",
                {"order_id": "o", "vendor_id": "v", "amount": Decimal(1), "quantity": Decimal(0)},
                "quantity",
            ),
            (
                "order.created",
                {"order_id": "o", "vendor_id": "v", "amount": Decimal(1), "quantity": Decimal("1.5")},
                "quantity",
            ),
            ("rating.updated", {"vendor_id": "v", "rating": Decimal(0)}, "rating"),
            ("rating.updated", {"vendor_id": "v", "rating": "6"}, "rating"),
            ("upload.initiated", {"upload_id": "u", "output_types": "image"}, "output_types"),
            ("upload.initiated", {"upload_id": "u", "outputTypes": {"a": Decimal(1)}}, "output_types"),
            ("upload.completed", {"upload_id": "u", "file_size": Decimal(-1)}, "file_size"),
            ("upload.completed", {"upload_id": "u", "duration": "long"}, "duration"),
            (
                "assignment.created",
                {"assignment_id": "a", "upload_id": "u", "due_at": "2024-05-06T07:08:09"},
                "due_at",
            ),
            (
                "assignment.created",
                {"assignment_id": "a", "upload_id": "u", "due_at": "2024-02-30T00:00:00Z"},
                "due_at",
            ),
            ("assignment.submitted", {"assignment_id": "a", "version": Decimal(0)}, "version"),
            (
                "assignment.submitted",
                {"assignment_id": "a", "time_to_complete": Decimal("-0.5")},
                "time_to_complete",
            ),
            ("assignment.reviewed", {"assignment_id": "a", "decision": "accepted"}, "decision"),
            (
                "assignment.reviewed",
                {"assignment_id": "a", "decision": "approved", "version": "1.5"},
                "version",
            ),
            (
                "assignment.reviewed",
                {"assignment_id": "a", "decision": "approved", "overallScore": Decimal("5.5")},
                "overall_score",
            ),
            ("account.flagged", {"flag_id": "f", "flag_type": "t", "automatic": "maybe"}, "automatic"),
            ("account.flagged", {"flag_id": "f", "flag_type": "t", "automatic": Decimal(2)}, "automatic"),
            ("account.flag_resolved", {"flag_id": "f", "outcome": "success"}, "outcome"),
            (
                "api.request",
                {"service": "s", "endpoint": "e", "status": "OK", "duration_ms": Decimal(1)},
                "status",
            ),
            (
                "api.request",
                {"service": "s", "endpoint": "e", "status": Decimal("200.5"), "duration_ms": Decimal(1)},
                "status",
            ),
            (
                "api.request",
                {"service": "s", "endpoint": "e", "status": Decimal(200), "duration_ms": Decimal(-1)},
                "duration_ms",
            ),
            ("queue.sampled", {"queue": "q", "depth": "-1"}, "depth"),
            ("queue.sampled", {"queue": "q", "depth": Decimal(1), "processed": "x"}, "processed"),
            ("storage.sampled", {"service": "s", "bytes_used": Decimal(-1)}, "bytes_used"),
            ("external.checked", {"service": "s", "up": "yes"}, "up"),
            ("audit.recorded", {"action": "a", "resource": "r", "complete": []}, "complete"),
            ("conversion", {"type": "t", "value": "a lot"}, "value"),
            ("conversion", {"type": "t" * 256}, "type"),
        )
    ]
    # The order of the checks: several things wrong, the first one named.
    cases += [
        (_line("order", "nope", "text", event_id="x", occurred_at="y"), "invalid_field:event_id"),
        (_line("order", "nope", "text", occurred_at="y", user_id=DROP), "unknown_event_type"),
        (_line("order", "user.signin", "text", occurred_at="y", user_id=DROP), "invalid_field:occurred_at"),
        (_line("order", "user.signin", "text", user_id=DROP), "missing_field:user_id"),
        (
            _line("order", "user.signin", "text", session_id="s" * 101, context="c"),
            "invalid_field:session_id",
        ),
        (_line("order", "user.signin", "text", context="c"), "invalid_field:properties"),
        (_line("order", "payment.refunded", {"amount": "x"}, context="c"), "invalid_field:context"),
        (_line("order", "payment.refunded", {"amount": "x"}), "missing_field:payment_id"),
        (
            _line("order", "payment.refunded", {"payment_id": "p", "currency": "x", "amount": "x"}),
            "invalid_field:amount",
        ),
    ]
    return cases


def ambiguous_cases() -> list[tuple[bytes, frozenset[str]]]:
    """(line, acceptable outcomes) where the contract allows more than one reading; '' among the outcomes
    means accepted.

    The first test of a landing is that none of these breaks a batch.
    """
    either = frozenset({"", "invalid_field:amount"})
    return [
        (_line("a1", "x" * 101), frozenset({"unknown_event_type", "invalid_field:event_type"})),
        (_line("a2", Decimal(5)), frozenset({"unknown_event_type", "invalid_field:event_type"})),
        (_line("a3", "billing.payment_success", {"amount": "1.50000"}), either),
        (_line("a4", "billing.payment_success", {"amount": "1e3"}), either),
        (_line("a5", "billing.payment_success", {"amount": ".5"}), either),
        (_line("b8", "billing.payment_success", {"amount": "5."}), either),
        (_line("a6", "billing.payment_success", {"amount": "+5"}), either),
        (_line("a7", "billing.payment_success", {"amount": Decimal("-0")}), either),
        # The top of the range, as a JSON number: a binary double rounds it up to 10^14, which is refused.
        (_line("b9", "billing.payment_success", {"amount": Decimal("99999999999999.9999")}), either),
        # A boolean where an id belongs reads as its text.
        (_line("c1", "job.posted", {"job_id": True}), frozenset({"", "invalid_field:job_id"})),
        (_line("a8", "user.signin", user_id=Decimal(42)), frozenset({"", "invalid_field:user_id"})),
        (_line("a9", "signup.started", {"role": "guest"}), frozenset({"", "invalid_field:role"})),
        (
            _line("b1", "user.signin", occurred_at="2016-12-31T23:59:60Z"),
            frozenset({"", "invalid_field:occurred_at"}),
        ),
        (b"\xef\xbb\xbf" + _line("b2", "user.signin"), frozenset({"", "invalid_json"})),
        (
            _line("b3", "user.signin", {"deep": "x"}).replace(b'"x"', b"[" * 5000 + b"]" * 5000),
            frozenset({"", "invalid_json"}),
        ),
        (
            _line("b4", "user.signin").replace(b'"u1"', b'"\\ud800"'),
            frozenset({"", "invalid_json", "invalid_field:user_id"}),
        ),
        (
            _line("b5", "account.flagged", {"flag_id": "f", "flag_type": "t", "automatic": "True"}),
            frozenset({"", "invalid_field:automatic"}),
        ),
        (_line("b6", "user.signin", session_id=["s"]), frozenset({"", "invalid_field:session_id"})),
        (
            _line("b7", "billing.payment_success", {"amount": Decimal(1)}).replace(
                b":1}", b":1e999999999999999999999}"
            ),
            frozenset({"invalid_field:amount", "invalid_json"}),
        ),
    ]
