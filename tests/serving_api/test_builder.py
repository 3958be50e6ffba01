"""The report builder: what it answers equals what Python computes from the rows; what it cannot answer it says."""

from __future__ import annotations

import csv
import io
import json
import logging
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from zlib import crc32

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.auth import Role
from serving_api.builder import Query, compile_query
from serving_api.builder.compiler import MAX_ROWS
from serving_api.generations import REMEMBERED_SECONDS
from serving_api.problems import Problem
from tests.serving_api import builder_oracle as oracle
from tests.serving_api import published
from tests.serving_api.builder_oracle import GRAINS, Row
from tests.serving_api.conftest import bearer
from tests.serving_api.published import CATALOG, FIRST_DAY, LAST_DAY, point, publish
from warehouse.semantics import Catalog

PATH, CATALOG_PATH = "/api/v1/admin/reports/query", "/api/v1/admin/reports/catalog"
GENERATION = 31
QUESTIONS, UNRULY = 200, 200
HOSTILE = [
    "'",
    "x' OR 1=1 --",
    "{start:Date}",
    "\\'; DROP TABLE revenue",
    "\0",
    "\t\\N",
    "żółw 🐢",
    "%(x)s",
    "`",
    '"',
    "",
]


def kept(mart: str, number: int) -> bool:
    """Two rows of three, but every day of the calendar: marts have gaps, and not the same ones."""
    return mart == "daily_metrics" or crc32(f"{mart} {number}".encode()) % 3 > 0


@cache
def rows(mart: str) -> list[Row]:
    return [row for number, row in enumerate(published.rows(mart, GENERATION)) if kept(mart, number)]


@pytest.fixture(scope="module", autouse=True)
def generation(admin: Client, url: str) -> Iterator[None]:
    """A generation with gaps besides the one in force."""
    publish(admin, GENERATION, kept=kept)
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)
    yield
    admin.command(f"DROP DATABASE marts_g{GENERATION:06d} SYNC")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.model_validate_json(CATALOG.read_text("utf-8"))


def ask(client: httpx.Client, question: Row, **parameters: str | int) -> httpx.Response:
    return client.post(PATH, json=question, params={"as_of": GENERATION, **parameters})


def found(answer: httpx.Response) -> list[Row]:
    assert answer.status_code == 200, answer.text
    data: list[Row] = json.loads(answer.content, parse_float=Decimal)["data"]
    return data


def any_question(rnd: random.Random) -> Row:
    """A question of names that exist; most have no answer."""
    _, metrics = oracle.semantics()
    first = rnd.choice(sorted(metrics))
    akin = [m for m in sorted(metrics) if bool(oracle.grains(m)) == bool(oracle.grains(first))]
    near = [m for m in akin if oracle.dimensions(m) & oracle.dimensions(first)]
    chosen = {first} | {rnd.choice(rnd.choice([akin, near or akin])) for _ in range(rnd.randrange(4))}
    question: Row = {"metrics": rnd.sample(sorted(chosen), len(chosen))}
    common = sorted(set.intersection(*(oracle.dimensions(m) for m in chosen)))
    if rnd.random() < 0.7:
        question["dimensions"] = rnd.sample(common, rnd.randint(0, min(2, len(common))))
    if rnd.random() < 0.1:
        question.setdefault("dimensions", []).append(rnd.choice(["role", "user_id", "level", "currency"]))
        question["dimensions"] = list(dict.fromkeys(question["dimensions"]))
    if rnd.random() < (0.8 if oracle.grains(first) else 0.02):
        question["grain"] = rnd.choice(GRAINS)
    if "grain" in question or (oracle.grains(first) and rnd.random() < 0.7):
        question |= any_days(rnd)
    if common and rnd.random() < 0.4:
        question["filters"] = [any_filter(rnd, rnd.choice(common), first) for _ in range(rnd.randint(1, 2))]
    return question


def any_days(rnd: random.Random) -> Row:
    if rnd.random() < 0.3:
        return {"range": rnd.choice(["7d", "30d", "90d", "12m", "all"])}
    if rnd.random() < 0.3:
        months = [date(2024, month, 1) for month in range(1, 6)]
        start, end = sorted(rnd.sample(months, 2))
        return {"start_date": f"{start}", "end_date": f"{end - timedelta(days=1)}"}
    if rnd.random() < 0.2:
        day = FIRST_DAY + timedelta(days=rnd.randrange(121))
        return {"start_date": f"{day}", "end_date": f"{day}"}
    start, end = sorted(FIRST_DAY + timedelta(days=rnd.randint(-10, 130)) for _ in range(2))
    return rnd.choice([{"start_date": f"{start}", "end_date": f"{end}"}, {"end_date": f"{end}"}, {}])


def any_filter(rnd: random.Random, dimension: str, metric: str) -> Row:
    marts, metrics = oracle.semantics()
    mart = marts[metrics[metric].numerator.mart]
    present = sorted({row[mart.dimensions[dimension]] for row in rows(mart.name)})
    values = rnd.sample(present, rnd.randint(1, min(2, len(present))))
    return {"dimension": dimension, "values": values, "operator": rnd.choice(["in", "in", "not_in"])}


def questions(seed: int, count: int, *, valid: bool | None) -> list[Row]:
    rnd = random.Random(seed)
    made: list[Row] = []
    while len(made) < count:
        question = any_question(rnd)
        if valid is None or oracle.valid(question, LAST_DAY) is valid:
            made.append(question)
    return made


def test_every_answer_is_what_the_rows_say(analyst: httpx.Client) -> None:
    asked = questions(6, QUESTIONS, valid=True)
    seen: set[str] = set()
    for question in asked:
        expected = oracle.answer(question, rows, LAST_DAY)
        names = [*(["date"] if "grain" in question else []), *question.get("dimensions", [])]
        data = found(ask(analyst, question))
        told = {tuple(date.fromisoformat(row[n]) if n == "date" else row[n] for n in names): row for row in data}
        assert len(told) == len(data), question
        assert told.keys() == expected.keys(), question
        for key, values in expected.items():
            assert list(told[key]) == [*names, *question["metrics"]]
            for metric, value in values.items():
                assert oracle.same(told[key][metric], value), (question, key, metric, told[key][metric], value)
        seen |= set(question["metrics"])
    # The questions are not all of a kind.
    metrics = oracle.semantics()[1]
    several = [q for q in asked if len({m.mart for n in q["metrics"] for m in metrics[n].measures}) > 1]
    assert len(several) > QUESTIONS / 4
    assert len(seen) > len(metrics) / 2
    assert sum(metrics[name].denominator is not None for name in seen) > 20
    assert sum(bool(m.level) for name in seen for m in metrics[name].measures) > 10


def test_each_metric_answers_alone(analyst: httpx.Client) -> None:
    """Over all that it does not add up over, by its finest grain, or as of the last day."""
    for name, metric in sorted(oracle.semantics()[1].items()):
        over = {o for m in metric.measures for o in m.not_over}
        question: Row = {"metrics": [name], "dimensions": sorted(over & oracle.dimensions(name))}
        if oracle.grains(name):
            question |= {"grain": min(oracle.grains(name), key=GRAINS.index), "range": "all", "limit": 10_000}
        assert oracle.valid(question, LAST_DAY), name
        expected = oracle.answer(question, rows, LAST_DAY)
        data = found(ask(analyst, question))
        assert len(data) == len(expected), name
        values = sorted((row[name] for row in data if row[name] is not None), key=float)
        wanted = sorted((v[name] for v in expected.values() if v[name] is not None), key=float)
        assert all(map(oracle.same, values, wanted)), name
        assert len(values) == len(wanted)


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


def test_order_and_limit_choose_the_first_rows(analyst: httpx.Client) -> None:
    question = {"metrics": ["product_views", "orders"], "dimensions": ["vendor_id"], "grain": "week", "range": "all"}
    every = found(ask(analyst, question))
    assert every == sorted(every, key=lambda row: (row["date"], row["vendor_id"]))
    by_views = found(ask(analyst, question | {"order": ["-product_views", "vendor_id"]}))
    assert by_views == sorted(every, key=lambda row: (-row["product_views"], row["vendor_id"], row["date"]))
    assert found(ask(analyst, question | {"order": ["-product_views", "vendor_id"], "limit": 3})) == by_views[:3]


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


def test_no_value_is_ever_sql(analyst: httpx.Client, catalog: Catalog) -> None:
    for text in HOSTILE:
        question = {
            "metrics": ["revenue"],
            "dimensions": ["stream"],
            "filters": [{"dimension": "stream", "values": [text]}, {"dimension": "plan_id", "values": [text, "x"]}],
        }
        statement = compile_query(Query.model_validate_json(json.dumps(question)), catalog, LAST_DAY)
        assert (
            statement.sql
            == compile_query(
                Query.model_validate_json(json.dumps(question).replace(json.dumps(text), '"harmless"')),
                catalog,
                LAST_DAY,
            ).sql
        )
        assert text in statement.parameters.values()
        assert found(ask(analyst, question)) == []
        assert len(found(ask(analyst, question | {"filters": [{**question["filters"][0], "operator": "not_in"}]}))) == 2  # type: ignore[index]
        for member in ("metrics", "dimensions", "order"):
            refused = ask(analyst, {"metrics": ["revenue"], member: [text]})
            assert refused.status_code == 422, (member, text)
        for member in ("grain", "start_date", "end_date", "range", "limit", text):
            assert ask(analyst, {"metrics": ["revenue"], member: text}).status_code == 422


def test_hostile_values_find_the_rows_that_hold_them(analyst: httpx.Client, admin: Client) -> None:
    table = f"marts_g{GENERATION:06d}.feature_adoption"
    texts = [text for text in HOSTILE if text]
    admin.insert(table, [[LAST_DAY, text, 7, 1] for text in texts], column_names=["date", "feature", "uses", "users"])
    question = {"metrics": ["feature_uses"], "dimensions": ["feature"], "range": "7d"}
    for text in texts:
        data = found(ask(analyst, question | {"filters": [{"dimension": "feature", "values": [text]}]}))
        assert data == [{"feature": text, "feature_uses": 7}]


def test_an_answer_says_what_it_is(analyst: httpx.Client) -> None:
    answer = analyst.post(PATH, json={"metrics": ["mrr", "churn_rate"], "grain": "month", "range": "90d"})
    assert answer.headers["x-generation"] == "1"
    assert answer.headers["x-complete-through"].startswith("2024-04-30T21:30:15.250")
    meta = answer.json()["meta"]
    # Three months back, and the first of them whole because churn is.
    assert (meta["start_date"], meta["end_date"], meta["rows"]) == ("2024-02-01", "2024-04-30", 3)
    assert meta["marts"] == ["subscription_metrics", "subscription_churn"]
    assert [(c["name"], c["kind"], c["format"]) for c in meta["columns"]] == [
        ("date", "time", "date"),
        ("mrr", "metric", "usd"),
        ("churn_rate", "metric", "fraction"),
    ]
    chart = meta["chart"]
    assert (chart["kind"], chart["x"], chart["y"], chart["series"]) == ("line", "date", ["mrr"], None)
    assert chart["vega_lite"]["encoding"]["x"]["type"] == "temporal"
    older = ask(analyst, {"metrics": ["mrr"]})
    assert older.headers["x-generation"] == f"{GENERATION}"
    assert analyst.post(PATH, json={"metrics": ["mrr"]}, params={"as_of": 999_999}).status_code == 410


@pytest.mark.parametrize(
    ("question", "kind", "mark", "series"),
    [
        ({"metrics": ["revenue"]}, "number", None, None),
        ({"metrics": ["revenue"], "dimensions": ["stream"]}, "bar", "bar", None),
        ({"metrics": ["revenue"], "dimensions": ["stream"], "grain": "month"}, "line", "line", "stream"),
        ({"metrics": ["revenue"], "dimensions": ["stream", "plan_id"], "grain": "month"}, "table", None, None),
        ({"metrics": ["new_users", "signins"], "grain": "month"}, "line", "line", None),
    ],
)
def test_a_chart_suits_the_columns(
    analyst: httpx.Client, question: Row, kind: str, mark: str | None, series: str | None
) -> None:
    chart = ask(analyst, question).json()["meta"]["chart"]
    assert (chart["kind"], chart["series"]) == (kind, series)
    assert (chart["vega_lite"] or {"mark": {"type": None}})["mark"]["type"] == mark


def test_the_examples_of_openapi_are_answered(analyst: httpx.Client) -> None:
    operation = analyst.get("/openapi.json").json()["paths"][PATH]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) == 4
    for example in examples.values():
        assert found(ask(analyst, example["value"])), example


def test_csv_has_the_same_rows(analyst: httpx.Client) -> None:
    question = {"metrics": ["revenue", "refund_rate"], "dimensions": ["stream"], "grain": "month"}
    data = found(ask(analyst, question))
    by_format = ask(analyst, question, format="csv")
    by_accept = analyst.post(PATH, json=question, params={"as_of": GENERATION}, headers={"Accept": "text/csv"})
    assert by_format.content == by_accept.content
    assert by_format.headers["content-type"] == "text/csv; charset=utf-8"
    assert by_format.headers["content-disposition"] == 'attachment; filename="query.csv"'
    told = list(csv.DictReader(io.StringIO(by_format.text)))
    assert [[Decimal(row["revenue"]), row["stream"], row["date"]] for row in told] == [
        [Decimal(row["revenue"]), row["stream"], row["date"]] for row in data
    ]


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


def test_the_catalog_says_what_goes_together(analyst: httpx.Client) -> None:
    marts, metrics = oracle.semantics()
    every = analyst.get(CATALOG_PATH).json()
    assert {m["name"] for m in every["metrics"]} == set(metrics)
    assert {d["name"] for d in every["dimensions"]} == {name for mart in marts.values() for name in mart.dimensions}
    assert {d["name"] for d in every["dimensions"] if d["is_segment"]} == {"role", "plan_tier", "method", "country"}
    for metric in every["metrics"]:
        assert set(metric["dimensions"]) == oracle.dimensions(metric["name"])
        assert set(metric["grains"]) == oracle.grains(metric["name"])
        assert metric["description"]
    some = analyst.get(CATALOG_PATH, params={"metrics": "revenue,plan_revenue"}).json()
    assert [d["name"] for d in some["dimensions"]] == ["plan_id"]
    assert some["grains"] == ["month", "quarter", "year"]
    assert "outstanding_balance" not in {m["name"] for m in some["metrics"]}
    undated = analyst.get(CATALOG_PATH, params={"metrics": "outstanding_balance"}).json()
    assert undated["grains"] == []
    assert "revenue" not in {m["name"] for m in undated["metrics"]}
    assert analyst.get(CATALOG_PATH, params={"metrics": "nothing"}).status_code == 400


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


def test_nothing_published_is_nothing_but_an_answer(analyst: httpx.Client, admin: Client) -> None:
    """Of empty marts totals are 0, all else is not known, and no day has a row."""
    publish(admin, 33, empty=True)
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)
    question: Row = {"metrics": ["revenue", "mrr", "churn_rate", "new_users"]}
    data = analyst.post(PATH, json=question, params={"as_of": 33}).json()["data"]
    assert data == [{"revenue": 0, "mrr": None, "churn_rate": None, "new_users": 0}]
    assert analyst.post(PATH, json=question | {"grain": "month"}, params={"as_of": 33}).json()["data"] == []
    admin.command("DROP DATABASE marts_g000033 SYNC")


def test_a_question_without_a_limit_can_be_for_all_rows(catalog: Catalog) -> None:
    question = Query(metrics=("revenue",), dimensions=("stream",))
    assert "limit" not in compile_query(question, catalog, LAST_DAY, max_rows=None).parameters
    assert compile_query(question, catalog, LAST_DAY).parameters["limit"] == MAX_ROWS + 1
    with pytest.raises(Problem, match="active_users does not add up"):
        compile_query(Query(metrics=("active_users",)), catalog, LAST_DAY)


def test_saved_questions_move_on(catalog: Catalog) -> None:
    question = Query.model_validate({"metrics": ["revenue"], "range": "7d"})
    for last in (LAST_DAY, LAST_DAY + timedelta(days=40)):
        assert compile_query(question, catalog, last).days == (last - timedelta(days=6), last)
