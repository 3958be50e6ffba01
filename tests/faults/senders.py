"""Senders that load a collector and remember what was acknowledged."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.faults.state import admitted, held, ledger
from warehouse.settings import Settings

PATH = "/api/analytics/events"


@dataclass(slots=True)
class Sent:
    """Ids of good events and lines of bad ones: all that were sent, and those that were acknowledged."""

    ids: list[str] = field(default_factory=list)
    bad: list[bytes] = field(default_factory=list)
    acknowledged_ids: list[str] = field(default_factory=list)
    acknowledged_bad: list[bytes] = field(default_factory=list)
    refused: int = 0
    broken: int = 0


class Senders:
    """Threads that send batches of a few good events, some of them twice, and now and then a bad line.

    Nothing is sent again when it fails: what was acknowledged must be there without that.
    """

    def __init__(self, url: str, key: str, seed: int, threads: int = 4) -> None:
        self._url, self._key = url, key
        self._stop = threading.Event()
        self._sent = [Sent() for _ in range(threads)]
        self._threads = [
            threading.Thread(target=self._run, args=(sent, random.Random(seed + number)))
            for number, sent in enumerate(self._sent)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send no more; every answer has come or failed."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> int:
        """Good events acknowledged so far."""
        return sum(len(sent.acknowledged_ids) for sent in self._sent)

    @property
    def refused(self) -> int:
        """Answers 503 so far."""
        return sum(sent.refused for sent in self._sent)

    def assert_holds(self, settings: Settings) -> None:
        """Everything acknowledged counts once or is held once; nothing counts that was not sent."""
        ledger(settings)
        found = admitted(settings)
        assert len(set(found)) == len(found), "an event counts twice"
        lost = {one for sent in self._sent for one in sent.acknowledged_ids} - set(found)
        assert not lost, f"{len(lost)} acknowledged events are lost, for example {min(lost)}"
        assert set(found) <= {one for sent in self._sent for one in sent.ids}
        lines = held(settings)
        assert set(lines.values()) <= {1}, [line for line, count in lines.items() if count > 1][:3]
        lost_lines = Counter(one for sent in self._sent for one in sent.acknowledged_bad) - lines
        assert not lost_lines, f"{lost_lines.total()} acknowledged lines are lost, for example {min(lost_lines)!r}"

    def _run(self, sent: Sent, rng: random.Random) -> None:
        headers = {"X-API-Key": self._key, "Content-Type": "application/x-ndjson"}
        with httpx.Client(base_url=self._url, headers=headers, timeout=20) as client:
            while not self._stop.is_set():
                self._send(client, sent, rng)

    def _send(self, client: httpx.Client, sent: Sent, rng: random.Random) -> None:
        ids = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(rng.choice((1, 1, 5, 50)))]
        bad = [b'{"no json": %d' % rng.getrandbits(100) for _ in range(rng.random() < 0.3)]
        lines = [_line(one) for one in ids] + bad + [_line(rng.choice(ids)) for _ in range(rng.random() < 0.2)]
        sent.ids += ids
        sent.bad += bad
        try:
            answer = client.post(PATH, content=b"\n".join(lines))
        except httpx.HTTPError:
            sent.broken += 1
            time.sleep(0.02)
            return
        if answer.status_code == 503:
            sent.refused += 1
            time.sleep(0.02)
            return
        assert answer.status_code == 202, answer.text
        sent.acknowledged_ids += ids
        sent.acknowledged_bad += bad


def _line(event_id: str) -> bytes:
    event = {
        "event_id": event_id,
        "event_type": "page.view",
        "occurred_at": "2025-01-02T03:04:05Z",
        "properties": {"url": f"/{event_id[:3]}"},
    }
    return json.dumps(event).encode()
