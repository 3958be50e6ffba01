"""The load: events at a steady rate through the collector's door, each batch sent until it is acknowledged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

from bench.soak.background import Background
from ingestion.client.collector import CollectorTransport
from ingestion.client.transport import Undelivered

_TURN_SECONDS = 0.1
# After an outage the rest follows in larger pieces, as from the client's buffer.
_MOST_AT_ONCE = 500
_AGAIN_SECONDS = 0.25
_ANSWER_SECONDS = 10.0


class Sender(Background):
    """Sends lines; each id is written down before it is first sent, and once more when it is acknowledged.

    Args:
        transport: the way to the collector, the producer client's own.
        lines: events without their line breaks, as many as are ever needed.
        rate: events a second.
        folder: where the ids are written, one of 36 characters a line.
    """

    def __init__(self, transport: CollectorTransport, lines: Iterator[bytes], rate: float, folder: Path) -> None:
        super().__init__("sends")
        self._transport, self._lines, self._rate = transport, lines, rate
        self.tried_file, self.acknowledged_file = folder / "tried.ids", folder / "acknowledged.ids"
        self.acknowledged = self.resent = self.invalid = self.rejected = 0
        self.longest_wait = 0.0
        self.behind = 0
        self.exhausted = False

    def _run(self) -> None:
        began, taken = time.monotonic(), 0
        with self.tried_file.open("wb") as tried, self.acknowledged_file.open("wb") as acknowledged:
            while not self._stopping.wait(_TURN_SECONDS):
                due = int((time.monotonic() - began) * self._rate) - taken
                while due > 0 and not self._stopping.is_set():
                    batch = list(islice(self._lines, min(due, _MOST_AT_ONCE)))
                    if not batch:
                        self.exhausted = True
                        return
                    ids = b"".join(event_id(line) + b"\n" for line in batch)
                    tried.write(ids)
                    tried.flush()
                    taken += len(batch)
                    self._deliver([line + b"\n" for line in batch])
                    acknowledged.write(ids)
                    acknowledged.flush()
                    self.acknowledged += len(batch)
                    due = int((time.monotonic() - began) * self._rate) - taken
                    self.behind = max(self.behind, due)

    def _deliver(self, batch: list[bytes]) -> None:
        first = time.monotonic()
        while True:
            try:
                receipt = self._transport.send(batch)
            except Undelivered:
                self.resent += len(batch)
                time.sleep(_AGAIN_SECONDS)
                continue
            self.invalid += len(receipt.invalid)
            self.rejected += len(receipt.rejected)
            self.longest_wait = max(self.longest_wait, time.monotonic() - first)
            return


def transport(url: str, key: str) -> CollectorTransport:
    """The producer client's way to a collector."""
    return CollectorTransport(url, key, _ANSWER_SECONDS)


def event_id(line: bytes) -> bytes:
    """The id of an event, which may spell its name in two ways."""
    event = orjson.loads(line)
    return str(event.get("event_id") or event["id"]).encode()
