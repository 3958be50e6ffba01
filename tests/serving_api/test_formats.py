"""Every table of every answer as a file holds what the JSON document holds; requests get the format they ask for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serving_api.endpoint import Endpoint, load
from serving_api.formats import FORMATS, chosen
from serving_api.problems import Problem
from serving_api.tables import FIELDS, Table

ENDPOINTS = load()
DASHBOARD = "/api/v1/admin/analytics/dashboard"
DAILY = "/api/v1/marts/daily_metrics"
TYPES = {known.name: known.media_type for known in FORMATS}
FILES = ("csv", "ndjson", "parquet", "arrow", "xlsx")

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.header.path)


def asked(endpoint: Endpoint) -> tuple[str, dict[str, str]]:
    """A path and parameters of an endpoint to which there is an answer."""
    path = endpoint.header.path.replace("{type}", "daily_signups").replace("{mart}", "revenue")
    users = [p.shown_name for p in endpoint.parameters.values() if p.type == "user"]
    return path, dict.fromkeys(users, "free-1") | ({"limit": "10000"} if endpoint.paged else {})


def in_json(document: Any, table: Table) -> list[dict[str, Any]]:
    """The rows of a table as a document has them."""
    found = document["data"] if isinstance(document, dict) and "meta" in document else document
    for name in table.name.split(".") if table.name else ():
        found = found if name == FIELDS else found[name]
    rows = found if isinstance(found, list) else [found]
    return [{name: row[name] for name in table.columns} for row in rows]


def read(form: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of a file."""
    if form == "csv":
        return [dict(row) for row in csv.DictReader(io.StringIO(content.decode()))]
    if form == "ndjson":
        return [json.loads(line, parse_float=Decimal) for line in content.splitlines()]
    if form == "xlsx":
        header, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Data"].iter_rows(values_only=True)
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]
    table = pq.read_table(io.BytesIO(content)) if form == "parquet" else pa.ipc.open_stream(content).read_all()
    rows_: list[dict[str, Any]] = table.to_pylist()
    return rows_


def flat(row: dict[str, Any], table: Table) -> dict[str, Any]:
    """A row of JSON as formats have it that know text and numbers only."""
    return dict(_flat(row, table))


def _flat(row: dict[str, Any], table: Table) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if table.columns[name].is_plain:
            yield name, value
        elif table.columns[name].type.startswith("Tuple"):
            yield from ((f"{name}.{field}", inner) for field, inner in value.items())
        else:
            yield name, value


def same(form: str, value: Any, expected: Any) -> bool:
    """Whether a value of a file is one of JSON, as far as the format can hold it."""
    if expected is None or expected == "":
        return value in (None, "")
    if isinstance(expected, bool):
        return str(value).lower() == str(expected).lower()
    if isinstance(expected, Decimal | int):
        number = Decimal(str(value))
        return number == expected if form != "xlsx" else float(number) == pytest.approx(float(expected), rel=1e-12)
    if isinstance(expected, dict | list) and isinstance(value, str):
        return bool(json.loads(value, parse_float=Decimal) == expected)
    if isinstance(expected, dict):
        return dict(value).keys() == expected.keys() and all(same(form, dict(value)[n], v) for n, v in expected.items())
    if isinstance(expected, list):
        return len(value) == len(expected) and all(map(same, [form] * len(value), value, expected))
    if isinstance(value, datetime):
        # A sheet has days as midnights, and no zones.
        value = value.replace(tzinfo=UTC) if "T" in expected else value.date()
    if isinstance(value, datetime):
        return abs((value - datetime.fromisoformat(expected)).total_seconds()) < 0.001
    if isinstance(value, date | UUID):
        return str(value) == expected
    return bool(value == expected)


@every_endpoint
def test_a_table_in_any_format_has_the_rows_of_the_document(admin_client: httpx.Client, endpoint: Endpoint) -> None:
    path, parameters = asked(endpoint)
    document = json.loads(admin_client.get(path, params=parameters | {"format": "json"}).text, parse_float=Decimal)
    for table in endpoint.tables.values():
        rows = in_json(document, table)
        part = {"part": table.name} if len(endpoint.tables) > 1 else {}
        for form in FILES:
            answer = admin_client.get(path, params=parameters | part | {"format": form})
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].partition(";")[0] == TYPES[form]
            assert answer.headers["content-disposition"].endswith(f'.{form}"')
            is_flat = form in ("csv", "xlsx")
            found = read(form, answer.content)
            expected = [flat(row, table) if is_flat else row for row in rows]
            assert not found or list(found[0]) == list(table.flat_columns if is_flat else table.columns)
            assert len(found) == len(expected)
            for row, told in zip(found, expected, strict=True):
                assert all(same(form, row[name], told[name]) for name in told), (table.name, form, row, told)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv;q=0.2, application/x-ndjson;q=0.3", "ndjson"),
        # What is named goes before what only a wildcard admits.
        ("text/csv, */*", "csv"),
        ("application/json;q=0.1, text/*;q=0.2", "csv"),
        ("application/json;q=0, application/*", "ndjson"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"),
        ("application/json; charset=utf-8", "json"),
        ("APPLICATION/VND.APACHE.PARQUET", "parquet"),
        ("", "json"),
    ],
)
def test_accept_chooses_as_http_says(analyst: httpx.Client, accept: str, form: str) -> None:
    answer = analyst.get(DAILY, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == TYPES[form]
    assert answer.headers["vary"].removesuffix(", Accept-Encoding") == "Authorization, Accept"


def test_format_goes_before_accept(analyst: httpx.Client) -> None:
    answer = analyst.get(DAILY, params={"format": "arrow"}, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == TYPES["arrow"]
    figure = analyst.get("/api/v1/charts/user-growth?format=plotly", headers={"Accept": "text/csv"})
    assert set(figure.json()) == {"data", "layout"}


def test_exports_are_csv_unless_something_else_is_asked_for(analyst: httpx.Client) -> None:
    path = "/api/v1/export/revenue"
    assert analyst.get(path).headers["content-type"] == "text/csv; charset=utf-8"
    assert isinstance(analyst.get(path, headers={"Accept": "application/json"}).json(), list)


@pytest.mark.parametrize(
    ("query", "accept"),
    [("format=png", "*/*"), ("format=", "*/*"), ("", "image/png"), ("", "application/json;q=0"), ("", "nonsense")],
)
def test_what_there_is_not_is_refused_with_what_there_is(analyst: httpx.Client, query: str, accept: str) -> None:
    answer = analyst.get(f"{DAILY}?{query}", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["type"]) == (406, "/docs#problem-not-acceptable")
    assert answer.headers["content-type"] == "application/problem+json"
    for known in FORMATS:
        assert f"{known.media_type} (format={known.name})" in answer.json()["detail"]


def test_a_figure_is_only_offered_where_there_is_one(analyst: httpx.Client) -> None:
    assert analyst.get(DAILY, params={"format": "plotly"}).status_code == 406


def test_of_several_with_one_type_the_first_is_meant() -> None:
    charts = next(e for e in ENDPOINTS if e.header.path == "/api/v1/charts/user-growth")
    assert chosen(charts.formats, None, "application/json").name == "json"
    with pytest.raises(Problem):
        chosen(charts.formats, None, "text/plain")


@pytest.mark.parametrize("form", ["csv", "parquet", "arrow", "xlsx"])
def test_a_document_of_several_tables_needs_to_know_which(analyst: httpx.Client, form: str) -> None:
    answer = analyst.get(DASHBOARD, params={"format": form})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["parameter"]) == (400, "part")
    assert error["message"].endswith("one of: summary, comparison, trends, creator_levels, recent_activity")
    assert analyst.get(DASHBOARD, params={"format": form, "part": "nothing"}).status_code == 400


def test_a_document_by_lines_has_one_for_each_part(analyst: httpx.Client) -> None:
    for path in (DASHBOARD, "/api/v1/reports/summary"):
        lines = [json.loads(line) for line in analyst.get(path, params={"format": "ndjson"}).text.splitlines()]
        assert {line["part"]: line["data"] for line in lines} == analyst.get(path).json()


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (DASHBOARD, "part=summary", "part"),
        (DASHBOARD, "format=ndjson&skip=1", "skip"),
        (DAILY, "skip=1", "skip"),
        (DAILY, "format=xlsx&skip=1", "skip"),
        (DAILY, "part=summary", "part"),
        ("/api/v1/dashboard", "format=csv&skip=1", "skip"),
    ],
)
def test_what_does_not_go_together_is_named(analyst: httpx.Client, path: str, query: str, parameter: str) -> None:
    answer = analyst.get(f"{path}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)


def test_each_format_part_and_beginning_has_its_tag(analyst: httpx.Client) -> None:
    queries = [f"{DAILY}?format={known.name}" for known in FORMATS]
    queries += [f"{DAILY}?format=csv&skip=1", f"{DAILY}?format=csv&limit=1000"]
    queries += [f"{DASHBOARD}?format=csv&part=summary", f"{DASHBOARD}?format=csv&part=trends"]
    tags = [analyst.get(query).headers["etag"] for query in queries]
    assert len(set(tags)) == len(tags)
    for query, tag in zip(queries, tags, strict=True):
        unchanged = analyst.get(query, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("form", FILES)
def test_what_does_not_exist_is_404_in_any_format(analyst: httpx.Client, form: str) -> None:
    for path, query in (
        ("/api/metrics/no:such", {}),
        ("/explain/job-success-score", {"userId": "nobody", "part": "contracts"}),
        ("/lineage/nothing", {"part": "upstream"}),
    ):
        answer = analyst.get(path, params=query | {"format": form})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_file_name_says_what_is_in_it(analyst: httpx.Client) -> None:
    names = {
        f"{DAILY}?format=parquet": "daily_metrics.parquet",
        f"{DASHBOARD}?format=csv&part=trends": "dashboard.trends.csv",
        f"{DASHBOARD}?format=ndjson": "dashboard.ndjson",
        "/api/v1/dashboard?format=xlsx": "dashboard.xlsx",
        "/api/metrics/daily_signups?format=csv": "metrics.csv",
    }
    for query, name in names.items():
        assert analyst.get(query).headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_workbook_says_where_its_numbers_are_from(analyst: httpx.Client) -> None:
    content = analyst.get(f"{DAILY}?format=xlsx&startDate=2024-04-01&endDate=2024-04-30").content
    cover = openpyxl.load_workbook(io.BytesIO(content))["Cover"]
    told = {row[0].value: row[1].value for row in cover.iter_rows()}
    assert (told["Generation"], told["startDate"], told["Rows"]) == ("1", "2024-04-01", "30")
    assert told["total_revenue"] == "Charges of all revenue streams in US dollars."
    assert content == analyst.get(f"{DAILY}?format=xlsx&startDate=2024-04-01&endDate=2024-04-30").content
