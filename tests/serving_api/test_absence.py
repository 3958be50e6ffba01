"""ClickHouse dies and is started again: who asks meanwhile waits, and is asked again only so often."""

from __future__ import annotations

import asyncio

import pytest

from serving_api import absence
from serving_api.absence import Absence, Patience
from serving_api.clickhouse import AwayError, ClickHouse, UnavailableError
from tests.servers.engine import kill
from warehouse.settings import Settings

# Longer than any machine takes to start the engine.
LONG_SECONDS = 120


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absence, "RETURN_SECONDS", LONG_SECONDS)


def test_queries_and_streams_wait_for_an_engine_that_is_started_again(fresh_home: Settings, long: None) -> None:
    async def ask() -> list[bytes]:
        pool = ClickHouse(fresh_home)
        await pool.open()
        try:
            answers = [await pool.rows("select 1 as one")]
            kill(fresh_home)
            answers.append(await pool.rows("select 1 as one", timeout_seconds=LONG_SECONDS))
            kill(fresh_home)
            pieces = pool.stream("select 1 as one", database="default", parameters={}, form="JSONEachRow", settings={})
            answers.append(b"".join([piece async for piece in pieces]))
            return answers
        finally:
            await pool.close()

    assert asyncio.run(ask()) == [b'{"one":1}\n'] * 3


def test_who_is_not_patient_hears_at_once_that_it_is_away(tmp_path_factory: pytest.TempPathFactory, long: None) -> None:
    async def ask() -> None:
        pool = ClickHouse(Settings(home=tmp_path_factory.mktemp("nothing")))
        await pool.open()
        try:
            await pool.rows("select 1", patient=False)
        finally:
            await pool.close()

    with pytest.raises(AwayError) as raised:
        asyncio.run(ask())
    assert isinstance(raised.value, UnavailableError)


def test_nobody_waits_longer_than_clickhouse_is_expected_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failures_borne(gone: Absence | None, most: int) -> int:
        patience = Patience(gone)
        for number in range(most):
            if not await patience.lasts(begun=False):
                return number
        return most

    async def ask() -> tuple[int, int, int]:
        gone = Absence()
        long = await failures_borne(gone, 4)
        impatient = await failures_borne(None, 4)
        monkeypatch.setattr(absence, "RETURN_SECONDS", 0)
        return long, impatient, await failures_borne(gone, 4)

    # One connection that was closed says nothing.
    assert asyncio.run(ask()) == (4, 1, 1)


def test_of_many_who_wait_one_looks_at_a_time_and_all_go_on_when_it_is_back(long: None) -> None:
    async def wait() -> None:
        gone = Absence()
        waiting = [asyncio.create_task(gone.wait()) for _ in range(50)]
        looking, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert len(looking) == 1
        gone.end()
        assert all(await asyncio.gather(*rest))

    asyncio.run(wait())


def test_a_query_that_breaks_every_connection_is_not_sent_for_ever(long: None) -> None:
    async def sent() -> int:
        patience = Patience(Absence())
        number = 1
        while await patience.lasts(begun=True):
            number += 1
        return number

    assert asyncio.run(sent()) == 3
