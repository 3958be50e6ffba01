"""Files of reports and exports: the same rows in every format, the same bytes every time, or nothing at all."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.generations import REMEMBERED_SECONDS
from serving_api.reports import workbook, writing
from serving_api.reports.definition import EXPORTS, FINANCIAL, STATEMENTS, Definition, definitions
from serving_api.reports.estimate import estimate
from serving_api.reports.origin import ReportError, origin
from serving_api.reports.produce import Produced, produce
from serving_api.reports.request import ExportRequest, FinancialRequest, RequestError, read_request
from serving_api.reports.table import Table
from serving_api.reports.tables import table_of
from tests.serving_api.published import FIRST_DAY, LAST_DAY, point, publish
from warehouse.client import Identity, http_endpoint, receive
from warehouse.settings import Settings

FINANCIALS, ENTITIES = sorted(definitions(FINANCIAL)), sorted(definitions(EXPORTS))
AWKWARD = (
    "o'brien\t\\n",
    "żółw 🐢",
    '<&>"',
    "=1+1",
    "new\nline",
    "a,b",
    "carriage\rreturn",
    " spaces ",
    "&amp;",
    "x" * 255,
)
DEFINITIONS = [d for folder in (FINANCIAL, EXPORTS, STATEMENTS) for d in definitions(folder).values()]
Row = dict[str, Any]


def financial(report: str, form: str = "csv", **more: Any) -> FinancialRequest:
    asked = {"kind": "financial", "report": report, "start": str(FIRST_DAY), "end": str(LAST_DAY), "format": form}
    found = read_request(asked | more)
    assert isinstance(found, FinancialRequest)
    return found


def export(entity: str, form: str = "csv", **more: Any) -> ExportRequest:
    found = read_request({"kind": "export", "entity": entity, "format": form} | more)
    assert isinstance(found, ExportRequest)
    return found


ASKED: list[Any] = [
    *[financial(report, form) for report in FINANCIALS for form in ("csv", "json", "xlsx")],
    *[export(entity, form) for entity in ENTITIES for form in ("csv", "json", "ndjson", "xlsx", "parquet")],
    read_request({"kind": "statement", "user": "free-1", "month": "2024-03"}),
]


@pytest.fixture(scope="module", autouse=True)
def firsts(admin: Client, engine: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Produced]]:
    """Every file of generation 30, made while it is in force; then another comes, with users of awkward names."""
    folder = tmp_path_factory.mktemp("first")
    publish(admin, 30)
    made = [produce(asked, engine, folder) for asked in ASKED]
    database = publish(admin, 31)
    at = datetime(2024, 1, 5, 12, tzinfo=UTC)
    people = [[name, "creator", "free", "US", at.date(), at] for name in AWKWARD]
    columns = ["user_id", "role", "plan_tier", "country", "date", "signed_up_at"]
    admin.insert(f"{database}.users", people, column_names=columns)
    paid = [
        [at.date(), name, "USD", Decimal(599 + place), Decimal(599 + place), 1, 0] for place, name in enumerate(AWKWARD)
    ]
    columns = ["date", "user_id", "currency", "amount", "amount_usd", "payouts", "unconverted_count"]
    admin.insert(f"{database}.payouts", paid, column_names=columns)
    yield made
    # What other modules expect to be in force.
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)


def cells(value: Any) -> Any:
    """A value as all formats can say it: numbers as Decimal at fifteen digits, days and instants as text."""
    if isinstance(value, bool) or value is None or value == "":
        return None if value == "" else value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000"
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).normalize():.15g}"
    return value


def of_csv(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def of_json(path: Path) -> list[Row]:
    found: list[Row] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return found


def of_ndjson(path: Path) -> list[Row]:
    return [json.loads(line, parse_float=Decimal) for line in path.read_text("utf-8").split("\n") if line]


def of_parquet(path: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def of_xlsx(path: Path) -> list[Row]:
    book = openpyxl.load_workbook(path)
    rows = []
    for sheet in book.worksheets[1:]:
        head, *body = sheet.iter_rows(values_only=True)
        rows += [dict(zip(head, row, strict=True)) for row in body]
    return [row for row in rows if "Total" not in row.values()]


READERS: dict[str, Callable[[Path], list[Row]]] = {
    "csv": of_csv, "json": of_json, "ndjson": of_ndjson, "parquet": of_parquet, "xlsx": of_xlsx,
}  # fmt: skip


def read(made: Produced, columns: dict[str, str]) -> list[tuple[Any, ...]]:
    """The rows of a file, as all formats can say them."""
    found = []
    for row in READERS[made.path.suffix[1:]](made.path):
        assert list(row) == list(columns)
        found.append(tuple(cells(_typed(row[name], type_)) for name, type_ in columns.items()))
    return found


def _typed(value: Any, type_: str) -> Any:
    """What the type says a text is; Parquet has UUIDs as bytes of their own."""
    inner = type_.removeprefix("Nullable(")
    if value in (None, "", "\\N"):
        return None
    if inner.startswith("DateTime"):
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if inner.startswith("Date"):
        return value if isinstance(value, date) else datetime.fromisoformat(value)
    if inner.startswith(("Decimal", "UInt", "Float")):
        return Decimal(str(value))
    return str(value)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: f"{d.header.source[-20:]}-{d.name}")
def test_columns_are_those_that_the_query_returns(definition: Definition, engine: Settings) -> None:
    arrays = {name for name, type_ in definition.bound.items() if type_.startswith("Array")}
    given = {"start": FIRST_DAY, "end": LAST_DAY, "user": "free-1", "granularity": "week", "threshold": "1"}
    values = {f"param_{name}": "[]" if name in arrays else str(given.get(name, "\\N")) for name in definition.bound}
    asked = values | {"database": "marts_g000031", "default_format": "JSONEachRow"}
    endpoint = http_endpoint(Identity.READER, engine)
    answer = b"".join(receive(endpoint, "describe (\n" + definition.sql + "\n)", parameters=asked))
    described = {row["name"]: row["type"] for row in map(json.loads, answer.splitlines())}
    assert described == {name: column.type for name, column in definition.header.columns.items()}


@pytest.mark.parametrize("report", FINANCIALS)
def test_a_report_has_the_same_rows_in_every_format(report: str, engine: Settings, tmp_path: Path) -> None:
    made = [produce(financial(report, form), engine, tmp_path) for form in ("csv", "json", "xlsx")]
    columns = made[0].manifest["columns"]
    rows = read(made[0], columns)
    assert rows
    assert [m.rows for m in made] == [len(rows)] * 3
    for other in made[1:]:
        assert read(other, columns) == rows


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_export_has_the_same_rows_in_every_format(entity: str, engine: Settings, tmp_path: Path) -> None:
    made = [produce(export(entity, form), engine, tmp_path) for form in READERS]
    columns = made[0].manifest["columns"]
    rows = read(made[0], columns)
    assert rows or entity == "payouts"
    for other in made[1:]:
        assert read(other, columns) == rows


@pytest.mark.parametrize("form", READERS)
def test_awkward_names_come_through(form: str, engine: Settings, tmp_path: Path) -> None:
    made = produce(export("users", form), engine, tmp_path)
    found = {row["user_id"] for row in READERS[form](made.path)}
    assert {cells(name) for name in AWKWARD} <= {cells(name) for name in found}


@pytest.mark.parametrize(
    "number",
    range(len(ASKED)),
    ids=[f"{a.kind}-{getattr(a, 'report', getattr(a, 'entity', ''))}-{a.format}" for a in ASKED],
)
def test_the_same_report_again_has_the_same_bytes(
    number: int, firsts: list[Produced], engine: Settings, tmp_path: Path
) -> None:
    again = produce(ASKED[number].model_copy(update={"as_of": 30}), engine, tmp_path)
    first = firsts[number]
    assert (again.path.name, again.path.read_bytes()) == (first.path.name, first.path.read_bytes())
    assert again.manifest == first.manifest


def test_payees_at_the_threshold_are_told_by_masked_ids(engine: Settings, tmp_path: Path) -> None:
    rows = of_csv(produce(financial("form_1099"), engine, tmp_path).path)
    amounts = {Decimal(row["amount_usd"]) for row in rows if row["country"] == "US"}
    assert amounts == {Decimal(599 + place) for place in range(1, len(AWKWARD))}
    content = produce(financial("form_1099"), engine, tmp_path).path.read_text("utf-8")
    assert not any(name in content for name in AWKWARD if len(name) > 4)
    spelled = hashlib.sha256(AWKWARD[1].encode()).hexdigest()[:16]
    assert {row["payee"] for row in rows if row["payee_key"] == spelled} == {"***"}


def test_the_manifest_says_what_the_file_is(engine: Settings, tmp_path: Path) -> None:
    made = produce(export("users", "csv", filters={"role": ["creator"]}, start="2024-01-02"), engine, tmp_path)
    written = json.loads((tmp_path / f"{made.path.name}.manifest.json").read_text("utf-8"))
    content = made.path.read_bytes()
    assert written == made.manifest
    assert written["sha256"] == made.sha256 == hashlib.sha256(content).hexdigest()
    assert written["size"] == made.size == len(content)
    assert (
        written["rows"]
        == made.rows
        == len(of_csv(made.path))
        == estimate(export("users", filters={"role": ["creator"]}, start="2024-01-02"), engine)
    )
    assert written["conditions"] == {"Period": "from 2024-01-02 (UTC)", "Filter role": "creator"}
    assert (written["generation"], written["complete_through"]) == (made.generation, "2024-04-30T21:30:15.250Z")


def test_exports_of_different_filters_have_different_names(engine: Settings, tmp_path: Path) -> None:
    names = {
        produce(export("users", filters=f), engine, tmp_path).path.name
        for f in ({}, {"role": "vendor"}, {"country": "US"})
    }
    assert len(names) == 3


def test_filters_keep_what_they_say(engine: Settings, tmp_path: Path) -> None:
    every = of_csv(produce(export("assignments"), engine, tmp_path).path)
    for column in ("status", "output_type", "user_id", "creator_id"):
        wanted = every[0][column]
        kept = of_csv(produce(export("assignments", filters={column: wanted}), engine, tmp_path).path)
        assert kept == [row for row in every if row[column] == wanted]


def test_a_workbook_says_where_it_is_from_and_adds_up(engine: Settings, tmp_path: Path) -> None:
    made = produce(financial("revenue", "xlsx", granularity="week"), engine, tmp_path)
    book = openpyxl.load_workbook(made.path)
    cover = {row[0]: row[1] for row in book["Cover"].iter_rows(values_only=True)}
    assert cover["Period"] == f"{FIRST_DAY} to {LAST_DAY} (UTC, inclusive)"
    assert (cover["Granularity"], cover["Generation"], cover["Rows"]) == ("week", str(made.generation), str(made.rows))
    assert cover["Complete through"] == "2024-04-30T21:30:15.250Z"
    sheet = book["Data"]
    assert sheet.dimensions == f"A1:M{made.rows + 2}"
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    *rows, total = list(sheet.iter_rows(min_row=2, values_only=True))
    assert total[0] == "Total"
    net_usd = [cell.value for cell in sheet[1]].index("net_usd")
    exact = [
        Decimal(row["net_usd"])
        for row in of_csv(produce(financial("revenue", granularity="week"), engine, tmp_path).path)
    ]
    assert Decimal(repr(total[net_usd])) == Decimal(repr(float(sum(exact))))
    assert len(rows) == len(exact)


def test_more_rows_than_a_sheet_has_go_on_in_the_next(
    engine: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = of_xlsx(produce(financial("revenue", "xlsx", granularity="day"), engine, tmp_path).path)
    monkeypatch.setattr(workbook, "SHEET_ROWS", 100)
    made = produce(financial("revenue", "xlsx", granularity="day"), engine, tmp_path)
    book = openpyxl.load_workbook(made.path)
    sizes = [sheet.max_row for sheet in book.worksheets[1:]]
    assert len(whole) == made.rows > 300
    assert sizes == [101] * (made.rows // 100) + [made.rows % 100 + 2]
    assert of_xlsx(made.path) == whole
    assert [sheet.title for sheet in book.worksheets] == ["Cover", *(f"Data {n}" for n in range(1, len(sizes) + 1))]


def test_an_empty_report_is_a_file_all_the_same(engine: Settings, tmp_path: Path) -> None:
    for form in ("csv", "json", "xlsx"):
        made = produce(financial("revenue", form, start="2001-01-01", end="2001-12-31"), engine, tmp_path)
        assert (made.rows, READERS[form](made.path)) == (0, [])


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_what_is_broken_off_leaves_nothing(
    form: str, failure: type[BaseException], engine: Settings, tmp_path: Path
) -> None:
    def told(done: int, total: int | None) -> None:
        if total:
            raise failure

    with pytest.raises(failure):
        produce(export("users", form), engine, tmp_path, told)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "parquet"])
def test_what_clickhouse_gives_up_in_the_middle_is_no_file(form: str, engine: Settings, tmp_path: Path) -> None:
    column = definitions(FINANCIAL)["revenue"].header.columns["refund_count"]
    sql = "select throwIf(number = 3000000, 'enough') as a from numbers(4000000)"
    table = Table("t", "T", "", sql, {}, {}, {"a": column.model_copy(update={"total": False})})
    source = origin(engine, None)

    class Counted(type(source)):  # type: ignore[misc]
        def count(self, table: Table) -> int:
            return 4_000_000

    with pytest.raises(ReportError, match="enough"):
        writing.write(form, table, Counted(source.generation, source.endpoint), tmp_path, lambda _done, _total: None)


def test_a_generation_that_is_not_kept_is_named_with_those_that_are(engine: Settings, tmp_path: Path) -> None:
    # Which, is told in ranges, and other tests have published theirs.
    with pytest.raises(RequestError, match=r"generation 999 is not kept; kept are: \d"):
        produce(financial("revenue", as_of=999), engine, tmp_path)


def test_a_statement_is_of_somebody(engine: Settings, tmp_path: Path) -> None:
    made = produce(read_request({"kind": "statement", "user": "free-1", "month": "2024-03"}), engine, tmp_path)
    content = made.path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"Statement March 2024" in content
    with pytest.raises(RequestError, match="knows no user nobody-at-all"):
        produce(read_request({"kind": "statement", "user": "nobody-at-all", "month": "2024-03"}), engine, tmp_path)


def test_a_period_is_counted_from_the_publication(engine: Settings) -> None:
    source = origin(engine, None)
    asked = read_request({"kind": "financial", "report": "revenue", "period": "yesterday"})
    assert isinstance(asked, FinancialRequest)
    table = table_of(asked, source, engine)
    assert table.parameters["param_end"] < source.generation.published_at.date().isoformat()
