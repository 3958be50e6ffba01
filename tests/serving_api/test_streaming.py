"""Long files: in pieces, gone on with after a break, never whole when they are not, ended when nobody reads them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from clickhouse_connect.driver.client import Client

from serving_api import clickhouse
from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.cache import LARGEST_BYTES
from tests.serving_api.conftest import SECRET, Asking, bearer, endpoint_file, serving
from warehouse.settings import Settings

EVENTS = 300_000
STREAMED = ("csv", "ndjson", "parquet", "arrow")

COLUMNS = {name: {"type": type_, "description": "d"} for name, type_ in (("number", "UInt64"), ("text", "String"))}
#: In an order that ClickHouse need not sort by, so that rows leave as they are made.
#: Small groups of rows, which Parquet is written by.
NUMBERS = "select number, {text} as text from numbers({rows}) settings output_format_parquet_row_group_size = 100000\n"
#: Each row takes a second, and the query can be ended after it.
WAITING = """select count() as number, '' as text
from numbers(60) where not sleepEachRow(1) settings max_block_size = 1
"""


def sql(rows: int, text: str = "hex(MD5(toString(number)))") -> str:
    return NUMBERS.replace("{rows}", str(rows)).replace("{text}", text)


@pytest.fixture(scope="module")
def api(engine: Settings, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("endpoints")
    queries = {
        "long": sql(EVENTS),
        "endless": sql(10**9),
        "sheet": sql(1_048_575),
        "lines": sql(1_000_001),
        "late": sql(10**9, "hex(MD5(toString(number + throwIf(number = 6000000, 'a secret'))))"),
        "early": "select number, '' as text from numbers(1000000000) where not throwIf(number = 3, 'a secret')\n",
        "waiting": WAITING,
    }
    for name, query in queries.items():
        (folder / f"{name}.sql").write_text(
            endpoint_file(name, query, shape="rows", timeout_seconds=30, columns=COLUMNS)
        )
    with serving(create_app(engine, Authority(SECRET), folder)) as address:
        yield address


@pytest.fixture
def client(api: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api, headers=bearer(Role.ADMIN), timeout=60) as client:
        yield client


def take(answer: httpx.Response, into: bytearray) -> None:
    for piece in answer.iter_raw():
        into += piece


def running(admin: Client, part: str) -> int:
    found = admin.query(
        "SELECT count() FROM system.processes WHERE user = 'reader' AND query LIKE {part:String}",
        parameters={"part": f"%{part}%"},
    )
    return int(found.result_rows[0][0])


def wait_for(admin: Client, part: str, count: int) -> None:
    # Less than any query here would run if it were left alone.
    until = time.monotonic() + 20
    while (found := running(admin, part)) != count:
        assert time.monotonic() < until, f"{part} runs {found} times, not {count}"
        time.sleep(0.02)


@pytest.mark.parametrize("form", STREAMED)
def test_a_long_file_is_whole_and_comes_in_pieces(client: httpx.Client, form: str) -> None:
    answer = client.get("/api/long", params={"format": form})
    assert (answer.headers["transfer-encoding"], "content-length" in answer.headers) == ("chunked", False)
    assert len(answer.content) > LARGEST_BYTES
    if form in ("parquet", "arrow"):
        stream = io.BytesIO(answer.content)
        table = pq.read_table(stream) if form == "parquet" else pa.ipc.open_stream(stream).read_all()
        assert table["number"].to_pylist() == list(range(EVENTS))
        return
    assert answer.text.count("\n") == EVENTS + (form == "csv")
    again = client.get("/api/long", params={"format": form})
    assert hashlib.sha256(again.content).digest() == hashlib.sha256(answer.content).digest()


def test_a_file_is_gone_on_with_where_it_broke_off(client: httpx.Client) -> None:
    whole = client.get("/api/long", params={"format": "ndjson"}).content
    read = bytearray()
    with client.stream("GET", "/api/long", params={"format": "ndjson"}) as answer:
        for piece in answer.iter_bytes():
            read += piece
            if len(read) > len(whole) // 2:
                break
    # The last line may be cut; the rows before it are whole.
    read = read[: read.rfind(b"\n") + 1]
    query = {"format": "ndjson", "skip": read.count(b"\n"), "as_of": answer.headers["x-generation"]}
    rest = client.get("/api/long", params=query)
    assert bytes(read) + rest.content == whole
    beyond = client.get("/api/long", params=query | {"skip": EVENTS})
    assert (beyond.status_code, beyond.content) == (200, b"")


@pytest.mark.parametrize("path", ["/api/events", "/api/v1/marts/user_metrics?startDate=2024-01-01&endDate=2024-04-30"])
def test_rows_are_left_out_and_limited_in_answers_with_pages(admin_client: httpx.Client, path: str) -> None:
    def lines(**query: int) -> list[str]:
        return admin_client.get(path, params=dict(httpx.URL(path).params) | {"format": "ndjson"} | query).text.split(
            "\n"
        )

    whole = lines()
    assert len(whole) > 100
    assert lines(skip=37) == whole[37:]
    assert lines(skip=37, limit=10)[:-1] == whole[37:47]
    assert lines(limit=10)[:-1] == whole[:10]
    # From a page of JSON on, all that is left.
    query = dict(httpx.URL(path).params) | {"limit": 20}
    cursor = httpx.URL(admin_client.get(path, params=query).json()["meta"]["next"]).params["cursor"]
    on = dict(httpx.URL(path).params) | {"format": "ndjson", "cursor": cursor}
    assert admin_client.get(path, params=on).text.split("\n") == whole[20:]
    assert admin_client.get(path, params=on | {"skip": 5}).text.split("\n") == whole[25:]


@pytest.mark.parametrize("form", STREAMED)
def test_an_error_in_the_middle_breaks_the_connection(
    client: httpx.Client, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    read = bytearray()
    with client.stream("GET", "/api/late", params={"format": form}) as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            take(answer, read)
    assert len(read) > LARGEST_BYTES
    assert b"secret" not in read
    assert b"__exception__" not in read
    (told,) = [r.getMessage() for r in caplog.records if r.name == "serving_api"]
    assert told.startswith("/api/late: broken off in the middle: ")
    assert not [r for r in caplog.records if r.exc_info]


@pytest.mark.parametrize("form", [*STREAMED, "xlsx"])
def test_an_error_at_the_beginning_is_a_problem(client: httpx.Client, form: str) -> None:
    answer = client.get("/api/early", params={"format": form})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text


def test_what_is_too_long_is_refused_with_how_long_it_may_be(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: str, form: str) -> str:
        answer = client.get(path, params={"format": form})
        assert (answer.status_code, answer.json()["type"]) == (422, "/docs#problem-answer-too-large")
        return str(answer.json()["detail"])

    assert "a sheet has 1,048,574 rows, and this answer 1,048,575" in refused("/api/sheet", "xlsx")
    assert "an answer may have 1,000,000 rows, a file 1,000,000,000" in refused("/api/lines", "json")
    assert client.get("/api/lines", params={"format": "csv"}).text.count("\n") == 1_000_002
    monkeypatch.setitem(clickhouse.STREAM_SETTINGS, "max_result_rows", "10")
    assert "an answer may have" in refused("/api/long", "parquet")
    # A billion rows would take a while; the cap is another here, and comes after the first pieces.
    monkeypatch.setitem(clickhouse.STREAM_SETTINGS, "max_result_rows", "2000000")
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        client.get("/api/endless", params={"format": "csv"})


@pytest.mark.parametrize("form", [*STREAMED])
def test_whoever_leaves_a_stream_ends_its_query(client: httpx.Client, admin: Client, form: str) -> None:
    with client.stream("GET", "/api/endless", params={"format": form}) as answer:
        assert answer.status_code == 200, answer.read()
        # Whoever drops the iterator has left.
        pieces = answer.iter_raw()
        next(pieces)
        wait_for(admin, "hex(MD5(toString(number))) as text from numbers(1000000000)", 1)
    wait_for(admin, "hex(MD5(toString(number))) as text from numbers(1000000000)", 0)


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
def test_whoever_leaves_before_the_answer_ends_its_query(api: str, admin: Client, form: str) -> None:
    asking = Asking(api, f"/api/waiting?format={form}")
    wait_for(admin, "sleepEachRow(1)", 1)
    asking.leave()
    wait_for(admin, "sleepEachRow(1)", 0)
    assert httpx.get(f"{api}/status").status_code == 200


def test_streams_never_keep_short_answers_waiting(
    api: str, client: httpx.Client, admin: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clickhouse, "STREAM_WAIT_SECONDS", 1)
    with contextlib.ExitStack() as streams:
        for _ in range(clickhouse.EMBEDDED_STREAMS):
            opened = client.stream("GET", "/api/endless", params={"format": "csv"})
            assert streams.enter_context(opened).status_code == 200
        wait_for(admin, "hex(MD5(toString(number))) as text from numbers(1000000000)", clickhouse.EMBEDDED_STREAMS)
        assert client.get("/api/long", params={"format": "csv"}).status_code == 503
        assert client.get("/api/long", params={"format": "json"}).status_code == 200
    wait_for(admin, "hex(MD5(toString(number))) as text from numbers(1000000000)", 0)
    assert client.get("/api/long", params={"format": "csv"}).status_code == 200
