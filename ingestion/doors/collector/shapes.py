"""Bodies of other shapes than the event contract's, made into events without touching a value's bytes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import msgspec
import orjson

from ingestion.catalog import ENVELOPE_SPELLINGS

#: Makes a line of the event contract of a line of another shape; what is no JSON object is left as it is.
Shape = Callable[[bytes], bytes]

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:marketplace-warehouse:collector")
_ABSENT = (b"null", b'""')
_ENVELOPE = ("event_id", "event_type", "occurred_at", "user_id", "session_id", "source", "context")
_KEPT = ("user_id", "session_id", "source", "context")
_FINANCIAL_IDENTITY = ("transaction_id", "category", "amount", "currency")
_METRIC_TIMES = (*ENVELOPE_SPELLINGS["occurred_at"], "updated_at", "updatedAt", "createdAt")

_Members = Mapping[str, bytes]
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def event(line: bytes) -> bytes:
    """The shape of the event contract itself."""
    return line


def financial(line: bytes) -> bytes:
    """A flat financial record as `financial.recorded`.

    Members of the envelope keep their place, all others become properties. Without an id it gets one made of
    transaction, category, user, amount and currency, so that a retry is the same event; without a time it
    gets the present.
    """
    members = _read(line)
    if members is None or _is_event(members):
        return line
    envelope = {name: _first(members, ENVELOPE_SPELLINGS[name]) for name in _KEPT}
    spelled = {spelling for name in _ENVELOPE for spelling in ENVELOPE_SPELLINGS[name]}
    properties = {name: raw for name, raw in members.items() if name not in spelled}
    identity = [_identity(members, name) for name in _FINANCIAL_IDENTITY]
    identity.append(_text(envelope["user_id"]))
    return _line(
        _first(members, ENVELOPE_SPELLINGS["event_id"]) or _quoted(uuid.uuid5(_NAMESPACE, "\n".join(identity))),
        "financial.recorded",
        _first(members, ENVELOPE_SPELLINGS["occurred_at"]),
        envelope,
        properties,
    )


def metric(line: bytes) -> bytes:
    """A declared value `{type, value, metadata}` as `metric.declared`; without a time it holds from now on."""
    members = _read(line)
    if members is None:
        return line
    occurred_at = _first(members, _METRIC_TIMES)
    given = {"metric": members.get("type"), "value": members.get("value"), "metadata": members.get("metadata")}
    properties = {name: raw for name, raw in given.items() if raw is not None}
    event_id = _first(members, ENVELOPE_SPELLINGS["event_id"])
    if not event_id and occurred_at:
        identity = "\n".join(_text(raw) for raw in (given["metric"], given["value"], occurred_at))
        event_id = _quoted(uuid.uuid5(_NAMESPACE, identity))
    return _line(event_id or _quoted(uuid.uuid4()), "metric.declared", occurred_at, {}, properties)


def _is_event(members: _Members) -> bool:
    flat = any(name in members for name in ("transaction_id", "transactionId"))
    return not flat and any(name in members for name in ENVELOPE_SPELLINGS["properties"])


def _read(line: bytes) -> dict[str, bytes] | None:
    try:
        return {name: bytes(raw) for name, raw in _members.decode(line).items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _line(
    event_id: bytes, event_type: str, occurred_at: bytes | None, envelope: Mapping[str, bytes | None], rest: _Members
) -> bytes:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    members = {
        "event_id": event_id,
        "event_type": _quoted(event_type),
        "occurred_at": occurred_at or _quoted(now),
        **{name: raw for name, raw in envelope.items() if raw},
        "properties": _object(rest),
    }
    return _object(members)


def _object(members: _Members) -> bytes:
    return b"{" + b",".join(orjson.dumps(name) + b":" + raw for name, raw in members.items()) + b"}"


def _first(members: _Members, spellings: tuple[str, ...]) -> bytes | None:
    return next((raw for name in spellings if (raw := members.get(name)) and raw not in _ABSENT), None)


def _quoted(value: object) -> bytes:
    return orjson.dumps(str(value))


def _identity(members: _Members, name: str) -> str:
    head, *tail = name.split("_")
    text = _text(_first(members, (name, head + "".join(word.capitalize() for word in tail))))
    if name == "amount":
        try:
            return format(Decimal(text).normalize(), "f")  # 10, "10.00" and 10.0 are one amount
        except (InvalidOperation, ValueError):
            return text
    return text or ("USD" if name == "currency" else "")


def _text(raw: bytes | None) -> str:
    if raw is None:
        return ""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw.decode(errors="replace")
    return value if isinstance(value, str) else raw.decode()
