"""Writing events as the five source systems might: every accepted spelling, number form, offset and JSON
layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from tests.oracle.catalog import CATALOG, EPOCH
from tests.oracle.contract import SPELLINGS

OFFSETS = (0, 0, 0, 330, -180, 840, -720, 345, -1, 60)


def dumps(value: object, *, ascii_only: bool = False, gap: str = "") -> str:
    """JSON text with exact decimals; `gap` is white space put after commas and colons."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        members = (
            f"{dumps(str(key), ascii_only=ascii_only)}:{gap}{dumps(member, ascii_only=ascii_only, gap=gap)}"
            for key, member in value.items()
        )
        return "{" + f",{gap}".join(members) + "}"
    if isinstance(value, list):
        return "[" + f",{gap}".join(dumps(member, ascii_only=ascii_only, gap=gap) for member in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


def camel(name: str) -> str:
    """camelCase of a snake_case name."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


def instant_text(rng: Random, at: datetime) -> str:
    """An RFC 3339 text of the instant (whole milliseconds), at a random offset, with a random number of
    fraction digits."""
    milliseconds = (at - EPOCH) // timedelta(milliseconds=1)
    offset = rng.choice(OFFSETS)
    local = EPOCH + timedelta(seconds=milliseconds // 1000 + offset * 60)
    fraction = f"{milliseconds % 1000:03d}"
    short = fraction.rstrip("0")
    digits = rng.choice((fraction, short, fraction + str(rng.randrange(10**6)), fraction + "999999"))
    if offset == 0:
        zone = rng.choice(("Z", "Z", "Z", "z", "+00:00", "-00:00"))
    else:
        zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"
    separator = rng.choice(("T", "T", "T", "t", " "))
    return local.strftime(f"%Y-%m-%d{separator}%H:%M:%S") + (f".{digits}" if digits else "") + zone


def _number_form(rng: Random, value: Decimal) -> object:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    padded = value.quantize(Decimal(1).scaleb(rng.randint(min(-1, exponent), -1) if exponent > -1 else exponent))
    return rng.choice((value, value, format(value, "f"), format(padded, "f"), padded))


def _value_form(rng: Random, kind: str, value: object) -> object:
    if isinstance(value, bool):
        return rng.choice((value, value, "true" if value else "false"))
    if isinstance(value, Decimal):
        return _number_form(rng, value)
    if isinstance(value, int):
        return rng.choice((value, value, str(value)))
    if kind == "list" and rng.random() < 0.2:
        return json.dumps(value)
    if kind == "text" and isinstance(value, str) and value.isdecimal() and not value.startswith("0"):
        return rng.choice((value, int(value)))
    return value


def _shuffled(rng: Random, members: Mapping[str, object]) -> dict[str, object]:
    names = list(members)
    rng.shuffle(names)
    return {name: members[name] for name in names}


def line(rng: Random, event: Mapping[str, object]) -> bytes:
    """One NDJSON line of an event given canonically (`occurred_at` as datetime), in a random accepted
    spelling."""
    event_type = CATALOG[str(event["event_type"])]
    properties: dict[str, object] = {}
    given = event.get("properties", {})
    assert isinstance(given, Mapping)
    for name, value in given.items():
        key = camel(name) if rng.random() < 0.3 else name
        if name == "subscription_id" and rng.random() < 0.3 and event_type.name == "billing.subscription_created":
            key = rng.choice(("stripe_subscription_id", "stripeSubscriptionId"))
        properties[key] = _value_form(rng, event_type.properties.get(name, "extra"), value)
    for name in event_type.properties:
        if name not in given and rng.random() < 0.1:
            properties[name] = rng.choice((None, ""))
    if rng.random() < 0.1:
        properties["extraNote"] = rng.choice(("x", Decimal("1.50"), [Decimal(1), None], {"deepKey": True}))
    envelope = dict(event) | {"event_type": rng.choice((event_type.name, event_type.name, *event_type.aliases))}
    at = event["occurred_at"]
    assert isinstance(at, datetime)
    envelope["occurred_at"] = instant_text(rng, at)
    event_id = str(event["event_id"])
    envelope["event_id"] = rng.choice((event_id, event_id, event_id.upper()))
    if properties or rng.random() < 0.3:
        envelope["properties"] = _shuffled(rng, properties)
    else:
        envelope.pop("properties", None)
    spelled: dict[str, object] = {}
    for name, value in envelope.items():
        spellings = SPELLINGS[name]
        spelled[rng.choice(spellings) if rng.random() < 0.4 else name] = value
        if rng.random() < 0.03 and spellings[0] in spelled and len(spellings) > 1:
            spelled[spellings[-1]] = rng.choice((None, ""))
    text = dumps(_shuffled(rng, spelled), ascii_only=rng.random() < 0.3, gap=rng.choice(("", "", " ", " \t")))
    return text.encode()
