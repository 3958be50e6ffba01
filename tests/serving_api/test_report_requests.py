"""What can be asked for is read strictly, and refusals say what is possible."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from serving_api.reports import definition, periods, request
from serving_api.reports.definition import EXPORTS, FINANCIAL, DefinitionError, definitions
from serving_api.reports.periods import Period, days_of
from serving_api.reports.request import RequestError, read_request

FINANCIAL_JUNE = {"kind": "financial", "report": "revenue", "start": "2024-06-01", "end": "2024-06-30"}
USERS = {"kind": "export", "entity": "users"}


def test_every_file_has_a_name_that_can_be_asked_for() -> None:
    assert set(definitions(FINANCIAL)) == set(get_args(request.ReportName))
    assert set(definitions(EXPORTS)) == set(get_args(request.Entity))


@pytest.mark.parametrize(
    "document",
    [
        FINANCIAL_JUNE,
        {"kind": "financial", "report": "form_1099", "period": "last_year", "format": "csv", "as_of": 12},
        USERS | {"filters": {"role": ["creator", "vendor"], "country": "US"}, "format": "parquet"},
        {"kind": "export", "entity": "transactions", "start": "2024-01-01", "filters": {"kind": "payout"}},
        {"kind": "statement", "user": "żółw 🐢", "month": "2024-02"},
        {"kind": "query", "query": {"metrics": ["revenue"]}, "format": "csv"},
    ],
)
def test_requests_survive_their_own_json(document: dict[str, Any]) -> None:
    asked = read_request(document)
    assert read_request(asked.model_dump(mode="json")) == asked
    assert document.items() <= (asked.model_dump(mode="json")).items()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "valid dictionary"),
        ({"kind": "pdf"}, "'financial', 'export', 'statement', 'query'"),
        (
            FINANCIAL_JUNE | {"report": "profit"},
            "'revenue', 'payouts', 'transactions', 'refunds', 'balances' or 'form_1099'",
        ),
        (FINANCIAL_JUNE | {"format": "pdf"}, "'csv', 'xlsx' or 'json'"),
        (FINANCIAL_JUNE | {"granularity": "hour"}, "'day', 'week' or 'month'"),
        (FINANCIAL_JUNE | {"end": "2024-05-31"}, "start must not be after end"),
        (FINANCIAL_JUNE | {"end": None}, "give start and end, or a period"),
        (FINANCIAL_JUNE | {"period": "last_month"}, "give either period, or start and end"),
        (FINANCIAL_JUNE | {"start": "1969-12-31"}, "1970"),
        (FINANCIAL_JUNE | {"surprise": 1}, "surprise"),
        (USERS | {"filters": {"rôle": "x"}}, "rôle is no filter of users; it has: role, plan_tier, country"),
        (USERS | {"filters": {"role": "boss"}}, "role must be one of uploader, creator"),
        (USERS | {"filters": {"country": ["US", "DE"]}}, "country is given more than once"),
        ({"kind": "statement", "user": "ann", "month": "2024-13"}, "month"),
    ],
)
def test_refusals_say_what_is_possible(document: object, said: str) -> None:
    with pytest.raises(RequestError, match=r".") as refused:
        read_request(document)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("yesterday", date(2024, 2, 29), date(2024, 2, 29)),
        ("last_7_days", date(2024, 2, 23), date(2024, 2, 29)),
        ("last_30_days", date(2024, 1, 31), date(2024, 2, 29)),
        ("last_week", date(2024, 2, 19), date(2024, 2, 25)),
        ("last_month", date(2024, 2, 1), date(2024, 2, 29)),
        ("last_quarter", date(2023, 10, 1), date(2023, 12, 31)),
        ("last_year", date(2023, 1, 1), date(2023, 12, 31)),
        ("this_month", date(2024, 3, 1), date(2024, 3, 1)),
        ("this_quarter", date(2024, 1, 1), date(2024, 3, 1)),
        ("this_year", date(2024, 1, 1), date(2024, 3, 1)),
    ],
)
def test_periods_are_whole_ones_that_are_over_or_the_one_that_runs(period: Period, first: date, last: date) -> None:
    assert days_of(period, date(2024, 3, 1)) == (first, last)


def test_every_period_can_be_counted() -> None:
    for period in get_args(periods.Period):
        first, last = days_of(period, date(2024, 1, 1))
        assert first <= last <= date(2024, 1, 1)


HEADER = """/*
title: T
description: D.
source: S
marts: [m]
grain: One row.
order: [{order}]
columns:
  a: {{type: UInt8, description: A.}}
*/
select {sql} as a
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1", "must begin with a header"),
        (HEADER.format(order="a", sql="{surprise:String}"), "the SQL binds"),
        (HEADER.format(order="b", sql="1"), "ordered by columns that are not in it"),
    ],
)
def test_an_unsound_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        definition.read(text, "x")
