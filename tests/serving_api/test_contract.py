"""Headers promise what queries return, and what the marts' dbt contracts say."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from serving_api.auth import Caller, Role
from serving_api.endpoint import Endpoint, Part, load
from serving_api.generations import Generation
from serving_api.parameters import START, Values
from serving_api.questions import Question, with_user
from serving_api.spans import resolve
from tests.serving_api.published import COMPLETE_THROUGH, FIRST_DAY, LAST_DAY, USERS, contract, marts, publish
from warehouse.client import Identity, http_endpoint
from warehouse.settings import Settings

ENDPOINTS = load()
#: Columns that endpoints make themselves, from several of a mart's or from none, and what they are is said there.
EXPLAINED = {
    *("contract_points", "long_term_points", "points", "lost_points", "rounding", "generation", "change"),
    *("rating_missing", "best_reviews_missing", "is_ready", "rating_change", "tasks_added"),
    *("contracts_added", "clients_added", "long_term_clients_added"),
}
MADE = EXPLAINED | {
    "as_of",
    "date",
    "hour",
    "without_rate_count",
    "days",
    "growth_rate",
    "share",
    "percent",
    "rank",
    "change_rate",
    "id",
    "metadata",
    "level_name",
    "text",
    "at",
}
#: Rates over several days are made anew from what they are rates of.
RATES = re.compile(
    r".*_(rate|share|per_message|per_hour|avg)|avg_.*|audit_completeness|auto_flag_accuracy|rating_current"
)

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.header.path)
every_query = pytest.mark.parametrize(
    ("endpoint", "part"),
    [(e, part) for e in ENDPOINTS for part in e.answer.queries()],
    ids=[f"{e.header.path} {part.name}" for e in ENDPOINTS for part in e.answer.queries()],
)


@pytest.fixture(scope="module")
def database(admin: Client) -> str:
    return publish(admin, 1)


def result(endpoint: Endpoint, part: Part, engine: Settings, database: str) -> dict[str, Any]:
    """The result of a query of an endpoint with names and types, as the reader gets it."""
    caller = Caller(USERS[0], Role.ADMIN)
    values: Values = {name: p.default for name, p in endpoint.parameters.items() if p.type not in ("cursor", "integer")}
    if START in values:
        values |= {START: FIRST_DAY, "endDate": LAST_DAY}
    if "{type}" in endpoint.header.path:
        values["type"] = "daily_signups"
    if "{mart}" in endpoint.header.path:
        values["mart"] = "revenue"
    values = with_user(values, endpoint.parameters, caller)
    question = Question(
        endpoint=endpoint,
        generation=Generation(1, database, "", datetime.now(UTC), COMPLETE_THROUGH),
        values=resolve(values, endpoint.parameters, endpoint.header.dates, LAST_DAY),
        limit=10000 if endpoint.paged else None,
        position=() if endpoint.header.keyset else 0,
        caller=caller,
    )
    reader = http_endpoint(Identity.READER, engine)
    query = {"database": database, "default_format": "JSON", **question.parameters()}
    request = urllib.request.Request(
        f"{reader.url}/?{urllib.parse.urlencode(query)}", data=part.sql.encode(), headers=reader.headers
    )
    with urllib.request.urlopen(request) as answer:
        loaded: dict[str, Any] = json.load(answer)
    return loaded


@every_query
def test_columns_are_those_that_the_header_declares(
    endpoint: Endpoint, part: Part, engine: Settings, database: str
) -> None:
    found = {column["name"]: column["type"] for column in result(endpoint, part, engine, database)["meta"]}
    assert list(found) == list(part.columns)
    assert found == {name: column.type for name, column in part.columns.items()}


@every_query
def test_rows_are_in_their_order_and_it_is_unique(
    endpoint: Endpoint, part: Part, engine: Settings, database: str
) -> None:
    rows = result(endpoint, part, engine, database)["data"]
    assert rows
    if part.shape != "rows":
        assert len(rows) == 1
        return
    keys = [tuple(_comparable(row[name]) for name in part.key) for row in rows]
    falls = {name.startswith("-") for name in part.order}
    assert len(falls) == 1
    # Events of one instant have their order, but the document shows nothing to tell it by.
    assert len(set(keys)) == len(keys) or part.name == "recent_activity"
    assert keys == sorted(keys, reverse=falls.pop())


def _comparable(value: Any) -> Any:
    return value if isinstance(value, int | float) else (value or "").encode()


@every_endpoint
def test_a_header_names_the_marts_that_its_queries_read(endpoint: Endpoint) -> None:
    own = [part for part in endpoint.answer.parts or (endpoint.answer,) if part.endpoint is None]
    read = {name for part in own for name in re.findall(r"\b(?:from|join) (\w+)", part.sql)}
    assert read & set(marts()) == set(endpoint.header.marts)


@every_endpoint
def test_types_follow_the_contracts_of_the_marts(endpoint: Endpoint) -> None:
    contracts = {mart: contract(mart) for mart in endpoint.header.marts}
    if not contracts:
        # It is about the marts, and reads none.
        return
    for part in endpoint.answer.parts or (endpoint.answer,):
        # A part that is another endpoint is looked at there.
        for name, column in part.columns.items() if part.endpoint is None else ():
            mart, _, source = (column.of or f"{endpoint.header.marts[0]}.{name}").partition(".")
            if source not in contracts[mart]:
                # A column that no mart has is one the endpoint adds, and it says what it is.
                assert column.of is None
                assert name in MADE or RATES.fullmatch(name) or _inner(column.type), name
                continue
            for type_ in _inner(column.type) or [column.type]:
                means = RATES.fullmatch(name) is not None
                assert follows(type_, contracts[mart][source], averaged=means), name


def _inner(type_: str) -> list[str]:
    """Types of what is compared: a tuple of previous value and change is of the value's type."""
    compared = re.fullmatch(r"Tuple\(previous (.+), change Nullable\(Float64\)\)", type_)
    if compared:
        return [compared[1]]
    return [] if not type_.startswith(("Tuple", "Array")) else ["any"]


def follows(answered: str, contracted: str, *, averaged: bool) -> bool:
    """A sum has more digits, a mean is a float, and what makes no sense for a grouping is null."""
    allowed = {contracted, f"Nullable({contracted})", "any"}
    if contracted.startswith("LowCardinality"):
        allowed.add(f"Nullable({contracted[15:-1]})")
    if decimal := re.fullmatch(r"Decimal\(18, (\d+)\)", contracted):
        wider = f"Decimal(38, {decimal[1]})"
        allowed |= {wider, f"Nullable({wider})"}
    if averaged:
        allowed |= {"Float64", "Nullable(Float64)"}
    return answered in allowed
