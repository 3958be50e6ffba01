"""Landing of the spool: while ClickHouse is away, when the spool is full, at stop, and by `drain`."""

from __future__ import annotations

import contextlib
import shutil
import threading
from pathlib import Path

import httpx

from ingestion.doors.collector import LOCK, drain, lock_of, waiting
from ingestion.doors.collector.spool import Record, Spool, folder_of
from tests.faults.state import admitted, held, ledger
from tests.ingestion.doors.collector.conftest import EVENTS, collecting, event, line, ndjson
from tests.waiting import until
from warehouse.engine import process
from warehouse.locks import exclusive
from warehouse.settings import Settings


def leave(settings: Settings, *groups: list[bytes]) -> list[Path]:
    """Segments as a collector that was killed leaves them."""
    spool = Spool(folder_of(settings))
    for lines in groups:
        spool.write([Record(ndjson(lines), len(lines))])
        spool.sealed()
    return [waiting.path for waiting in spool.sealed()]


def test_what_was_accepted_lands_by_itself(client: httpx.Client, empty: Settings) -> None:
    ids = []
    for _ in range(20):
        sent = event()
        ids.append(str(sent["event_id"]))
        assert client.post(EVENTS, json=sent).status_code == 202
    until(lambda: admitted(empty) == sorted(ids))
    until(lambda: client.get("/health").json()["segments"] == 0)
    # Many requests share a batch.
    assert ledger(empty).batches < 15
    assert list(folder_of(empty).glob("*.segment")) == []


def test_segments_of_an_earlier_run_land_at_start(empty: Settings) -> None:
    sent = [event(), event(), event()]
    groups = [[line(**sent[0]), b"bad"], [line(**sent[1]), line(**sent[0])]]
    paths = leave(empty, *groups)
    with paths[1].open("ab") as torn:
        torn.write(b"\x20\x00\x00\x00torn in the mid")
    (folder_of(empty) / "000000000009.segment").write_bytes(b"")
    with collecting(empty) as client:
        until(lambda: client.get("/health").json()["segments"] == 0)
        assert client.post(EVENTS, json=sent[2], params={"wait": "stored"}).json()["stored"] == 1
    assert admitted(empty) == sorted(str(one["event_id"]) for one in sent)
    assert list(held(empty)) == [b"bad"]


def test_drain_lands_what_is_left_and_nothing_twice(empty: Settings) -> None:
    nothing = drain(empty)
    assert (nothing.totals.received, nothing.waiting) == (0, 0)
    paths = leave(empty, [line(), b"bad"], [line()])
    copies = [path.with_name(f"{900 + number}.segment") for number, path in enumerate(paths)]
    for path, copy in zip(paths, copies, strict=True):
        shutil.copy(path, copy)
    drained = drain(empty)
    assert drained.waiting == 0
    assert (drained.totals.received, drained.totals.stored, drained.totals.replayed_batches) == (6, 2, 2)
    sums = ledger(empty)
    assert (sums.batches, sums.stored, sums.quarantined) == (2, 2, 1)
    assert drain(empty).totals.batches == 0


def test_collectors_of_one_home_have_a_spool_each_and_drain_lands_those_of_all_that_are_gone(empty: Settings) -> None:
    first, second = (empty.model_copy(update={"collector_name": f"collector-{number}"}) for number in range(2))
    sent = [event(), event()]
    with collecting(first) as one, collecting(second) as other:
        # Sent again to the other one: admitted once, whoever took it first.
        for client, body in ((one, sent[0]), (other, sent[1]), (other, sent[0])):
            assert client.post(EVENTS, json=body, params={"wait": "stored"}).status_code == 200
    assert admitted(empty) == sorted(str(body["event_id"]) for body in sent)

    leave(first, [line()])
    leave(second, [line()], [line()])
    assert folder_of(first) != folder_of(second)
    assert waiting(empty) == 3
    with exclusive(lock_of(first), first):
        assert waiting(empty) == 2
        drained = drain(empty)
    assert (drained.totals.stored, drained.waiting) == (2, None)
    assert drained.notes == ["the collector collector-0 is running and lands by itself"]
    assert (drain(empty).totals.stored, waiting(empty)) == (1, 0)


def test_drain_beside_a_running_collector_leaves_it_alone(empty: Settings) -> None:
    leave(empty, [line()])
    with exclusive(LOCK, empty):
        drained = drain(empty)
    assert (drained.totals.batches, drained.waiting, len(drained.notes)) == (0, None, 1)
    assert drain(empty).totals.stored == 1


def test_while_clickhouse_is_away_it_accepts_until_the_spool_is_full(fresh_home: Settings) -> None:
    settings = fresh_home.model_copy(update={"collector_spool_mib": 1})
    batch = [event(properties={"text": "x" * 10_000}) for _ in range(20)]
    with collecting(settings) as client:
        process.stop(settings)
        accepted: list[str] = []
        while (answer := client.post(EVENTS, json=batch)).status_code == 202:
            accepted += [str(one["event_id"]) for one in batch]
            batch = [one | event(properties=one["properties"]) for one in batch]
            assert len(accepted) < 1_000
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(accepted) >= 60
        # A small one still fits.
        sent = event()
        assert client.post(EVENTS, json=sent).status_code == 202
        accepted.append(str(sent["event_id"]))
        until(lambda: client.get("/health").json()["landing_failure"] is not None)
        process.start(settings)
        until(lambda: client.get("/health").json()["segments"] == 0)
        # The last segment is gone a moment before the round that landed it ends.
        until(lambda: client.get("/health").json()["landing_failure"] is None)
        assert client.post(EVENTS, json=batch).status_code == 202
        accepted += [str(one["event_id"]) for one in batch]
    assert admitted(settings) == sorted(accepted)


def test_a_stop_lands_what_it_has_and_answers_who_waits(empty: Settings) -> None:
    answers: list[int] = []
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(collecting(empty))

        def wait_for_it() -> None:
            answers.append(client.post(EVENTS, json=event(), params={"wait": "stored"}).status_code)

        waiter = threading.Thread(target=wait_for_it)
        waiter.start()
        for _ in range(10):
            assert client.post(EVENTS, json=event()).status_code == 202
        waiter.join()
    assert answers == [200]
    assert ledger(empty).stored == 11
    assert list(folder_of(empty).glob("*.segment")) == []


def test_a_stop_without_clickhouse_leaves_everything_in_the_spool(fresh_home: Settings) -> None:
    sent = event()
    with collecting(fresh_home) as client:
        process.stop(fresh_home)
        assert client.post(EVENTS, json=sent).status_code == 202
    assert len(list(folder_of(fresh_home).glob("*.segment"))) == 1
    process.start(fresh_home)
    assert drain(fresh_home).totals.stored == 1
    assert admitted(fresh_home) == [sent["event_id"]]
