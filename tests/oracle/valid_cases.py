"""Tricky lines that the contract accepts, with the normal form that the warehouse must give them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

EXPECTED_AT = datetime(2024, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)
_ID = "0a1b2c3d-4e5f-6a7b-8c9d-{:012x}"


def _expected(number: int, event_type: str, properties: Mapping[str, object], **envelope: object) -> dict[str, object]:
    return {
        "event_id": _ID.format(number),
        "event_type": event_type,
        "occurred_at": EXPECTED_AT,
        "user_id": "u1",
        "session_id": "",
        "source": "files",
        "context": {},
        "properties": dict(properties),
    } | envelope


def _raw(number: int, event_type: str, properties: str = "", user: str = '"user_id":"u1",', at: str = "") -> bytes:
    when = at or "2024-05-06T07:08:09.123Z"
    body = f',"properties":{properties}' if properties else ""
    head = f'"event_id":"{_ID.format(number)}","event_type":"{event_type}"'
    return f'{{{head},{user}"occurred_at":"{when}"{body}}}'.encode()


_INSTANTS = {
    "2024-05-06T07:08:09Z": (2024, 5, 6, 7, 8, 9, 0),
    "2024-05-06t07:08:09.9z": (2024, 5, 6, 7, 8, 9, 900_000),
    "2024-05-06 07:08:09.1239999999+00:00": (2024, 5, 6, 7, 8, 9, 123_000),
    "2024-05-06T23:59:59.999999Z": (2024, 5, 6, 23, 59, 59, 999_000),
    "2024-05-07T00:30:00+05:45": (2024, 5, 6, 18, 45, 0, 0),
    "2024-05-05T23:30:00.001-03:30": (2024, 5, 6, 3, 0, 0, 1_000),
    "2024-03-01T00:00:00+14:00": (2024, 2, 29, 10, 0, 0, 0),
    "2023-12-31T23:59:59-23:59": (2024, 1, 1, 23, 58, 59, 0),
    "2024-02-29T12:00:00-00:00": (2024, 2, 29, 12, 0, 0, 0),
    "2000-02-29T00:00:00.000Z": (2000, 2, 29, 0, 0, 0, 0),
    "1970-01-01T00:00:00Z": (1970, 1, 1, 0, 0, 0, 0),
    "1969-12-31T23:00:00-01:00": (1970, 1, 1, 0, 0, 0, 0),
}
_AMOUNTS = {
    "0": "0",
    "0.0001": "0.0001",
    '"19.90"': "19.90",
    "19.9000": "19.9",
    '"99999999999999.9999"': "99999999999999.9999",
    '"12345678901234.5678"': "12345678901234.5678",
    "12345678901234.5678": "12345678901234.5678",
    "1e2": "100",
    "1.5E+3": "1500",
    "25e-4": "0.0025",
}


def _spellings() -> list[tuple[bytes, dict[str, object]]]:
    plain = '"id":"{}","type":"signup_completed","timestamp":"2024-05-06T07:08:09.123Z","userId":"u1"'
    signup = "user.signup"
    both = (
        '{{"event_id":"{0}","id":"{1}","event_type":"user.signin","type":"page.view","user_id":"u1","userId":"other",'
        '"occurred_at":"2024-05-06T07:08:09.123Z","created_at":"2020-01-01T00:00:00Z","properties":{{"a":"1"}},"data":{{"b":"2"}}}}'
    )
    hidden = (
        '{{"event_id":null,"id":"{0}","event_type":"","type":"user.signin","user_id":"","userId":"u1","occurred_at":null,'
        '"timestamp":"","created_at":"2024-05-06T07:08:09.123Z","properties":null,"data":"","metadata":null,"event_data":{{"a":"1"}}}}'
    )
    cases: list[tuple[str, dict[str, object]]] = []
    for number, key in enumerate(("properties", "data", "metadata", "event_data"), 1):
        line = "{" + plain.format(_ID.format(number)) + f',"{key}":{{"role":"creator","planTier":"pro"}}}}'
        cases.append((line, _expected(number, signup, {"role": "creator", "plan_tier": "pro"})))
    cases += [
        ("{" + plain.format(_ID.format(5)) + "}", _expected(5, signup, {})),
        (both.format(_ID.format(6), _ID.format(999)), _expected(6, "user.signin", {"a": "1"})),
        (hidden.format(_ID.format(7)), _expected(7, "user.signin", {"a": "1"})),
        (
            f' {{ "event_id" : "{_ID.format(8).upper()}" , "event_type":"user\\u002esignin",\t'
            '"user_id":"\\u00fc\\ud83d\\ude00\\"\\\\",'
            '"occurred_at":"2024-05-06T07:08:09.123Z" } \r',
            _expected(8, "user.signin", {}, user_id='ü\U0001f600"\\'),
        ),
        (
            f'{{"event_id":"{_ID.format(9)}","event_type":"page_view","occurred_at":"2024-05-06T07:08:09.123Z","session_id":"s1",'
            '"source":"web","context":{"page_url":"https://a.test/?q=1","referrer":null,"user_agent":"x","ip":"203.0.113.77"}}',
            _expected(
                9, "page.view", {}, user_id="", session_id="s1", source="web",
                context={"page_url": "https://a.test/?q=1", "user_agent": "x", "ip": "203.0.113.0"},
            ),
        ),
        (
            f'{{"event_id":"{_ID.format(10)}","event_type":"page.view","occurred_at":"2024-05-06T07:08:09.123Z","source":"",'
            '"context":{"ip":"2001:db8:aaaa:bbbb::1"},"unknown_top":1,"properties":{}}',
            _expected(10, "page.view", {}, user_id="", context={"ip": "2001:db8:aaaa::"}),
        ),
    ]  # fmt: skip
    return [(line.encode(), expected) for line, expected in cases]


def _property_cases() -> list[tuple[bytes, dict[str, object]]]:
    long_url = "https://a.test/" + "x" * 3000
    cases: list[tuple[str, str, dict[str, object]]] = [
        ("user.plan_upgrade", '{"from_plan":"a","fromPlan":"b","toPlan":"c"}', {"from_plan": "a",
        "to_plan": "c"}),
        ("user.plan_upgrade", '{"from_plan":null,"fromPlan":"b","to_plan":"","toPlan":"c"}',
        {"from_plan": "b", "to_plan": "c"}),
        ("billing.subscription_created", '{"stripe_subscription_id":"s","plan_id":"p"}',
        {"subscription_id": "s", "plan_id": "p"}),
        ("billing.subscription_created", '{"stripeSubscriptionId":"s","planId":"p"}', {"subscription_id": "s",
        "plan_id": "p"}),
        ("job.viewed", '{"job_id":17}', {"job_id": "17"}),
        ("job.viewed", '{"job_id":12345678901234567890}', {"job_id": "12345678901234567890"}),
        ("job.viewed", json.dumps({"job_id": "é" * 255}), {"job_id": "é" * 255}),
        ("page.view", json.dumps({"url": long_url}), {"url": long_url}),
        ("assignment.reviewed",
        '{"assignment_id":"a","decision":"approved","version":1.0,"overallScore":"4.50"}',
         {"assignment_id": "a", "decision": "approved", "version": 1, "overall_score": Decimal("4.5")}),
        ("assignment.reviewed", '{"assignment_id":"a","decision":"approved","version":"2"}',
        {"assignment_id": "a", "decision": "approved", "version": 2}),
        ("account.flagged", '{"flag_id":"f","flag_type":"t","automatic":"false"}', {"flag_id": "f",
        "flag_type": "t", "automatic": False}),
        ("external.checked", '{"service":"s","up":true}', {"service": "s", "up": True}),
        ("upload.initiated", '{"upload_id":"u","outputTypes":["a","b"]}', {"upload_id": "u",
        "output_types": ["a", "b"]}),
        ("upload.initiated", '{"upload_id":"u","output_types":"[\\"a\\"]"}', {"upload_id": "u",
        "output_types": ["a"]}),
        ("upload.initiated", '{"upload_id":"u","output_types":[]}', {"upload_id": "u", "output_types": []}),
        ("feedback.submitted", '{"contract_id":"c","freelancer_id":"f","score":1}', {"contract_id": "c",
        "freelancer_id": "f", "score": 1}),
        ("review.submitted", '{"contract_id":"c","freelancer_id":"f","score":"5"}', {"contract_id": "c",
        "freelancer_id": "f", "score": 5}),
        ("match.created", '{"match_id":"m","job_id":"j","score":0}', {"match_id": "m", "job_id": "j",
        "score": 0}),
        ("conversion", '{"type":"t","value":-12.5}', {"type": "t", "value": Decimal("-12.5")}),
        ("job.posted", '{"job_id":"j","category":"Whatever it is","budget":"10.5"}', {"job_id": "j",
        "category": "Whatever it is", "budget": Decimal("10.5")}),
        ("assignment.created", '{"assignment_id":"a","upload_id":"u","dueAt":"2024-05-07T00:00:00.5+02:00"}',
         {"assignment_id": "a", "upload_id": "u", "due_at": datetime(2024, 5, 6, 22, 0, 0, 500_000,
         tzinfo=UTC)}),
        ("user.signup", '{"role":"","plan_tier":null,"email":"a@b.test"}', {}),
        ("user.signin", '{"email":"a@b.test","role":"admin","amount":-5,"currency":"x"}', {"role": "admin",
        "amount": Decimal(-5), "currency": "x"}),
        ("chat.conversation_created", '{"conversation_id":"c","title":"secret"}', {"conversation_id": "c"}),
        ("user.signin", '{"someExtra":{"keptKey":[1,null]},"nothing":null,"empty":"","flag":true,"n":1.50}',
         {"some_extra": {"keptKey": [Decimal(1), None]}, "flag": True, "n": Decimal("1.5")}),
        ("account.duplicate_blocked", "{}", {}),
    ]  # fmt: skip
    return [
        (
            _raw(200 + at, name, properties),
            _expected(200 + at, name.replace("review.", "feedback."), expected),
        )
        for at, (name, properties, expected) in enumerate(cases)
    ]


def valid_cases() -> list[tuple[bytes, dict[str, object]]]:
    """(line, normal form) of accepted lines with distinct ids, as received from the source `files`.

    The form has event_id, event_type, occurred_at, user_id, session_id, source, context, properties;
    properties are typed (numbers compare by value), defaults are not filled in, `email` is left out (its HMAC
    depends on the deployment).
    """
    cases = _spellings()
    for at, (text, parts) in enumerate(_INSTANTS.items()):
        expected = _expected(100 + at, "user.signin", {}, occurred_at=datetime(*parts, tzinfo=UTC))
        cases.append((_raw(100 + at, "user.signin", at=text), expected))
    for at, (text, amount) in enumerate(_AMOUNTS.items()):
        expected = _expected(150 + at, "billing.payment_success", {"amount": Decimal(amount)})
        cases.append((_raw(150 + at, "billing.payment_success", f'{{"amount":{text}}}'), expected))
    anonymous = _expected(190, "queue.sampled", {"queue": "q", "depth": Decimal("0.5")}, user_id="")
    cases.append((_raw(190, "queue.sampled", '{"queue":"q","depth":0.5}', user=""), anonymous))
    limits = _expected(191, "user.signin", {}, user_id="é" * 255)
    cases.append((_raw(191, "user.signin", user=f'"user_id":"{"é" * 255}",'), limits))
    largest = _raw(192, "page.view")
    cases.append((largest + b" " * (1024 * 1024 - len(largest)), _expected(192, "page.view", {})))
    return cases + _property_cases()
