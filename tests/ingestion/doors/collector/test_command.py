"""`warehouse collect` as a user runs it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.collector import KEY, Collector
from tests.faults.command import Command, own_home
from tests.faults.state import admitted
from tests.ingestion.doors.collector.conftest import EVENTS, METRICS, event
from tests.waiting import until
from warehouse.settings import Settings


@pytest.fixture
def collectors(home: Settings) -> Iterator[list[Collector]]:
    """Collectors to end, whatever happens."""
    started: list[Collector] = []
    yield started
    for collector in started:
        collector.ensure_gone()


def test_without_a_key_it_prints_one_that_is_good_on_loopback(empty: Settings, collectors: list[Collector]) -> None:
    collector = Collector(empty, COLLECTOR_SPOOL_MIB="5")
    collectors.append(collector)
    collector.start()
    key = collector.said["key"]
    assert key is not None
    headers = {"X-API-Key": key}
    sent = event()
    assert httpx.post(collector.url + EVENTS, json=sent).status_code == 401
    assert httpx.post(collector.url + EVENTS, json=sent, headers=headers).status_code == 202
    assert httpx.post(collector.url + METRICS, json={"type": "m", "value": 1}, headers=headers).status_code == 202
    # A second one would write into the same spool.
    other = Command(empty, COLLECTOR_PORT="1", COLLECTOR_SPOOL_MIB="0")("collect", "--json")
    assert (other.code, "COLLECTOR_SPOOL_MIB" in other.json["error"]) == (1, True)
    answer = collector.stop()
    assert key not in answer.stderr
    assert str(sent["event_id"]) in admitted(empty)
    assert len(admitted(empty)) == 2


def test_ctrl_c_lands_what_it_has(empty: Settings, collectors: list[Collector]) -> None:
    collector = Collector(empty)
    collectors.append(collector)
    collector.start()
    assert collector.said["key"] is None
    sent = event()
    assert httpx.post(collector.url + EVENTS, json=sent, headers={"X-API-Key": KEY}).status_code == 202
    collector.stop(signal.SIGINT, code=130)
    assert admitted(empty) == [sent["event_id"]]
    assert collector.segments() == []


def test_what_cannot_be_used_is_an_error_with_a_hint(empty: Settings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"a:{KEY}")
    keys.chmod(0o644)
    for environment, arguments, words in (
        ({}, ["--host", "0.0.0.0"], "loopback only"),
        ({"COLLECTOR_API_KEYS": str(keys)}, [], "read by others"),
        ({"COLLECTOR_API_KEYS": "short:key"}, [], "at least 16 characters"),
        ({"API_JWT_SECRET": "short"}, [], "API_JWT_SECRET"),
    ):
        answer = Command(empty, COLLECTOR_PORT="3994", **environment)("collect", *arguments, "--json")
        assert answer.code == 1
        assert words in answer.json["error"]
        assert answer.json["hint"]
        assert KEY not in answer.stdout + answer.stderr


def test_it_starts_the_embedded_engine_of_an_empty_home(tmp_path: Path, collectors: list[Collector]) -> None:
    with own_home(tmp_path / "home") as command:
        collector = Collector(command.settings)
        collectors.append(collector)
        collector.start()
        headers = {"X-API-Key": KEY}
        answer = httpx.post(
            collector.url + EVENTS, params={"wait": "stored"}, json=event(), headers=headers, timeout=40
        )
        assert answer.json()["stored"] == 1
        until(lambda: collector.segments() == [])
        collector.stop()
