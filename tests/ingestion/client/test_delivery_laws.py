"""The law of delivery: what `track` accepted arrives at least once as the same event, or is counted.

Whatever the server does, however threads and processes interleave, and when the producer is killed.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.client import Client, Options
from tests.ingestion.client.producing import Producing
from tests.ingestion.client.server import JSON, Endpoint, Reply, Request, endpoint

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "6"))

REPLIES = {
    "fine": None,
    "busy": Reply(503, headers={"Retry-After": "0"}),
    "slow-down": Reply(429),
    "down": Reply(500),
    "forbidden": Reply(403),
    "large": Reply(413, headers=JSON, body=b"{}"),
    "malformed": Reply(400, headers=JSON, body=b"{}"),
    "not-the-collector": Reply(200, body=b"<html>"),
    "cut": Reply(cut=True),
    "cut-after-taking": Reply(cut=True, after_taking=True),
    "lost-answer": Reply(502, after_taking=True),
}


@settings(max_examples=40, deadline=None)
@given(
    weather=st.lists(st.sampled_from(sorted(REPLIES)), max_size=25),
    threads=st.integers(1, 3),
    events=st.integers(1, 60),
    batch=st.integers(1, 20),
    room=st.sampled_from([2_000, 1_000_000]),
    on_disk=st.booleans(),
)
def test_accepted_events_arrive_or_are_counted(
    weather: list[str], threads: int, events: int, batch: int, room: int, on_disk: bool
) -> None:
    ahead = iter(weather)
    rejected: list[str] = []

    def behave(request: Request) -> Reply | None:
        reply = REPLIES[next(ahead, "fine")]
        ids = [event["event_id"] for event in request.events]
        if reply is not None and (reply.status == 400 or (reply.status == 413 and len(ids) == 1)):
            rejected.extend(ids)
        return reply

    accepted: list[list[str]] = [[] for _ in range(threads)]
    with tempfile.TemporaryDirectory() as folder, endpoint() as collector:
        collector.behave = behave
        options = Options(
            buffer_dir=folder if on_disk else None,
            buffer_bytes=room,
            batch_events=batch,
            linger_seconds=0.002,
            min_backoff_seconds=0.001,
            max_backoff_seconds=0.004,
            close_seconds=30.0,
        )
        client = Client(collector.url, "key", options)

        def produce(own: list[str]) -> None:
            own.extend(i for n in range(events) if (i := client.track("page.view", f"u{n}")) is not None)

        workers = [threading.Thread(target=produce, args=(own,)) for own in accepted]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert client.flush(30)
        assert client.close()
        left = [path for path in Path(folder).iterdir() if path.name != "rejected"]
        kept = [json.loads(line)["event_id"] for path in Path(folder).glob("rejected/*") for line in path.open()]

    statistics = client.statistics
    promised = {event_id for own in accepted for event_id in own}
    assert promised == set(collector.ids) | set(rejected)
    assert statistics.tracked == threads * events == len(promised) + statistics.dropped
    assert statistics.tracked == statistics.sent + statistics.rejected + statistics.dropped
    assert statistics.buffered == 0
    assert left == []
    # What was refused in a request whose other half failed is sent once more.
    assert not on_disk or (set(kept) <= set(rejected) and len(kept) == statistics.rejected)
    assert room == 2_000 or statistics.dropped == 0
    # A resend is the same event, and first arrivals keep the order of each thread.
    assert len({json.dumps(event) for event in collector.taken}) == len(set(collector.ids))
    order = {event_id: place for place, event_id in reversed(list(enumerate(collector.ids)))}
    for own in accepted:
        places = [order[event_id] for event_id in own if event_id in order]
        assert places == sorted(places)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_a_killed_producer_had_accepted_is_sent_by_the_next(
    collector: Endpoint, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    weather = [REPLIES["fine"], REPLIES["busy"], REPLIES["cut"], REPLIES["cut-after-taking"], Reply(hang=True)]
    collector.behave = lambda request: dice.choice(weather)
    promised: list[str] = []
    folder = tmp_path / "buffer"
    for _ in range(2):
        producer = Producing(collector.url, "key", folder, 0, tmp_path / "said")
        promised += producer.killed(dice.uniform(0.0, 0.3))
    assert "None" not in promised
    collector.behave = lambda request: None
    with Client(collector.url, "key", Options(buffer_dir=folder)) as client:
        assert client.flush(60)
    assert set(promised) - set(collector.ids) == set()
    assert client.statistics.sent == client.statistics.recovered
    assert list(folder.iterdir()) == []


def test_events_are_sent_when_the_process_ends_by_itself(collector: Endpoint, tmp_path: Path) -> None:
    assert Producing(collector.url, "key", "", 50, tmp_path / "said").ended() == collector.ids


def test_processes_that_share_a_folder_take_over_only_from_the_dead(collector: Endpoint, tmp_path: Path) -> None:
    collector.behave = lambda request: Reply(503)
    options = Options(buffer_dir=tmp_path, close_seconds=0.1)
    living, dying = Client(collector.url, "key", options), Client(collector.url, "key", options)
    living.track("page.view", "of the living")
    dying.track("page.view", "of the dying")
    assert dying.close() is False
    assert dying.statistics.buffered == 1
    with Client(collector.url, "key", options) as next_one:
        assert next_one.statistics.recovered == 1
        collector.behave = lambda request: None
        assert next_one.flush(30)
        assert living.flush(30)
    assert living.close()
    assert sorted(event["user_id"] for event in collector.taken) == ["of the dying", "of the living"]
    assert (living.statistics.sent, next_one.statistics.sent) == (1, 1)
