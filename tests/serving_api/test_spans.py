"""Dates, periods and ranges as days."""

from __future__ import annotations

from datetime import date

import pytest

from serving_api.parameters import FIRST_DATE, Parameter, Values
from serving_api.problems import Problem
from serving_api.spans import PERIODS, RANGES, DateRange, resolve

DAY = date.fromisoformat


def spanned(type_: str, value: str, last_day: str) -> Values:
    choices = tuple(PERIODS if type_ == "period" else RANGES)
    parameter = Parameter(name="p", type=type_, description="", choices=choices, default=value)  # type: ignore[arg-type]
    return resolve({"p": value}, {"p": parameter}, DateRange(), DAY(last_day))


@pytest.mark.parametrize(
    ("period", "last_day", "start", "before", "granularity"),
    [
        ("day", "2024-03-01", "2024-03-01", ("2024-02-29", "2024-02-29"), "day"),
        ("week", "2024-03-06", "2024-03-04", ("2024-02-26", "2024-02-28"), "day"),
        ("week", "2024-03-04", "2024-03-04", ("2024-02-26", "2024-02-26"), "day"),
        ("month", "2024-03-10", "2024-03-01", ("2024-02-01", "2024-02-10"), "day"),
        # February has no 31st: all of it is what comes nearest.
        ("month", "2024-03-31", "2024-03-01", ("2024-02-01", "2024-02-29"), "day"),
        ("month", "2024-01-15", "2024-01-01", ("2023-12-01", "2023-12-15"), "day"),
        ("quarter", "2024-05-02", "2024-04-01", ("2024-01-01", "2024-02-01"), "week"),
        ("year", "2024-12-31", "2024-01-01", ("2023-01-01", "2023-12-31"), "month"),
        ("year", "2023-12-31", "2023-01-01", ("2022-01-01", "2022-12-31"), "month"),
    ],
)
def test_a_period_goes_up_to_the_last_day_and_is_held_against_as_many_before(
    period: str, last_day: str, start: str, before: tuple[str, str], granularity: str
) -> None:
    assert spanned("period", period, last_day) == {
        "p": period,
        "startDate": DAY(start),
        "endDate": DAY(last_day),
        "previousStart": DAY(before[0]),
        "previousEnd": DAY(before[1]),
        "granularity": granularity,
    }


def test_a_range_is_a_number_of_days_up_to_the_last() -> None:
    week = spanned("range", "7d", "2024-03-07")
    assert (week["startDate"], week["previousStart"], week["previousEnd"]) == (
        DAY("2024-03-01"),
        DAY("2024-02-23"),
        DAY("2024-02-29"),
    )
    everything = spanned("range", "all", "2024-03-07")
    assert (everything["startDate"], everything["endDate"]) == (FIRST_DATE, DAY("2024-03-07"))
    assert [spanned("range", name, "2024-03-07")["granularity"] for name in ("90d", "12m")] == ["day", "month"]


def test_dates_are_held_against_as_many_days_before() -> None:
    parameters = {name: Parameter(name=name, type="date", description="") for name in ("startDate", "endDate")}
    asked: Values = {"startDate": DAY("2024-03-01"), "endDate": DAY("2024-03-10")}
    found = resolve(asked, parameters, DateRange(), DAY("2024-04-30"))
    assert (found["previousStart"], found["previousEnd"]) == (DAY("2024-02-20"), DAY("2024-02-29"))
    first = resolve({"startDate": FIRST_DATE, "endDate": FIRST_DATE}, parameters, DateRange(), FIRST_DATE)
    assert (first["previousStart"], first["previousEnd"]) == (FIRST_DATE, FIRST_DATE)


def test_what_has_left_is_not_looked_at() -> None:
    parameters = {name: Parameter(name=name, type="date", description="") for name in ("startDate", "endDate")}
    last_day, kept_from = DAY("2024-04-30"), DAY("2024-04-01")

    def days(start: str | None, end: str | None) -> Values:
        asked: Values = {"startDate": start and DAY(start), "endDate": end and DAY(end)}
        return resolve(asked, parameters, DateRange(), last_day, kept_from)

    for start, end, named in (("2024-03-31", "2024-04-30", "startDate"), (None, "2024-03-31", "endDate")):
        with pytest.raises(Problem, match=f"{named} nothing is kept of days before 2024-04-01"):
            days(start, end)
    # By default what there is.
    assert days(None, "2024-04-10")["startDate"] == kept_from
    whole = days("2024-04-11", "2024-04-20")
    assert (whole["previousStart"], whole["previousEnd"]) == (DAY("2024-04-01"), DAY("2024-04-10"))
    # Days before of which only some are kept are none.
    cut = days("2024-04-10", "2024-04-20")
    assert (cut["previousStart"], cut["previousEnd"]) == (DAY("2024-04-10"), DAY("2024-04-09"))
    choice = Parameter(name="p", type="range", description="", choices=tuple(RANGES), default="all")
    everything = resolve({"p": "all"}, {"p": choice}, DateRange(), last_day, kept_from)
    assert (everything["startDate"], everything["endDate"]) == (kept_from, last_day)
    choice = Parameter(name="p", type="period", description="", choices=tuple(PERIODS), default="month")
    month = resolve({"p": "month"}, {"p": choice}, DateRange(), last_day, kept_from)
    assert (month["startDate"], month["previousStart"], month["previousEnd"]) == (
        kept_from,
        kept_from,
        DAY("2024-03-31"),
    )
