"""What the report builder answers equals what Python computes from the rows."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.builder import Query, compile_query
from serving_api.builder.compiler import MAX_ROWS
from serving_api.generations import REMEMBERED_SECONDS
from serving_api.problems import Problem
from tests.serving_api.builder import oracle
from tests.serving_api.builder.oracle import GRAINS, Row
from tests.serving_api.builder.questions import CATALOG_PATH, GENERATION, PATH, ask, found, questions, rows
from tests.serving_api.published import LAST_DAY, point, publish
from warehouse.semantics import Catalog

QUESTIONS = 200
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


def test_order_and_limit_choose_the_first_rows(analyst: httpx.Client) -> None:
    question = {"metrics": ["product_views", "orders"], "dimensions": ["vendor_id"], "grain": "week", "range": "all"}
    every = found(ask(analyst, question))
    assert every == sorted(every, key=lambda row: (row["date"], row["vendor_id"]))
    by_views = found(ask(analyst, question | {"order": ["-product_views", "vendor_id"]}))
    assert by_views == sorted(every, key=lambda row: (-row["product_views"], row["vendor_id"], row["date"]))
    assert found(ask(analyst, question | {"order": ["-product_views", "vendor_id"], "limit": 3})) == by_views[:3]


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
