"""The verdict on an event at the door: the reason landing will give, from the same catalog.

ClickHouse decides (`ingestion/landing/land.sql`); this is what it will decide, said before it does. The order
of the checks is that of the statement, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from ingestion.catalog import ENVELOPE_LIMITS, ENVELOPE_SPELLINGS, MAX_EVENT_BYTES, EventType, Property, load
from ingestion.doors.collector.numbers import exact_text
from ingestion.doors.collector.reading import BOM, Members, first_of_each, fits, has_long_integer, names_in, text_of
from ingestion.landing.parameters import catalog_parameters

_AHEAD = timedelta(hours=24)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = "1969", "2199"
# Within it no offset reaches back before 1970.
_FIRST_PLAIN_YEAR = "1971"
_NESTED = ("{", "[")
_BLANK = b" \t\r\f"
_HUMP = re.compile(r"([a-z0-9])([A-Z])")

_NAMES = {name: tuple(spellings) for name, spellings in ENVELOPE_SPELLINGS.items()}
_LIMITED = ("user_id", "session_id", "source")
_USER_LIMIT, _SESSION_LIMIT, _SOURCE_LIMIT = (ENVELOPE_LIMITS[name] for name in _LIMITED)
_OTHER_PROPERTIES = _NAMES["properties"][1:]
_NOTHING: dict[str, Any] = {}
# Shorter texts are never looked up among the digits of the line.
_LONG_NUMBER = 12
_REMEMBERED_NAMES = 4_096

_Check = Callable[[str], object]
#: Members of a JSON object, in their order; a name may come twice.
_Pairs = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an event type asks of an event: `checks` by property, None where anything goes."""

    user_required: bool
    required: tuple[str, ...]
    needs: frozenset[str]
    checks: dict[str, _Check | None]


class Judge:
    """Says why landing will refuse an event, or '' when it will take it.

    Limits of foresight: a clock that differs from ClickHouse's by seconds decides differently on an event
    that lies exactly a day ahead.
    """

    def __init__(self) -> None:
        catalog, parameters = load(), catalog_parameters()
        self._is_uuid = re.compile(str(parameters["uuid_pattern"])[1:-1]).fullmatch
        self._is_instant = re.compile(catalog.kinds["instant"].pattern or "").fullmatch
        compiled: dict[str, _Check] = {}

        def check(prop: Property) -> _Check | None:
            if prop.values:
                return frozenset(prop.values).__contains__
            pattern = catalog.pattern_of(prop)
            return None if pattern is None else compiled.setdefault(pattern, _matching(pattern))

        def rule(event: EventType) -> _Rule:
            required = tuple(prop.name for prop in event.properties if prop.required)
            checks = {prop.name: check(prop) for prop in event.properties}
            return _Rule(event.user_required, required, frozenset(required), checks)

        self._rules = {name: rule(event) for event in catalog.events for name in (event.name, *event.aliases)}
        self._aliases = catalog.property_aliases
        self._canonical = lru_cache(_REMEMBERED_NAMES)(self._made_canonical)

    def reasons(self, lines: Sequence[bytes], joined: bytes | None = None) -> list[str]:
        """A reason for each line, '' for those that will be taken; `joined` is all of them, where it is at hand."""
        latest = datetime.now(UTC) + _AHEAD
        text = b"\n".join(lines) if joined is None else joined
        has_long = has_long_integer(text)
        return [self._reason(line, latest, has_long) for line in lines]

    def _reason(self, line: bytes, latest: datetime, has_long: bool) -> str:
        if len(line) > MAX_EVENT_BYTES:
            return "too_large"
        try:
            event = orjson.loads(line)
        except orjson.JSONDecodeError:
            try:
                event = orjson.loads(line.removeprefix(BOM))
            except orjson.JSONDecodeError:
                return "invalid_json"
        if has_long and has_long_integer(line) and not fits(line):
            return "invalid_json"
        if type(event) is not dict:
            return "not_an_object"
        if self._is_plainly_valid(event, line, latest):
            return ""
        if line.count(b'":') > names_in(event):
            # A name may come twice; the second reading is slower and sees both.
            event = first_of_each(line) or event
        return self._judge(event, line, latest)

    def _is_plainly_valid(self, event: dict[str, Any], line: bytes, latest: datetime) -> bool:
        """True for most of the events that are valid; the others need all checks one by one.

        Written out in one piece: this is what a request's time goes into.
        """
        get = event.get
        event_id, event_type, when = get("event_id"), get("event_type"), get("occurred_at")
        if event_id is None:
            event_id = get("id")
        if event_type is None:
            event_type = get("type")
        if when is None:
            when = get("timestamp")
            if when is None:
                when = get("created_at")
        if type(event_id) is not str or type(event_type) is not str or type(when) is not str:
            return False
        rule = self._rules.get(event_type)
        if rule is None or self._is_uuid(event_id) is None:
            return False
        if self._is_instant(when) is None or not _FIRST_PLAIN_YEAR <= when[:4] <= _LAST_YEAR:
            return False
        try:
            if datetime.fromisoformat(when if when[-1] == "Z" else when.upper()) > latest:
                return False
        except ValueError:
            return False
        user_id, session_id, source = get("user_id"), get("session_id", ""), get("source", "")
        if user_id is None:
            user_id = get("userId")
        if user_id is None:
            if rule.user_required:
                return False
        elif type(user_id) is not str or not 0 < len(user_id) <= _USER_LIMIT or user_id[0] in "{[":
            return False
        if type(session_id) is not str or len(session_id) > _SESSION_LIMIT or session_id[:1] in _NESTED:
            return False
        if type(source) is not str or len(source) > _SOURCE_LIMIT or source[:1] in _NESTED:
            return False
        given = get("properties")
        if given is None:
            given = get("data")
            if given is None:
                given = get("metadata")
                if given is None:
                    given = get("event_data", _NOTHING)
        context = get("context", _NOTHING)
        if type(given) is not dict or type(context) is not dict:
            return False
        if not given and not event.keys().isdisjoint(_OTHER_PROPERTIES):
            return False
        if line.count(b'":') > len(event) + len(given) + len(context):
            return False
        checks, needed = rule.checks, len(rule.needs)
        for name, value in given.items():
            if name not in checks:
                if name in self._aliases or name != name.lower():
                    return False
                continue
            if value is None or value == "":
                continue
            if name in rule.needs:
                needed -= 1
            check = checks[name]
            if check is not None:
                text = value if type(value) is str else text_of(value)
                if len(text) >= _LONG_NUMBER and text[0] < ":":
                    text = exact_text(text, line)
                if not check(text):
                    return False
        return needed == 0

    def _judge(self, event: Mapping[str, Any], line: bytes, latest: datetime) -> str:
        event_id = _first(event, "event_id")
        if not event_id:
            return "missing_field:event_id"
        if self._is_uuid(event_id) is None:
            return "invalid_field:event_id"
        event_type = _first(event, "event_type")
        if not event_type:
            return "missing_field:event_type"
        rule = self._rules.get(event_type)
        if rule is None:
            return "unknown_event_type"
        if reason := self._when(_first(event, "occurred_at"), latest):
            return reason
        if reason := _who(event, rule):
            return reason
        given = _given(event)
        if given is None:
            return "invalid_field:properties"
        context = event.get("context")
        if context is not None and type(context) not in (dict, Members):
            return "invalid_field:context"
        return self._properties(given.items() if isinstance(given, Mapping) else given, rule, line)

    def _when(self, text: str, latest: datetime) -> str:
        if not text:
            return "missing_field:occurred_at"
        if self._is_instant(text) is None:
            return "invalid_field:occurred_at"
        year = text[:4]
        if year > _LAST_YEAR:
            return "occurred_in_future"
        if year < _FIRST_YEAR:
            return "invalid_field:occurred_at"
        try:
            instant = datetime.fromisoformat(text.upper())
        except ValueError:
            return "invalid_field:occurred_at"
        if instant < _EPOCH:
            return "invalid_field:occurred_at"
        return "occurred_in_future" if instant > latest else ""

    def _properties(self, given: Iterable[tuple[str, Any]], rule: _Rule, line: bytes) -> str:
        """Names brought into canonical form, the canonical spelling winning; the first reason that applies."""
        texts = [(name, text_of(value)) for name, value in given]
        raw: dict[str, str] = {}
        for name, text in texts:
            raw.setdefault(name, text)
        properties: list[tuple[str, str]] = []
        for name, text in texts:
            canonical = self._canonical(name)
            if text and (canonical == name or not raw.get(canonical)):
                properties.append((canonical, exact_text(text, line)))
        present = {name for name, _ in properties}
        for name in rule.required:
            if name not in present:
                return f"missing_field:{name}"
        bad = {(name, text) for name, text in properties if (check := rule.checks.get(name)) and not check(text)}
        if not bad:
            return ""
        first: dict[str, str] = {}
        for name, text in properties:
            first.setdefault(name, text)
        return "invalid_field:" + next((n for n in rule.checks if n in first and (n, first[n]) in bad), "")

    def _made_canonical(self, name: str) -> str:
        snake = _HUMP.sub(r"\1_\2", name).encode().lower().decode()  # ASCII letters only, as ClickHouse
        return self._aliases.get(snake, snake)


def _matching(pattern: str) -> _Check:
    return re.compile(f"(?s:{pattern})").fullmatch


def is_blank(line: bytes) -> bool:
    """True for a line that is no event, not even a bad one."""
    return not line.strip(_BLANK)


def _first(event: Mapping[str, Any], field: str) -> str:
    """Text of the first spelling of an envelope field that is there."""
    for name in _NAMES[field]:
        value = event.get(name)
        if value is not None and value != "":
            return value if type(value) is str else text_of(value)
    return ""


def _who(event: Mapping[str, Any], rule: _Rule) -> str:
    for field in _LIMITED:
        text = _first(event, field)
        if not text:
            if field == "user_id" and rule.user_required:
                return "missing_field:user_id"
        elif len(text) > ENVELOPE_LIMITS[field] or text[0] in "{[":
            return f"invalid_field:{field}"
    return ""


def _given(event: Mapping[str, Any]) -> Mapping[str, Any] | _Pairs | None:
    """The first spelling of `properties` that holds something; None where something else stands there."""
    values = [value for name in _NAMES["properties"] if (value := event.get(name)) is not None]
    objects = [value for value in values if type(value) in (dict, Members) and value]
    given = objects[0] if objects else {}
    pairs = given.items() if type(given) is dict else given
    sound = not values or type(values[0]) in (dict, Members)
    return given if sound or any(value is not None and value != "" for _, value in pairs) else None
