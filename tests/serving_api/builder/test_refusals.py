"""What the report builder cannot answer it says, and what can be asked instead."""

from __future__ import annotations

import json
import logging
import time

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.auth import Role
from serving_api.builder import Query
from serving_api.builder.compiler import MAX_ROWS
from serving_api.generations import REMEMBERED_SECONDS
from tests.serving_api.builder import oracle
from tests.serving_api.builder.oracle import Row
from tests.serving_api.builder.questions import CATALOG_PATH, GENERATION, PATH, ask, found, questions
from tests.serving_api.conftest import bearer
from tests.serving_api.published import LAST_DAY, point, publish

UNRULY = 200


def test_a_question_is_answered_exactly_if_it_has_an_answer(analyst: httpx.Client) -> None:
    outcomes = {True: 0, False: 0}
    for question in questions(7, UNRULY, valid=None):
        possible = oracle.valid(question, LAST_DAY)
        answer = ask(analyst, question)
        assert answer.status_code == (200 if possible else 422), (question, answer.text[:500])
        outcomes[possible] += 1
        if not possible:
            problem = answer.json()
            assert problem["type"] == "/docs#problem-impossible-query"
            assert problem["errors"]
            assert {e["parameter"] for e in problem["errors"]} <= {*question, *Query.model_fields}
            for error in problem["errors"]:
                assert any(word in error["message"] for word in HINTS), error
    assert min(outcomes.values()) > UNRULY / 10


#: Each refusal says what can be asked instead.
HINTS = (
    "dimensions of the metrics asked for: ",
    "can be by ",
    "leave it out",
    "others as of",
    "ask by ",
    "add ",
    "give ",
)


@pytest.mark.parametrize(
    ("question", "parameter", "said"),
    [
        ({"metrics": ["revenu"]}, "metrics", "revenu is not a metric; near to it: revenue"),
        ({"metrics": ["revenue"], "dimensions": ["rolle"]}, "dimensions", "near to it: role"),
        ({"metrics": ["revenue"], "dimensions": ["date"]}, "dimensions", "time is asked for by grain"),
        (
            {"metrics": ["revenue", "payouts"], "dimensions": ["stream"]},
            "dimensions",
            "stream does not tell payouts apart; dimensions of the metrics asked for: currency; metrics that have",
        ),
        (
            {"metrics": ["revenue"], "filters": [{"dimension": "role", "values": ["creator"]}]},
            "filters",
            "role does not tell revenue apart; dimensions of the metrics asked for: currency, plan_id, stream;",
        ),
        (
            {"metrics": ["payers"], "grain": "week", "dimensions": ["plan_id"]},
            "grain",
            "payers cannot be told by week; the metrics asked for can be by month, quarter, year",
        ),
        (
            {"metrics": ["plan_revenue"], "start_date": "2024-01-15"},
            "start_date",
            "plan_revenue are of whole months; give the first day of one",
        ),
        (
            {"metrics": ["plan_revenue"], "start_date": "2024-01-01", "end_date": "2024-02-15"},
            "end_date",
            "give the last day of one",
        ),
        (
            {"metrics": ["active_users"], "grain": "month"},
            "grain",
            "active_users does not add up over days: ask by day, or for a single one;"
            " metrics of the same mart that do: new_users, signins",
        ),
        (
            {"metrics": ["gross_amount"]},
            "dimensions",
            "add currency to dimensions, or filter it to one value; metrics of the same mart that do: average_",
        ),
        (
            {"metrics": ["outstanding_balance"], "grain": "day"},
            "grain",
            "outstanding_balance are as of the last day only; leave it out",
        ),
        (
            {"metrics": ["outstanding_balance", "earnings"]},
            "metrics",
            "cannot be asked for together with earnings; others as of the last day: active_proposals,",
        ),
        ({"metrics": ["revenue"], "order": ["-mrr"]}, "order", "mrr is not in the answer; it has: revenue"),
        (
            {"metrics": ["reviews_by_score"], "filters": [{"dimension": "score", "values": ["5"]}]},
            "filters.0.values",
            "must be whole numbers, as score is",
        ),
        (
            {"metrics": ["revenue"], "filters": [{"dimension": "stream", "values": [5]}]},
            "filters.0.values",
            "must be text, as stream is",
        ),
    ],
)
def test_what_has_no_answer_says_what_has(analyst: httpx.Client, question: Row, parameter: str, said: str) -> None:
    answer = ask(analyst, question)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert any(e["parameter"] == parameter and said in e["message"] for e in answer.json()["errors"]), answer.text


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff", "body"),
        (b"{}", "metrics"),
        (b'{"metrics": []}', "metrics"),
        (b'{"metrics": ["revenue", "revenue"]}', "body"),
        (b'{"metrics": ["revenue"], "sql": "select 1"}', "sql"),
        (b'{"metrics": ["revenue"], "limit": "10"}', "limit"),
        (b'{"metrics": ["revenue"], "limit": 10001}', "limit"),
        (b'{"metrics": ["revenue"], "start_date": 0}', "start_date"),
        (b'{"metrics": ["revenue"], "start_date": "2024-02-30"}', "start_date"),
        (b'{"metrics": ["revenue"], "start_date": "2150-01-01"}', "start_date"),
        (b'{"metrics": ["revenue"], "start_date": "2024-02-02", "end_date": "2024-02-01"}', "body"),
        (b'{"metrics": ["revenue"], "start_date": "2024-02-02", "range": "7d"}', "body"),
        (b'{"metrics": ["revenue"], "grain": "hour"}', "grain"),
    ],
)
def test_what_is_no_question_says_why(analyst: httpx.Client, body: bytes, parameter: str) -> None:
    answer = analyst.post(PATH, content=body)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/docs#problem-invalid-body"
    assert answer.json()["errors"][0]["parameter"] == parameter, answer.text


def test_a_body_of_any_length_is_not_read(analyst: httpx.Client) -> None:
    answer = analyst.post(PATH, content=b" " * 70_000 + b'{"metrics": ["revenue"]}')
    assert (answer.status_code, answer.json()["detail"]) == (422, "the body is longer than 65536 bytes")


def test_too_many_rows_are_an_error_and_never_cut(analyst: httpx.Client, admin: Client) -> None:
    table = f"marts_g{GENERATION:06d}.product_popularity"
    before = admin.query(f"SELECT count() FROM {table}").result_rows[0][0]
    admin.command(
        f"INSERT INTO {table} (product_id) SELECT concat('p', toString(number)) FROM numbers({MAX_ROWS - before})"
    )
    question = {"metrics": ["lifetime_product_views"], "dimensions": ["product_id"]}
    assert len(found(ask(analyst, question))) == MAX_ROWS
    # A value with line breaks is one row.
    admin.command(f"INSERT INTO {table} (product_id) VALUES ('one\\nmore\\n')")
    many = question | {"filters": [{"dimension": "product_id", "operator": "not_in", "values": ["nothing"]}]}
    for form in ("json", "csv"):
        answer = ask(analyst, many, format=form)
        assert (answer.status_code, answer.json()["type"]) == (422, "/docs#problem-answer-too-large")
        assert "set limit" in answer.json()["detail"]
    assert len(found(ask(analyst, many | {"limit": MAX_ROWS}))) == MAX_ROWS


def test_only_admins_and_analysts_ask(url: str, caplog: pytest.LogCaptureFixture) -> None:
    question: Row = {"metrics": ["earnings"], "filters": [{"dimension": "user_id", "values": ["free-1"]}]}
    for role in Role:
        for method, path in (("POST", PATH), ("GET", CATALOG_PATH)):
            with caplog.at_level(logging.INFO, "serving_api.audit"):
                answer = httpx.request(
                    method, url + path, json=question if method == "POST" else None, headers=bearer(role)
                )
            assert answer.status_code == (200 if role in (Role.ADMIN, Role.ANALYST) else 403), (role, path)
    assert httpx.post(url + PATH, json=question).status_code == 401
    lines = [json.loads(record.message) for record in caplog.records if record.name == "serving_api.audit"]
    asked = [line for line in lines if line["route"] == PATH]
    assert [line["parameters"] for line in asked] == [{"metrics": ["earnings"], "filters": ["user_id"]}]
    assert "free-1" not in str(asked)


def test_a_generation_without_a_catalog_says_so(analyst: httpx.Client, admin: Client) -> None:
    publish(admin, 32, empty=True)
    admin.command(
        "ALTER TABLE marts.publications UPDATE code = 'older' WHERE generation = 32 SETTINGS mutations_sync = 2"
    )
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)
    answer = analyst.post(PATH, json={"metrics": ["revenue"]}, params={"as_of": 32})
    assert (answer.status_code, answer.json()["type"]) == (410, "/docs#problem-generation-gone")
    assert "before there was a catalog" in answer.json()["detail"]
    admin.command("DROP DATABASE marts_g000032 SYNC")
