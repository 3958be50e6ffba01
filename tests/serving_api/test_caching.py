"""ETags, and answers while generations change."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from clickhouse_connect.driver.client import Client

from serving_api.cache import Answer, ByteCache
from serving_api.generations import REMEMBERED_SECONDS
from tests.serving_api.published import COMPLETE_THROUGH, point, publish

DAILY = "/api/v1/marts/daily_metrics"


@pytest.fixture(autouse=True)
def first_generation(admin: Client, url: str) -> Iterator[None]:
    """Each test begins, and leaves, with generation 1."""
    yield
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)


def test_headers_say_where_an_answer_is_from(analyst: httpx.Client) -> None:
    answer = analyst.get(DAILY)
    assert answer.headers["x-generation"] == "1"
    assert answer.headers["x-complete-through"] == "2024-04-30T21:30:15.250Z"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Authorization, Accept, Accept-Encoding"


@pytest.mark.parametrize("condition", ["{}", "W/{}", '"other", {}', "*"])
def test_an_unchanged_answer_is_304(analyst: httpx.Client, condition: str) -> None:
    first = analyst.get(DAILY)
    tag = first.headers["etag"].removeprefix("W/")
    again = analyst.get(DAILY, headers={"If-None-Match": condition.format(tag)})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "x-generation", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]


SHAPES = (
    "/api/v1/dashboard",
    "/api/v1/admin/analytics/dashboard?period=quarter",
    "/api/v1/analytics/uploader/dashboard?userId=free-1",
    "/api/v1/charts/user-growth?format=plotly",
    "/api/v1/export/revenue",
    "/api/v1/export/revenue?format=json",
    "/api/metrics/daily_signups",
)


@pytest.mark.parametrize("path", SHAPES)
def test_every_shape_of_answer_is_kept_and_has_its_tag(analyst: httpx.Client, path: str) -> None:
    first = analyst.get(path)
    kept = analyst.get(path)
    assert (first.status_code, kept.content) == (200, first.content)
    assert kept.headers["content-type"] == first.headers["content-type"]
    unchanged = analyst.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_forms_and_periods_have_tags_of_their_own(analyst: httpx.Client) -> None:
    def tags(path: str, *queries: str) -> set[str]:
        return {analyst.get(f"{path}?{query}").headers["etag"] for query in queries}

    assert len(tags("/api/v1/charts/user-growth", "", "format=json", "format=plotly")) == 2
    assert len(tags("/api/v1/admin/analytics/fraud", "", "period=month", "period=week", "period=year")) == 3
    assert len(tags("/analytics/freelancer/overview", "userId=free-1", "userId=free-2")) == 2


def test_a_composite_is_of_one_generation(analyst: httpx.Client, admin: Client) -> None:
    path = "/api/v1/admin/analytics/dashboard"
    first = analyst.get(path).json()
    publish(admin, 2)
    time.sleep(REMEMBERED_SECONDS)
    second = analyst.get(path)
    assert second.headers["x-generation"] == "2"
    for name in ("revenue", "active_creators", "pending_assignments"):
        assert second.json()["summary"][name] == pytest.approx(2 * first["summary"][name])
    assert second.json()["creator_levels"][0]["count"] == 2 * first["creator_levels"][0]["count"]


def test_an_etag_is_of_the_parameters_as_they_take_effect(analyst: httpx.Client) -> None:
    def tag(query: str) -> str:
        return analyst.get(f"/api/v1/marts/revenue?{query}").headers["etag"]

    same = {tag("groupBy=stream,currency"), tag("groupBy=currency&groupBy=stream&granularity=day&limit=1000")}
    assert len(same) == 1
    different = ["groupBy=stream", "groupBy=", "granularity=week", "limit=999", "startDate=2024-04-02", ""]
    assert len({tag(query) for query in different}) == len(different)


def test_a_publication_changes_answer_and_etag_and_a_rollback_gives_both_back(
    analyst: httpx.Client, admin: Client
) -> None:
    first = analyst.get(DAILY)
    publish(admin, 2, COMPLETE_THROUGH - timedelta(days=1))
    time.sleep(REMEMBERED_SECONDS)
    second = analyst.get(DAILY, headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.headers["x-generation"]) == (200, "2")
    assert second.json()["meta"]["parameters"]["endDate"] == "2024-04-29"
    point(admin, 1, action="rollback")
    time.sleep(REMEMBERED_SECONDS)
    assert analyst.get(DAILY, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_answers_are_of_one_generation_while_they_change(analyst: httpx.Client, admin: Client) -> None:
    for generation in (3, 4, 5):
        publish(admin, generation)
    stop = threading.Event()
    failures: list[str] = []
    seen: set[int] = set()

    def ask(number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            # Another limit each time, so that most answers are not from the cache.
            answer = analyst.get("/api/v1/marts/user_metrics", params={"limit": 100 + (count * 4 + number) % 5000})
            if answer.status_code != 200:
                failures.append(answer.text)
                return
            generation = int(answer.headers["x-generation"])
            seen.add(generation)
            body = answer.json()
            if body["meta"]["generation"] != generation:
                failures.append("header and body differ")
            # Every number of generation N is N times that of generation 1.
            if any(row["signins"] % generation or row["active_users"] % generation for row in body["data"]):
                failures.append("numbers of another generation")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for generation in (3, 4, 5, 3, 4, 5):
        point(admin, generation)
        time.sleep(REMEMBERED_SECONDS + 0.1)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert seen >= {3, 4, 5}


def test_a_dropped_generation_is_left_at_once_and_its_pages_are_gone(analyst: httpx.Client, admin: Client) -> None:
    publish(admin, 6)
    time.sleep(REMEMBERED_SECONDS)
    page = analyst.get("/api/v1/marts/user_metrics", params={"limit": 10}).json()
    assert page["meta"]["generation"] == 6
    point(admin, 1)
    admin.command("DROP DATABASE marts_g000006 SYNC")
    assert analyst.get("/api/v1/marts/user_metrics", params={"limit": 11}).headers["x-generation"] == "1"
    gone = analyst.get(page["meta"]["next"])
    assert (gone.status_code, gone.json()["type"]) == (410, "/docs#problem-generation-gone")


def test_a_cache_without_memory_keeps_nothing() -> None:
    cache = ByteCache(capacity=0)
    cache.put("any", Answer(b"", "text/plain"))
    cache.put("other", Answer(b"x", "text/plain"))
    assert cache.get("other") is None


def test_the_cache_stays_within_its_size() -> None:
    cache = ByteCache(capacity=100, largest=40)
    cache.put("large", Answer(b"x" * 41, "text/plain"))
    assert cache.get("large") is None
    for number in range(5):
        cache.put(str(number), Answer(b"x" * 40, "text/plain"))
        cache.get("0")
    assert [cache.get(str(number)) is not None for number in range(5)] == [True, False, False, False, True]


@pytest.mark.parametrize("path", [f"{DAILY}?limit=1000", f"{DAILY}?format=ndjson", f"{DAILY}?format=arrow"])
def test_an_answer_is_compressed_for_who_takes_it(analyst: httpx.Client, path: str) -> None:
    plain = analyst.get(path, headers={"Accept-Encoding": "identity"})
    with analyst.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        sent = b"".join(answer.iter_raw())
    assert ("content-encoding" in plain.headers, answer.headers["content-encoding"]) == (False, "gzip")
    assert gzip.decompress(sent) == plain.content
    assert len(sent) < len(plain.content) / 3
    assert {answer.headers["vary"], plain.headers["vary"]} == {"Authorization, Accept, Accept-Encoding"}


@pytest.mark.parametrize("path", ["/health", f"{DAILY}?format=parquet", f"{DAILY}?format=xlsx"])
def test_what_would_not_shrink_is_sent_as_it_is(analyst: httpx.Client, path: str) -> None:
    assert "content-encoding" not in analyst.get(path, headers={"Accept-Encoding": "gzip"}).headers
