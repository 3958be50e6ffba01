"""Equal questions asked at once are asked once; and what one process has answered another one need not ask for."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr
from redis import Redis

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.cache import LARGEST_BYTES
from serving_api.generations import REMEMBERED_SECONDS
from tests.servers.redis import RedisServer, running_redis
from tests.serving_api.conftest import SECRET, Asking, bearer, endpoint_file, serving
from tests.serving_api.published import point, publish
from warehouse.errors import SettingsError
from warehouse.settings import Settings

ROWS = {"name": "rows", "type": "integer", "default": 3, "description": "d"}
#: A row a second, so that the query can be ended between two.
SLOW = """select count() as number
from numbers({rows:UInt64}) where not sleepEachRow(1) settings max_block_size = 1
"""
FAILING = """select count() as number
from numbers({rows:UInt64}) as n where not sleepEachRow(1) and not throwIf(n.number = 2) settings max_block_size = 1
"""
DAILY = "/api/v1/marts/daily_metrics"


@pytest.fixture(scope="module")
def api(engine: Settings, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("endpoints")
    for name, sql in {"slow": SLOW, "failing": FAILING}.items():
        (folder / f"{name}.sql").write_text(
            endpoint_file(name, sql, shape="rows", timeout_seconds=30, parameters=[ROWS])
        )
    with serving(create_app(engine, Authority(SECRET), folder)) as address:
        yield address


class Watch:
    """The queries of the API that have run on an engine while it is watched."""

    def __init__(self, admin: Client, part: str) -> None:
        self.seen: set[str] = set()
        self.now: set[str] = set()
        self._admin = admin
        self._part = part

    def look(self) -> None:
        sql = "SELECT query_id FROM system.processes WHERE user = 'reader' AND query LIKE {part:String}"
        found = self._admin.query(sql, parameters={"part": f"%{self._part}%"}).result_rows
        self.now = {row[0] for row in found}
        self.seen |= self.now

    def until(self, running: int) -> None:
        """Look until so many run."""
        deadline = time.monotonic() + 20
        self.look()
        while len(self.now) != running:
            assert time.monotonic() < deadline, f"{len(self.now)} run, not {running}"
            time.sleep(0.02)
            self.look()


def test_equal_questions_at_once_are_one_query(api: str, admin: Client) -> None:
    watch = Watch(admin, "sleepEachRow(1)")
    asking = [Asking(api, "/api/slow?rows=3") for _ in range(12)]
    watch.until(1)
    watch.until(0)
    assert {one.answer() for one in asking} == {(200, b'[{"number":3}]\n')}
    assert len(watch.seen) == 1


def test_another_question_is_another_query(api: str, admin: Client) -> None:
    watch = Watch(admin, "sleepEachRow(1)")
    asking = [Asking(api, f"/api/slow?rows={rows}") for rows in (20, 21)]
    watch.until(2)
    for one in asking:
        one.leave()
    watch.until(0)


def test_whoever_leaves_takes_nothing_from_the_others(api: str, admin: Client) -> None:
    watch = Watch(admin, "sleepEachRow(1)")
    first = Asking(api, "/api/slow?rows=6")
    watch.until(1)
    second = Asking(api, "/api/slow?rows=6")
    # Nothing tells from outside that it waits with the first one.
    time.sleep(1)
    first.leave()
    watch.until(0)
    assert second.answer() == (200, b'[{"number":6}]\n')
    assert len(watch.seen) == 1


def test_the_last_one_who_leaves_ends_the_query(api: str, admin: Client) -> None:
    watch = Watch(admin, "sleepEachRow(1)")
    for count in (1, 2):
        # Whoever comes after that asks anew.
        asking = [Asking(api, "/api/slow?rows=25") for _ in range(2)]
        watch.until(1)
        time.sleep(1)
        for one in asking:
            one.leave()
        watch.until(0)
        assert len(watch.seen) == count


def test_a_failure_is_everybodys_and_is_not_kept(api: str, admin: Client) -> None:
    watch = Watch(admin, "sleepEachRow(1)")
    asking = [Asking(api, "/api/failing") for _ in range(3)]
    watch.until(1)
    assert {one.answer()[0] for one in asking} == {500}
    assert len(watch.seen) == 1
    again = Asking(api, "/api/failing")
    watch.until(1)
    assert again.answer()[0] == 500
    assert len(watch.seen) == 2


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


def asked(address: str, query: str = "") -> httpx.Response:
    answer = httpx.get(f"{address}{DAILY}?{query}", headers=bearer(Role.ADMIN), timeout=30)
    assert answer.status_code == 200, answer.text
    return answer


def test_processes_share_answers_over_redis_and_a_publication_changes_them_all(
    engine: Settings, admin: Client, url: str, redis: RedisServer
) -> None:
    settings = engine.model_copy(update={"api_redis_url": SecretStr(redis.url)})
    table = "marts_g000001.daily_metrics"
    with (
        serving(create_app(settings, Authority(SECRET))) as one,
        serving(create_app(settings, Authority(SECRET))) as two,
    ):
        first = {form: asked(one, f"format={form}") for form in ("json", "csv", "parquet", "xlsx")}
        # Who asks ClickHouse now gets nothing.
        admin.command(f"RENAME TABLE {table} TO {table}_away")
        try:
            for form, answer in first.items():
                again = asked(two, f"format={form}")
                assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
                assert again.headers["content-type"] == answer.headers["content-type"]
        finally:
            admin.command(f"RENAME TABLE {table}_away TO {table}")
        publish(admin, 2)
        time.sleep(REMEMBERED_SECONDS)
        try:
            assert {asked(api).json()["meta"]["generation"] for api in (one, two)} == {2}
        finally:
            point(admin, 1, action="rollback")
            time.sleep(REMEMBERED_SECONDS)


def test_without_redis_the_api_goes_on_and_says_so_once(
    engine: Settings, url: str, redis: RedisServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, logger="serving_api")
    monkeypatch.setattr("serving_api.redis_cache.AWAY_SECONDS", 0.0)
    settings = engine.model_copy(update={"api_redis_url": SecretStr(redis.url)})

    def told() -> list[str]:
        return [r.getMessage() for r in caplog.records if "Redis" in r.getMessage()]

    with serving(create_app(settings, Authority(SECRET))) as api:
        asked(api)
        redis.stop()
        for limit in range(1, 6):
            asked(api, f"limit={limit}")
        (said,) = told()
        assert said.startswith("Redis does not answer")
        assert str(redis.port) not in said
        redis.start()
        asked(api, "limit=7")
        assert told()[1:] == ["Redis answers again"]


def test_redis_that_holds_its_breath_keeps_nobody_waiting(engine: Settings, url: str) -> None:
    # It takes the connection and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings = engine.model_copy(update={"api_redis_url": SecretStr(address)})
        with serving(create_app(settings, Authority(SECRET))) as api:
            assert asked(api).json()["data"]


def test_what_is_kept_in_redis_is_small_and_expires(engine: Settings, url: str, redis: RedisServer) -> None:
    settings = engine.model_copy(update={"api_redis_url": SecretStr(redis.url)})
    with serving(create_app(settings, Authority(SECRET))) as api:
        asked(api)
    kept = Redis.from_url(redis.url)
    (key,) = kept.keys("*")
    assert key.startswith(b"warehouse:")
    assert 0 < kept.ttl(key) <= 3600
    assert kept.strlen(key) < LARGEST_BYTES


def test_an_address_that_is_none_is_refused_without_being_told(engine: Settings) -> None:
    settings = engine.model_copy(update={"api_redis_url": SecretStr("http://me:hidden@nowhere")})
    with pytest.raises(SettingsError, match="API_REDIS_URL") as refused:
        create_app(settings, Authority(SECRET))
    assert "hidden" not in str(refused.value)
    assert refused.value.__context__ is None or "hidden" not in str(refused.value.__context__)
