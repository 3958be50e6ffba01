"""What may be sent, what is answered, and what is in the warehouse afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import uuid
import zlib
from typing import Any

import httpx
import pytest

from ingestion.doors.collector.body import MAX_BODY_BYTES, MAX_EVENTS, Body, Budget
from tests.faults.state import admitted, held, ledger
from tests.ingestion.doors.collector.conftest import EVENTS, KEY, METRICS, event, line, ndjson
from tests.oracle.contract import Deliveries
from tests.oracle.generate import invalid_cases, valid_cases
from warehouse.problems import Problem
from warehouse.settings import Settings

NDJSON = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}
STORED = {"wait": "stored"}


def test_one_event(client: httpx.Client, empty: Settings) -> None:
    sent = event()
    answer = client.post(EVENTS, json=sent)
    assert answer.status_code == 202
    assert answer.json() == {"received": 1, "accepted": 1, "quarantined": 0, "invalid": []}
    again = client.post(EVENTS, json=sent, params=STORED)
    assert (again.status_code, again.json()["stored"], again.json()["duplicates"]) == (200, 0, 1)
    assert admitted(empty) == [sent["event_id"]]


def test_an_array_with_bad_elements(client: httpx.Client, empty: Settings) -> None:
    good = [event(), event()]
    body = [good[0], 5, "text", {"event_id": "x"}, good[1], None, event(event_type="no.such")]
    answer = client.post(EVENTS, json=body, params=STORED)
    assert answer.json() == {
        "received": 7, "accepted": 2, "quarantined": 5, "stored": 2, "duplicates": 0,
        "invalid": [
            {"index": 1, "reason": "not_an_object"},
            {"index": 2, "reason": "not_an_object"},
            {"index": 3, "reason": "invalid_field:event_id"},
            {"index": 5, "reason": "not_an_object"},
            {"index": 6, "reason": "unknown_event_type"},
        ],
    }  # fmt: skip
    assert admitted(empty) == sorted(str(one["event_id"]) for one in good)
    assert set(held(empty)) >= {b"5", b'"text"', b"null"}


def test_the_bytes_of_an_element_are_kept(client: httpx.Client, empty: Settings) -> None:
    bad = b'{"event_id" : 1.50,\n\t"amount":12345678901234567.89012, "x":"\\u00fc"}'
    client.post(EVENTS, content=b"[ " + bad + b" ]", headers=JSON, params=STORED)
    assert list(held(empty)) == [bad.replace(b"\n", b" ")]


def test_verdicts_are_the_reasons_of_the_quarantine(client: httpx.Client, empty: Settings) -> None:
    cases = [(text, reason) for text, reason in invalid_cases() if text.strip() and len(text) < 100_000]
    cases += [(text, "") for text, _ in valid_cases() if len(text) < 100_000]
    body = ndjson([text for text, _ in cases])
    expected = [{"index": index, "reason": reason} for index, (_, reason) in enumerate(cases) if reason]
    at_the_door = client.post(EVENTS, content=body, headers=NDJSON)
    assert (at_the_door.status_code, at_the_door.json()["invalid"]) == (202, expected)
    landed = client.post(EVENTS, content=body, headers=NDJSON, params=STORED)
    assert (landed.status_code, landed.json()["invalid"]) == (200, expected)
    oracle = Deliveries()
    oracle.deliver([text for text, _ in cases] * 2)
    assert admitted(empty) == sorted(one.event_id for one in oracle.accepted())
    assert held(empty).total() == len(oracle.quarantine)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/jsonl", "application/json", None])
def test_lines_are_known_by_type_or_by_their_first(client: httpx.Client, media_type: str | None) -> None:
    body = b"\n" * (media_type != "application/json") + ndjson([line(), b"  \t ", b"{broken", line()])
    if media_type is None:
        body = body.lstrip()
    headers = {"Content-Type": media_type} if media_type else {}
    answer = client.post(EVENTS, content=body, headers=headers).json()
    assert (answer["received"], answer["invalid"]) == (3, [{"index": 1, "reason": "invalid_json"}])


def test_a_pretty_printed_event_is_one_event(client: httpx.Client, empty: Settings) -> None:
    sent = event(properties={"text": "a\nb"})
    body = ("\ufeff" + json.dumps(sent, indent=2)).encode()
    assert client.post(EVENTS, content=body, headers=JSON, params=STORED).json()["stored"] == 1
    assert client.post(EVENTS, content=json.dumps([sent] * 2, indent=4), params=STORED).json()["duplicates"] == 2


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])])
def test_gzip(client: httpx.Client, pack: Any) -> None:
    body = pack(ndjson([line(), line()]))
    answer = client.post(EVENTS, content=body, headers={**NDJSON, "Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["accepted"]) == (202, 2)


def test_a_chunked_body(client: httpx.Client) -> None:
    lines = [line() + b"\n" for _ in range(500)]
    answer = client.post(EVENTS, content=iter(lines), headers=NDJSON)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 500)


def test_an_event_above_a_mebibyte_is_an_invalid_event(client: httpx.Client) -> None:
    large = line(properties={"x": "y" * (1 << 20)})
    for body, headers in ((large, JSON), (b"[" + large + b"]", JSON), (large, NDJSON)):
        answer = client.post(EVENTS, content=body, headers=headers)
        assert (answer.status_code, answer.json()["invalid"]) == (202, [{"index": 0, "reason": "too_large"}])


BOMB = gzip.compress(b" " * (MAX_BODY_BYTES + 1))
REFUSED = [
    (b"", JSON, 400),
    (b" \n", JSON, 400),
    (b"[]", JSON, 400),
    (b"\n \n", NDJSON, 400),
    (b"not json", JSON, 400),
    (b"5", JSON, 400),
    (b'{"a":1', JSON, 400),
    (b'{"a":1}}', JSON, 400),
    (b'[{"a":1}', JSON, 400),
    (b"[1,]", JSON, 400),
    (b"{broken\n{}", JSON, 400),
    (b"[" * 100_000, JSON, 400),
    (b"{}", {"Content-Type": "text/csv"}, 415),
    (b"{}", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    (b"{}", {**JSON, "Content-Encoding": "br"}, 415),
    (b"{}", {**JSON, "Content-Encoding": "gzip"}, 400),
    (gzip.compress(b"{}" * 1000)[:-9], {**JSON, "Content-Encoding": "gzip"}, 400),
    (zlib.compress(b"{}"), {**JSON, "Content-Encoding": "gzip"}, 400),
    (BOMB, {**JSON, "Content-Encoding": "gzip"}, 413),
    (gzip.compress(b" " * (9 << 20)) * 2, {**JSON, "Content-Encoding": "gzip"}, 413),
    (b" " * (MAX_BODY_BYTES + 1), JSON, 413),
    (b"5\n" * (MAX_EVENTS + 1), NDJSON, 413),
    (b"[" + b"5," * MAX_EVENTS + b"5]", JSON, 413),
]


@pytest.mark.parametrize(("body", "headers", "status"), REFUSED, ids=range(len(REFUSED)))
def test_malformed_requests_are_problems_and_keep_nothing(
    client: httpx.Client, empty: Settings, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post(EVENTS, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert (problem["status"], problem["instance"]) == (status, EVENTS)
    assert client.get("/health").json()["segments"] == 0
    assert ledger(empty).batches == 0


def test_a_chunked_body_without_end_is_cut_off(client: httpx.Client) -> None:
    def endless() -> Any:
        while True:
            yield b" " * 100_000

    # The collector has answered and closed while more was being sent.
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        assert client.post(EVENTS, content=endless(), headers=JSON).status_code == 413
    assert client.get("/health").status_code == 200


def test_a_sender_that_goes_away_in_the_middle_leaves_nothing(client: httpx.Client, empty: Settings) -> None:
    address = (client.base_url.host, client.base_url.port or 0)
    body = ndjson([line(), line()])
    head = (
        f"POST {EVENTS} HTTP/1.1\r\nHost: x\r\nX-API-Key: {KEY}\r\nContent-Type: application/x-ndjson\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for cut in (0, 1, len(body) // 2, len(body) - 1):
        with socket.create_connection(address) as connection:
            connection.sendall(head.encode() + body[:cut])
    assert client.post(EVENTS, content=body, headers=NDJSON, params=STORED).json()["stored"] == 2
    assert ledger(empty).received == 2


def test_other_methods_paths_and_parameters(client: httpx.Client) -> None:
    answer = client.get(EVENTS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert client.post("/health").status_code == 405
    for path in ("/", "/api/analytics/events/", "/api/analytics"):
        answer = client.post(path, json=event())
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    for query in ("wait=no", "wait=stored&x=1", "sync=1"):
        assert client.post(f"{EVENTS}?{query}", json=event()).status_code == 400


def test_who_wait_in_one_batch_get_their_own_counts(client: httpx.Client) -> None:
    import concurrent.futures

    same = event()

    def send(number: int) -> dict[str, Any]:
        body = [event() for _ in range(number)] + [same, {"bad": 1}]
        answer: dict[str, Any] = client.post(EVENTS, json=body, params=STORED).json()
        assert answer["invalid"] == [{"index": number + 1, "reason": "missing_field:event_id"}]
        assert answer["stored"] + answer["duplicates"] == number + 1
        return answer

    with concurrent.futures.ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(send, range(16)))
    assert sum(answer["stored"] for answer in answers) == sum(range(16)) + 1
    assert sum(answer["duplicates"] for answer in answers) == 15


def test_cors_is_for_listed_origins_only(empty: Settings) -> None:
    from tests.ingestion.doors.collector.conftest import collecting

    preflight = {"Origin": "https://shop.test", "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "authorization,content-type"}  # fmt: skip
    with collecting(empty) as client:
        assert "access-control-allow-origin" not in client.options(EVENTS, headers=preflight).headers
    with collecting(empty.model_copy(update={"collector_cors_origins": "https://shop.test, https://b.test"})) as client:
        assert client.options(EVENTS, headers=preflight).status_code == 200
        answer = client.post(EVENTS, json=event(), headers={"Origin": "https://shop.test"})
        assert answer.headers["access-control-allow-origin"] == "https://shop.test"
        other = client.post(EVENTS, json=event(), headers={"Origin": "https://evil.test"})
        assert "access-control-allow-origin" not in other.headers


def test_the_documentation_describes_what_is_answered(client: httpx.Client) -> None:
    from jsonschema import Draft202012Validator

    document = client.get("/openapi.json").json()
    post = document["paths"][EVENTS]["post"]
    bad = {"event_id": str(uuid.uuid4())}
    for params, status in (({}, "202"), (STORED, "200")):
        answer = client.post(EVENTS, json=[event(), bad], params=params)
        schema = post["responses"][status]["content"]["application/json"]["schema"]
        assert answer.status_code == int(status)
        assert list(Draft202012Validator(schema).iter_errors(answer.json())) == []
    health = document["paths"]["/health"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(Draft202012Validator(health).iter_errors(client.get("/health").json())) == []
    body = post["requestBody"]["content"]["application/json"]["schema"] | {"components": document["components"]}
    Draft202012Validator.check_schema(body)
    assert list(Draft202012Validator(body).iter_errors([event()])) == []
    assert list(Draft202012Validator(body).iter_errors([bad])) != []
    page = client.get("/docs").text
    for path in (EVENTS, METRICS, "/health"):
        assert path in page
    assert "http://" not in page.replace(str(client.base_url), "")
    problem = client.post(EVENTS, content=b"x").json()
    assert f"id={problem['type'].partition('#')[2]}" in page


def test_all_bodies_under_way_share_a_budget() -> None:
    budget = Budget(1_000)

    def body(size: int) -> Body:
        return Body(budget, {b"content-length": str(size).encode()})

    async def read(taken: Body, size: int) -> bytes:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"x" * size, "more_body": False}

        return await taken.read(receive)

    first, second = body(600), body(600)
    assert len(asyncio.run(read(first, 600))) == 600
    with pytest.raises(Problem) as refused:
        asyncio.run(read(second, 600))
    assert refused.value.kind.status == 503
    second.release()
    first.release()
    assert len(asyncio.run(read(body(1_000), 1_000))) == 1_000
