"""Headers promise what queries return, and what the marts' dbt contracts say."""

from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from serving_api.auth import Caller, Role
from serving_api.endpoint import Endpoint, load
from serving_api.generations import Generation
from serving_api.parameters import START, Values
from serving_api.routes import Page
from tests.serving_api.published import COMPLETE_THROUGH, LAST_DAY, contract, publish
from warehouse.client import Identity, http_endpoint
from warehouse.settings import Settings

ENDPOINTS = load()

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.header.path)


@pytest.fixture(scope="module")
def database(admin: Client) -> str:
    return publish(admin, 1)


def result(endpoint: Endpoint, engine: Settings, database: str) -> dict[str, Any]:
    """The result of an endpoint's own SQL with names and types, as the reader gets it."""
    values: Values = {name: p.default for name, p in endpoint.parameters.items() if p.type not in ("cursor", "integer")}
    if "endDate" in values:
        values["endDate"] = LAST_DAY
    if START in values:
        values[START] = date(2024, 1, 1)
    page = Page(
        endpoint=endpoint,
        generation=Generation(1, database, "", datetime.now(UTC), COMPLETE_THROUGH),
        values=values,
        limit=10000 if endpoint.paged else None,
        offset=0,
        caller=Caller("somebody", Role.ADMIN),
    )
    reader = http_endpoint(Identity.READER, engine)
    query = {"database": database, "default_format": "JSON", **page.parameters()}
    request = urllib.request.Request(
        f"{reader.url}/?{urllib.parse.urlencode(query)}", data=endpoint.sql.encode(), headers=reader.headers
    )
    with urllib.request.urlopen(request) as answer:
        loaded: dict[str, Any] = json.load(answer)
    return loaded


@every_endpoint
def test_columns_are_those_that_the_header_declares(endpoint: Endpoint, engine: Settings, database: str) -> None:
    found = {column["name"]: column["type"] for column in result(endpoint, engine, database)["meta"]}
    assert list(found) == list(endpoint.header.columns)
    assert found == {name: column.type for name, column in endpoint.header.columns.items()}


@every_endpoint
def test_rows_are_in_their_order_and_it_is_unique(endpoint: Endpoint, engine: Settings, database: str) -> None:
    rows = result(endpoint, engine, database)["data"]
    keys = [tuple(row[name] or "" for name in endpoint.header.order) for row in rows]
    assert keys
    assert keys == sorted(set(keys), key=lambda key: [part.encode() for part in key])


@every_endpoint
def test_types_follow_the_contracts_of_the_marts(endpoint: Endpoint) -> None:
    contracts = {mart: contract(mart) for mart in endpoint.header.marts}
    for name, column in endpoint.header.columns.items():
        mart, _, source = (column.of or f"{endpoint.header.marts[0]}.{name}").partition(".")
        if source not in contracts[mart]:
            # A column that no mart has is one the endpoint adds, and it says what it is.
            assert name in {"as_of", "days", "growth_rate"}
            continue
        assert follows(column.type, contracts[mart][source], averaged=name.endswith("_avg")), name


def follows(answered: str, contracted: str, *, averaged: bool) -> bool:
    """A sum has more digits, a mean is a float, and what makes no sense for a grouping is null."""
    allowed = {contracted, f"Nullable({contracted})"}
    if decimal := re.fullmatch(r"Decimal\(18, (\d+)\)", contracted):
        wider = f"Decimal(38, {decimal[1]})"
        allowed |= {wider, f"Nullable({wider})"}
    return answered == "Float64" if averaged else answered in allowed
