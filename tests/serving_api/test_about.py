"""What the API says about its numbers: older generations, why they changed, what they are made of and mean."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.auth import Role
from serving_api.endpoint import load
from serving_api.generations import REMEMBERED_SECONDS
from tests.serving_api.conftest import bearer
from tests.serving_api.published import FIRST_DAY, LAST_DAY, contract, marts, point, publish
from warehouse.retention.policy import load as load_policy

DAILY = "/api/v1/marts/daily_metrics"
SCORE, LEVEL = "/explain/job-success-score", "/explain/creator-level"


@pytest.fixture(autouse=True)
def first_generation(admin: Client, url: str) -> Iterator[None]:
    """Each test leaves generation 1 in force."""
    yield
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)


def get(client: httpx.Client, path: str, **parameters: str | int) -> Any:
    answer = client.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content, parse_float=Decimal)


def test_an_older_generation_answers_as_it_did(analyst: httpx.Client, admin: Client) -> None:
    first = analyst.get(DAILY)
    publish(admin, 11)
    time.sleep(REMEMBERED_SECONDS)
    latest = analyst.get(DAILY)
    assert latest.headers["x-generation"] == "11"
    older = analyst.get(DAILY, params={"as_of": 1})
    assert (older.content, older.headers["etag"]) == (first.content, first.headers["etag"])
    assert older.headers["x-generation"] == "1"
    same = analyst.get(DAILY, params={"as_of": 1}, headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    named = analyst.get(DAILY, params={"as_of": 11})
    assert named.headers["etag"] == latest.headers["etag"]


def test_pages_of_an_older_generation_stay_there(analyst: httpx.Client, admin: Client) -> None:
    publish(admin, 11)
    time.sleep(REMEMBERED_SECONDS)
    page = get(analyst, DAILY, as_of=1, limit=5)
    following = analyst.get(page["meta"]["next"])
    assert (following.status_code, following.headers["x-generation"]) == (200, "1")
    other = analyst.get(f"{page['meta']['next']}&as_of=11")
    assert (other.status_code, other.json()["errors"][0]["parameter"]) == (400, "as_of")


def test_what_is_not_kept_is_gone_and_what_is_kept_is_named(analyst: httpx.Client, admin: Client) -> None:
    for generation in (12, 13, 15):
        publish(admin, generation)
    time.sleep(REMEMBERED_SECONDS)
    for endpoint in load():
        path = endpoint.header.path.replace("{type}", "daily_signups").replace("{mart}", "revenue")
        gone = analyst.get(path, params={"as_of": 14})
        assert gone.status_code == (410 if Role.ANALYST in endpoint.header.roles else 403), path
    gone = analyst.get(DAILY, params={"as_of": 14}).json()
    assert gone["type"] == "/docs#problem-generation-gone"
    assert "to 13, 15" in gone["detail"]
    assert analyst.get(DAILY, params={"as_of": 12}).status_code == 200
    point(admin, 1)
    admin.command("DROP DATABASE marts_g000012 SYNC")
    for number in range(3):
        # Also what had been answered before, and at once.
        assert analyst.get(DAILY, params={"as_of": 12, "limit": 100 + number}).status_code == 410
    time.sleep(REMEMBERED_SECONDS)
    assert analyst.get(DAILY, params={"as_of": 12}).status_code == 410


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "latest", "", "99999999999"])
def test_a_generation_is_a_number(analyst: httpx.Client, text: str) -> None:
    answer = analyst.get(DAILY, params={"as_of": text})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "as_of")


def test_revisions_say_why_a_number_changed(analyst: httpx.Client, admin: Client) -> None:
    publish(admin, 21)
    publish(admin, 22)
    time.sleep(REMEMBERED_SECONDS)
    found = get(analyst, "/revisions", generation=22)["data"]
    assert found == [
        {
            "generation": 22,
            "previous": 21,
            "published_at": found[0]["published_at"],
            "mart": "revenue",
            "date": LAST_DAY.isoformat(),
            "column": "gross_usd",
            "old": 1,
            "new": 3,
            "delta": 2,
            "causes": ["late_events"],
        }
    ]
    assert get(analyst, "/revisions")["data"][0]["generation"] == 22
    # A generation knows nothing of what came after it.
    assert get(analyst, "/revisions", as_of=21)["data"][0]["generation"] == 21
    for other in ({"mart": "user_metrics"}, {"column": "net_usd"}, {"endDate": "2024-04-29"}):
        assert get(analyst, "/revisions", **other)["data"] == []
    page = get(analyst, "/revisions", mart="revenue", column="gross_usd", limit=1)
    following = get(analyst, page["meta"]["next"])
    assert [row["generation"] for row in (*page["data"], *following["data"])] == [22, 21]
    filtered = get(analyst, "/revisions", generation=22, startDate=LAST_DAY.isoformat())
    assert filtered["meta"]["parameters"]["generation"] == 22


def test_revisions_of_a_build_that_died_are_not_shown(analyst: httpx.Client, admin: Client) -> None:
    row = [999, 1, datetime.now(UTC), "revenue", LAST_DAY, "rows", 1, 2, ["late_events"]]
    admin.insert("marts.revisions", [row])
    point(admin, 1)
    time.sleep(REMEMBERED_SECONDS)
    assert get(analyst, "/revisions", generation=999)["data"] == []


def test_the_catalog_has_every_column_of_every_mart(analyst: httpx.Client) -> None:
    rows = get(analyst, "/catalog", limit=10000)["data"]
    assert [(row["mart"], row["column"], row["type"]) for row in rows] == [
        (mart, name, type_) for mart in marts() for name, type_ in contract(mart).items()
    ]
    found = {(row["mart"], row["column"]): row for row in rows}
    revenue = found["daily_metrics", "total_revenue"]
    assert (revenue["kind"], revenue["unit"], revenue["grain"]) == ("metric", "USD", ["date"])
    assert revenue["description"] == "About total_revenue."
    assert DAILY in revenue["endpoints"]
    units = {
        ("revenue", "date"): ("dimension", "day"),
        ("revenue", "gross_amount"): ("metric", "currency"),
        ("revenue", "transaction_count"): ("metric", "count"),
        ("job_success_score", "jss"): ("metric", "score"),
        ("system_health", "p95_ms"): ("metric", "ms"),
        ("system_health", "error_rate"): ("metric", "fraction"),
        ("vendor_metrics", "vendor_id"): ("dimension", "id"),
        ("chat_sessions", "avg_session_seconds"): ("metric", "seconds"),
    }
    assert {key: (found[key]["kind"], found[key]["unit"]) for key in units} == units
    served = {path for row in rows for path in row["endpoints"]}
    assert served == {e.header.path for e in load() if e.header.marts} - {"/lineage/{mart}"}


def test_lineage_goes_down_to_events_and_up_to_endpoints(analyst: httpx.Client) -> None:
    lineage = get(analyst, "/lineage/revenue")
    assert lineage["event_types"] == ["thing.done"]
    assert [(node["kind"], node["name"]) for node in lineage["upstream"]] == [
        ("raw", "raw.events"),
        ("staging", "stg_things"),
    ]
    assert lineage["downstream"] == [{"name": "daily_metrics"}]
    assert lineage["exposures"] == [{"name": "people", "description": "People."}]
    reading = sorted(e.header.path for e in load() if "revenue" in e.header.marts)
    assert [row["path"] for row in lineage["endpoints"]] == reading
    unknown = analyst.get("/lineage/nothing")
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")


def test_contributions_add_up_exactly_to_the_score(admin: Client, url: str) -> None:
    database, chance = publish(admin, 31), random.Random(5)
    expected: dict[str, float] = {}
    for table in ("job_success_contracts", "job_success_score"):
        admin.command(f"TRUNCATE TABLE {database}.{table}")
    for person in range(40):
        done = [
            [min(10.0, max(1.0, math.log(1 + chance.random() * 10**5))), chance.choice([0, 0.5, 1]), chance.random()]
            for _ in range(1 + person)
        ]
        weights = math.fsum(weight for weight, _, _ in done)
        clients = 1 + person // 2
        long_term = chance.randint(0, clients)
        base = 100 * math.fsum(math.prod(each) for each in done) / weights
        expected[f"f-{person}"] = round(min(100, 0.9 * base + 10 * long_term / clients), 2)
        admin.insert(
            f"{database}.job_success_contracts",
            [[f"f-{person}", f"c-{n}", "ann", LAST_DAY, LAST_DAY, "success", 1, None, *d] for n, d in enumerate(done)],
        )
        jss = expected[f"f-{person}"]
        row = [f"f-{person}", LAST_DAY, jss, len(done), 1, None, 1, clients, long_term]
        admin.insert(f"{database}.job_success_score", [row])
    time.sleep(REMEMBERED_SECONDS)
    for freelancer, jss in expected.items():
        with httpx.Client(base_url=url, headers=bearer(Role.FREELANCER, freelancer)) as client:
            told = get(client, SCORE)
        points = sum((Decimal(each["points"]) for each in told["contracts"]), Decimal(0))
        assert points == told["contract_points"]
        assert points + told["long_term_points"] + told["rounding"] == Decimal(str(jss)) == told["jss"]
        assert abs(told["rounding"]) <= Decimal("0.0051")
        assert sum(Decimal(c["points"]) + Decimal(c["lost_points"]) for c in told["contracts"]) == pytest.approx(90)


def test_what_is_missing_for_the_next_level(admin: Client, url: str) -> None:
    database = publish(admin, 32)
    names = list(contract("creator_levels"))
    admin.command(f"TRUNCATE TABLE {database}.creator_levels")
    # By user: tasks, ratings, and what is required of both.
    standings = {
        "both": (5, "12", 4, 10, "4.00", 5, 1.0, 4, False),
        "rated": (5, "18", 4, 10, "4.00", 5, 0.0, 0, False),
        "ready": (12, "18", 4, 10, "4.00", 0, 0.0, 0, True),
        "new": (0, "0", 0, 10, "3.50", 10, 3.5, 1, False),
        "never": (12, "18", 4, 10, "5.00", 0, 0.5, None, False),
        "top": (99, "18", 4, None, None, None, None, None, None),
    }
    for user, (done, total, count, tasks, rating, left, *_) in standings.items():
        row = dict.fromkeys(names, 0) | {
            "user_id": user,
            "level": "mid",
            "since": LAST_DAY,
            "tasks_completed": done,
            "rating_sum": Decimal(total),
            "rating_count": count,
            "avg_rating": float(total) / count if count else None,
            "next_level": "senior" if tasks else None,
            "tasks_required": tasks,
            "rating_required": rating and Decimal(rating),
            "tasks_remaining": left,
        }
        admin.insert(f"{database}.creator_levels", [[row[name] for name in names]], column_names=names)
    time.sleep(REMEMBERED_SECONDS)
    for user, (*_, left, rating_missing, reviews, ready) in standings.items():
        with httpx.Client(base_url=url, headers=bearer(Role.CREATOR, user)) as client:
            told = get(client, LEVEL)
        assert (told["tasks_missing"], told["best_reviews_missing"], told["is_ready"]) == (left, reviews, ready), user
        assert told["rating_missing"] == (
            None if rating_missing is None else pytest.approx(Decimal(str(rating_missing)))
        )


def test_an_explanation_says_what_was_on_an_earlier_day(admin: Client, url: str) -> None:
    with httpx.Client(base_url=url, headers=bearer(Role.ANALYST)) as client:
        alone = get(client, SCORE, userId="free-1")
        assert set(alone["earlier"].values()) == {None}
        publish(admin, 41)
        admin.command(
            "ALTER TABLE marts.publications UPDATE published_at = published_at - INTERVAL 1 DAY WHERE generation = 41"
            " SETTINGS mutations_sync = 1"
        )
        publish(admin, 42)
        admin.command(
            "ALTER TABLE marts_g000042.job_success_score UPDATE jss = 90.15, clients = clients + 2"
            " WHERE freelancer_id = 'free-1' SETTINGS mutations_sync = 1"
        )
        time.sleep(REMEMBERED_SECONDS)
        told = get(client, SCORE, userId="free-1")
        assert told["earlier"] == {
            "generation": 41,
            "jss": Decimal("87.65"),
            "change": Decimal("2.5"),
            "contracts_added": 4,
            "clients_added": 4,
            "long_term_clients_added": 1,
        }
        assert get(client, LEVEL, userId="free-1")["earlier"]["generation"] == 41
        # A rollback to today's does not make today another day.
        point(admin, 42, action="rollback")
        time.sleep(REMEMBERED_SECONDS)
        assert get(client, SCORE, userId="free-1")["earlier"]["generation"] == 41
    admin.command("DROP DATABASE marts_g000041 SYNC")


def test_days_that_have_left_are_refused_and_never_zero(analyst: httpx.Client, admin: Client) -> None:
    path, day = "/api/analytics/chat/conversations", f"{LAST_DAY - timedelta(days=3)}"
    publish(admin, 51)
    admin.command(
        f"ALTER TABLE marts.publications UPDATE kept_from = map('conversations', toDate('{day}')) WHERE generation = 51"
        " SETTINGS mutations_sync = 1"
    )
    time.sleep(REMEMBERED_SECONDS)
    assert get(analyst, path)["meta"]["parameters"]["startDate"] == day
    assert get(analyst, path, startDate=day)["meta"]["parameters"]["startDate"] == day
    before = f"{LAST_DAY - timedelta(days=4)}"
    refused = analyst.get(path, params={"startDate": before})
    said = f"nothing is kept of days before {day}"
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "startDate")
    assert said in refused.json()["detail"]
    # What has all its days is asked for all of them.
    assert analyst.get("/api/analytics/users/growth", params={"startDate": before}).status_code == 200
    assert get(analyst, path, startDate=before, as_of=1)["data"]
    # Who asks what there is, is told.
    left = {mart["mart"]: mart["kept_from"] for mart in get(analyst, "/freshness")["marts"] if mart["kept_from"]}
    assert left == {"conversations": day}
    columns = get(analyst, "/catalog", limit=10000)["data"]
    assert {(c["mart"], c["kept_from"]) for c in columns if c["kept_from"]} == {("conversations", day)}
    question = {"metrics": ["conversations_created"], "grain": "day"}
    builder = "/api/v1/admin/reports/query"
    asked = analyst.post(builder, json=question | {"range": "all"}).json()
    assert asked["meta"]["start_date"] == day
    refused = analyst.post(builder, json=question | {"start_date": before})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "start_date")
    assert said in refused.json()["detail"]
    admin.command("DROP DATABASE marts_g000051 SYNC")


def test_answers_about_days_that_are_kept_are_the_same_when_older_ones_have_left(
    admin_client: httpx.Client, admin: Client
) -> None:
    whole, cut, kept_from = publish(admin, 52), "marts_g000053", FIRST_DAY + timedelta(days=31)
    admin.command(f"CREATE DATABASE {cut}")
    for mart in marts():
        admin.command(f"CREATE TABLE {cut}.{mart} CLONE AS {whole}.{mart}")
    for mart in load_policy().aggregates:
        day = next(name for name, type_ in contract(mart).items() if type_.startswith("Date"))
        admin.command(f"DELETE FROM {cut}.{mart} WHERE toDate({day}) < '{kept_from}'")
    point(admin, 53)
    dated = ", ".join(f"'{mart}', toDate('{kept_from}')" for mart in load_policy().aggregates)
    admin.command(
        f"ALTER TABLE marts.publications UPDATE kept_from = map({dated}) WHERE generation = 53"
        " SETTINGS mutations_sync = 1"
    )
    time.sleep(REMEMBERED_SECONDS)
    asked = [one for one in load() if set(load_policy().aggregates) & set(one.header.marts)]
    assert len(asked) > 10
    for endpoint in asked:
        about = {"range": "30d"} if "range" in endpoint.parameters else {}
        before, after = (
            get(admin_client, endpoint.header.path, **about, format="json", as_of=generation) for generation in (52, 53)
        )
        for answer in (before, after):
            answer.pop("meta", None)
        assert before == after, endpoint.header.path
    for database in (whole, cut):
        admin.command(f"DROP DATABASE {database} SYNC")
