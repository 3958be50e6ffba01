"""Which days a question is about: given as dates, a period or a range, with the days before to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from serving_api.parameters import END, FIRST_DATE, START, Parameter, Value, Values, invalid
from serving_api.problems import ParameterError

GRANULARITY, PREVIOUS_START, PREVIOUS_END = "granularity", "previousStart", "previousEnd"
#: What the SQL may bind of a span, whichever way the caller has given it.
SPAN_TYPES = {START: "Date", END: "Date", PREVIOUS_START: "Date", PREVIOUS_END: "Date", GRANULARITY: "String"}

#: Calendar periods up to the last day there are data for, and how long the steps of their trends are.
PERIODS = {"day": "day", "week": "day", "month": "day", "quarter": "week", "year": "month"}
#: Days up to the last one there are data for; None = all there are.
RANGES = {"7d": 7, "30d": 30, "90d": 90, "12m": 365, "all": None}
_LONG_RANGE_DAYS = 90
#: So many days may be looked at by the hour.
_HOURLY_DAYS = 92

_DAY = timedelta(days=1)


class DateRange(BaseModel):
    """How far an endpoint looks back by default, and how far it may, in days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_days: int = 30
    max_days: int = 7305


def resolve(
    values: Values,
    parameters: Mapping[str, Parameter],
    dates: DateRange,
    last_day: date,
    first_day: date = FIRST_DATE,
) -> Values:
    """Fill in the days of a question, and those before it, from the days there are data for.

    Args:
        values: of the parameters; days that are missing are filled in.
        parameters: those of the endpoint.
        dates: how far it looks back.
        last_day: the last day there are data for.
        first_day: the first one of which all that is read is kept.

    Raises:
        Problem: the range is the wrong way round or too long, or nothing is kept of days in it.
    """
    for name, parameter in parameters.items():
        text = values.get(name)
        if parameter.type == "period" and isinstance(text, str):
            return _of_period(text, min(first_day, last_day), last_day) | values
        if parameter.type == "range" and isinstance(text, str):
            return _of_range(text, min(first_day, last_day), last_day) | values
    return _of_dates(values, parameters, dates, first_day, last_day)


def _of_period(period: str, first_day: date, last_day: date) -> Values:
    start = max(_first_day(period, last_day), first_day)
    before = _first_day(period, start - _DAY)
    # As far into the period before as this one has come, so that a month begun is not held against a whole one.
    end = min(before + (last_day - start), start - _DAY)
    if before < first_day:
        before, end = start, start - _DAY
    return _span(start, last_day, before, end) | {GRANULARITY: PERIODS[period]}


def _of_range(name: str, first_day: date, last_day: date) -> Values:
    days = RANGES[name]
    granularity = "day" if days is not None and days <= _LONG_RANGE_DAYS else "month"
    start = first_day if days is None else max(first_day, last_day - (days - 1) * _DAY)
    return _before(start, last_day, first_day) | {GRANULARITY: granularity}


def _of_dates(
    values: Values, parameters: Mapping[str, Parameter], dates: DateRange, first_day: date, last_day: date
) -> Values:
    if END not in parameters:
        return values
    start, end = values.get(START), values[END]
    if not isinstance(end, date):
        end = max(last_day, start) if isinstance(start, date) else last_day
    last = parameters[END].shown_name
    if end < first_day:
        raise invalid(ParameterError(last, f"nothing is kept of days before {first_day}"))
    if START not in parameters:
        return values | {END: end}
    first = parameters[START].shown_name
    if not isinstance(start, date):
        start = max(first_day, end - (dates.default_days - 1) * _DAY)
    elif start < first_day:
        raise invalid(ParameterError(first, f"nothing is kept of days before {first_day}; begin with that day"))
    if start > end:
        raise invalid(ParameterError(first, f"must not be after {last}"))
    if (end - start).days >= dates.max_days:
        raise invalid(ParameterError(first, f"the range must not exceed {dates.max_days} days"))
    if values.get(GRANULARITY) == "hour" and (end - start).days >= _HOURLY_DAYS:
        raise invalid(ParameterError(first, f"the range must not exceed {_HOURLY_DAYS} days by the hour"))
    return values | _before(start, end, first_day)


def _before(start: date, end: date, first_day: date) -> Values:
    length = end - start + _DAY
    if start - first_day < length and first_day > FIRST_DATE:
        # Not all of them are kept: none is better than some, and a span without days has none.
        return _span(start, end, start, start - _DAY)
    length = min(length, start - FIRST_DATE)
    return _span(start, end, start - length, start - _DAY if length else start)


def _span(start: date, end: date, before_start: date, before_end: date) -> Values:
    span: dict[str, Value] = {START: start, END: end, PREVIOUS_START: before_start, PREVIOUS_END: before_end}
    return span


def _first_day(period: str, day: date) -> date:
    if period == "week":
        return day - day.weekday() * _DAY
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if period == "year" else day
