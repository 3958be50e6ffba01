"""Processes that fork while they track."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from ingestion.client import Client
from tests.ingestion.client.server import Endpoint, quick


def test_a_forked_child_sends_its_own_events_and_not_its_parents(collector: Endpoint, tmp_path: Path) -> None:
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path, linger_seconds=60.0))
    parents = client.track("page.view", "parent")
    child = os.fork()
    if child == 0:
        ok = client.statistics.tracked == 0
        client.track("page.view", "child")
        ok = ok and client.close(10) and client.statistics.sent == 1
        os._exit(0 if ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert [event["user_id"] for event in collector.taken] == ["child"]
    assert client.close()
    assert collector.ids.count(str(parents)) == 1
    assert len(collector.taken) == 2
    assert [path for path in tmp_path.iterdir() if path.name != "rejected"] == []


def test_forks_in_the_middle_of_tracking_neither_hang_nor_mix(collector: Endpoint, tmp_path: Path) -> None:
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path))
    enough = threading.Event()
    own: list[list[str | None]] = [[] for _ in range(3)]

    def produce(ids: list[str | None]) -> None:
        while not enough.wait(0.0005):
            ids.append(client.track("page.view", "parent"))

    threads = [threading.Thread(target=produce, args=(ids,)) for ids in own]
    for thread in threads:
        thread.start()
    for _ in range(10):
        child = os.fork()
        if child == 0:
            client.track("page.view", "child")
            done = client.close(20) and client.statistics.sent == client.statistics.tracked == 1
            os._exit(0 if done else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    enough.set()
    for thread in threads:
        thread.join()
    assert client.close(20)
    arrived = {event["event_id"]: event["user_id"] for event in collector.taken}
    assert {i for ids in own for i in ids} == {event_id for event_id, user in arrived.items() if user == "parent"}
    assert list(arrived.values()).count("child") == 10
