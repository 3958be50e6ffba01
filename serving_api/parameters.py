"""Query parameters: declared in an endpoint's header, checked here, bound by ClickHouse, never pasted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, model_validator

from serving_api.problems import INVALID_PARAMETERS, ParameterError, Problem

Value = date | int | str | tuple[str, ...] | None
Values = dict[str, Value]

#: What ClickHouse's `Date` can hold.
FIRST_DATE = date(1970, 1, 1)
LAST_DATE = date(2149, 6, 6)

START, END, LIMIT, CURSOR, AS_OF = "startDate", "endDate", "limit", "cursor", "as_of"
ZONE, CURRENCY = "tz", "currency"
FORMAT, PART, SKIP = "format", "part", "skip"
UTC, DOLLAR = "UTC", "USD"

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"[0-9]{1,10}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NAME = re.compile(r"[A-Za-z0-9_]+")
# A String parameter is read like a field of a TSV file.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\b": "\\b", "\f": "\\f"})
_SQL_TYPES = {
    "date": "Date",
    "choice": "String",
    "choices": "Array(String)",
    "integer": "UInt64",
    "string": "Nullable(String)",
    "word": "String",
    "user": "String",
    "zone": "String",
    "currency": "String",
    "generation": "Nullable(UInt64)",
}
# One of a few words; only the first is one for the SQL, the next say what days, the last how the answer is taken away.
_CHOICE = ("choice", "period", "range", "part")
_CHOICES = (*_CHOICE, "choices", "format")
# The number of a generation and of rows left out: told ClickHouse otherwise.
_UNBOUND = (AS_OF, SKIP)


class Parameter(BaseModel):
    """One query parameter of an endpoint.

    Attributes:
        name: in the SQL: `{name:Type}`.
        alias: in the URL, where it has another name there.
        type: date (ISO, UTC day), choice (one of), choices (comma-separated some of), integer, string (exact
            match, of `choices` if there are any; absent = null), word (part of the path), user (whose page it is: for
            others than admin and analyst their own), period or range (which days), format (of the answer; its reader
            checks it against `Accept`, too), part (of the answer; absent = null), zone (IANA name), currency (ISO
            code), cursor (opaque, from `meta.next`) or generation (a number; absent = null).
        choices: the allowed values of choice, choices, period, range, part and format, and of a string that has them.
        refused: values that are refused with a reason of their own.
        default: value when the parameter is absent; dates have theirs from the generation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    alias: str | None = None
    type: Literal[
        "date",
        "choice",
        "choices",
        "integer",
        "string",
        "word",
        "user",
        "period",
        "range",
        "format",
        "part",
        "zone",
        "currency",
        "cursor",
        "generation",
    ]
    description: str
    choices: tuple[str, ...] = ()
    refused: dict[str, str] = {}
    default: int | str | tuple[str, ...] | None = None
    minimum: int = 0
    maximum: int = 2**32 - 1
    max_length: int = 200

    @model_validator(mode="after")
    def _sound(self) -> Parameter:
        # Choices need no escaping inside an array because they are plain names; those of parts have dots.
        if not all(_NAME.fullmatch(choice.replace(".", "_")) for choice in self.choices):
            raise ValueError(f"{self.name}: choices must be plain names")
        if bool(self.choices) != (self.type in _CHOICES) and self.type != "string":
            raise ValueError(f"{self.name}: choices belong to {', '.join(_CHOICES)} and string, and only there")
        needing = {*_CHOICES, "integer", "zone", "currency"} - {"format", "part"}
        if self.type in needing and self.name not in _UNBOUND and self.default is None:
            raise ValueError(f"{self.name}: needs a default")
        return self

    @property
    def shown_name(self) -> str:
        """Name in the URL."""
        return self.alias or self.name

    @property
    def sql_type(self) -> str | None:
        """ClickHouse type of the placeholder; None when the SQL does not see the parameter."""
        return _SQL_TYPES.get(self.type) if self.name not in _UNBOUND else None

    def parse(self, given: list[str]) -> Value:
        """The value that the URL gives, or the default.

        Raises:
            ValueError: with a message for the caller.
        """
        if self.type == "choices":
            return self._parse_choices(given)
        if not given:
            return self.default
        if len(given) > 1:
            raise ValueError("is given more than once")
        text = given[0]
        if self.type == "date":
            return _parse_date(text)
        if self.type in ("integer", "generation"):
            value = int(text) if _INTEGER.fullmatch(text) else -1
            if not self.minimum <= value <= self.maximum:
                raise ValueError(f"must be a whole number from {self.minimum} to {self.maximum}")
            return value
        if self.type in _CHOICE or (self.type == "string" and self.choices):
            self._check_choice(text)
            return text
        if self.type == "format":
            return text
        if self.type == "zone" and text not in _zones():
            raise ValueError("is not a time zone; it takes IANA names as in Asia/Kolkata, or UTC")
        if self.type == "currency" and not _CURRENCY.fullmatch(text):
            raise ValueError("is not a currency; it takes ISO codes as in EUR")
        if not 1 <= len(text) <= self.max_length:
            raise ValueError(f"must have 1 to {self.max_length} characters")
        return text

    def declaration(self) -> dict[str, Any]:
        """The parameter object of OpenAPI."""
        schema: dict[str, Any]
        if self.type == "date":
            bounds = {"formatMinimum": FIRST_DATE.isoformat(), "formatMaximum": LAST_DATE.isoformat()}
            schema = {"type": "string", "format": "date", **bounds}
        elif self.type in (*_CHOICE, "format") or (self.type == "string" and self.choices):
            schema = {"type": "string", "enum": list(self.choices)}
        elif self.type == "choices":
            schema = {
                "type": "array",
                "items": {"type": "string", "enum": list(self.choices)},
                "uniqueItems": True,
            }
        elif self.type in ("integer", "generation"):
            schema = {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}
        else:
            schema = {"type": "string", "minLength": 1, "maxLength": self.max_length}
        if self.type == "currency":
            schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
        if self.type == "cursor":
            schema["pattern"] = "^[A-Za-z0-9_-]+$"
        if self.default is not None:
            schema["default"] = list(self.default) if isinstance(self.default, tuple) else self.default
        place = "path" if self.type == "word" else "query"
        declared = {
            "name": self.shown_name,
            "in": place,
            "required": place == "path",
            "description": self.description,
        }
        if self.type == "choices":
            declared |= {"style": "form", "explode": False}
        return declared | {"schema": schema}

    def _parse_choices(self, given: list[str]) -> tuple[str, ...]:
        if not given:
            return tuple(self.default or ()) if not isinstance(self.default, int | str) else ()
        asked = {part.strip() for text in given for part in text.split(",")} - {""}
        for part in asked:
            self._check_choice(part)
        return tuple(choice for choice in self.choices if choice in asked)

    def _check_choice(self, text: str) -> None:
        if text in self.refused:
            raise ValueError(self.refused[text])
        if text not in self.choices:
            raise ValueError(f"must be one of {', '.join(self.choices)}")


def parse(
    parameters: Mapping[str, Parameter],
    items: Iterable[tuple[str, str]],
    elsewhere: Mapping[str, Collection[str]] | None = None,
) -> Values:
    """Values by parameter name from the query string.

    Args:
        parameters: those of the endpoint, by name.
        items: names and values as they were sent.
        elsewhere: paths by the names of parameters that some endpoints only can have.

    Raises:
        Problem: a parameter is unknown or has a value it cannot have; names them all.
    """
    given: dict[str, list[str]] = {}
    for name, text in items:
        given.setdefault(name, []).append(text)
    names = [parameter.shown_name for parameter in parameters.values()]
    allowed = ", ".join(names) or "none"
    others = elsewhere or {}
    errors = [
        ParameterError(
            name[:100],
            f"is not for this endpoint; those that take it: {', '.join(others[name])}"
            if name in others
            else f"is not a parameter of this endpoint; it has: {allowed}",
        )
        for name in given
        if name not in names
    ]
    values: Values = {}
    for name, parameter in parameters.items():
        try:
            values[name] = parameter.parse(given.get(parameter.shown_name, []))
        except ValueError as error:
            errors.append(ParameterError(parameter.shown_name, str(error)))
    if errors:
        raise invalid(*errors)
    return values


def written(values: Values) -> dict[str, str]:
    """Values as they are written in a URL; absent ones are left out. One value, one spelling."""
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if value is not None
    }


def shown(values: Values) -> dict[str, Any]:
    """Values as they are shown in `meta.parameters`."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def bound(values: Values) -> dict[str, str]:
    """Values in the text form in which ClickHouse takes parameters."""
    return {f"param_{name}": _bind(value) for name, value in values.items()}


def canonical(values: Values) -> str:
    """One text per set of values, for hashes."""
    return urlencode(sorted(written(values).items()))


def invalid(*errors: ParameterError) -> Problem:
    """The problem of one or more parameters."""
    detail = "; ".join(f"{error.parameter} {error.message}" for error in errors)
    return Problem(INVALID_PARAMETERS, detail, errors=errors)


@cache
def _zones() -> frozenset[str]:
    # The machine's own zone has no business in an answer.
    return frozenset(available_timezones() - {"localtime"})


def _parse_date(text: str) -> date:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError
        value = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("must be a calendar date as YYYY-MM-DD (a UTC day)") from error
    if not FIRST_DATE <= value <= LAST_DATE:
        raise ValueError(f"must lie between {FIRST_DATE} and {LAST_DATE}")
    return value


def _bind(value: Value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ",".join(f"'{choice}'" for choice in value) + "]"
    return str(value).translate(_ESCAPES)
