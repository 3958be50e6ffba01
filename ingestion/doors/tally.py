"""What a door has done so far, and a line about it from time to time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ingestion.landing import Entry, Totals

LINE_SECONDS = 10.0


@dataclass(slots=True)
class Tally:
    """Sums since the door was opened.

    Attributes:
        door: its name.
        say: prints a line for people.
        totals: the ledger's figures.
        messages: messages acknowledged after their events were landed.
        refused: messages that hold no events.
        lost: times that messages had gone from the broker before they were read.
    """

    door: str
    say: Callable[[str], None]
    totals: Totals = field(default_factory=Totals)
    messages: int = 0
    refused: int = 0
    lost: int = 0
    _said_at: float = field(default_factory=time.monotonic)
    _said_messages: int = 0

    def landed(self, messages: int, entries: Iterable[Entry]) -> None:
        """Count a round in, and say how it goes when it is time."""
        self.messages += messages
        for entry in entries:
            self.totals.add(entry)
        seconds = time.monotonic() - self._said_at
        if seconds >= LINE_SECONDS:
            rate = (self.messages - self._said_messages) / seconds
            self.say(f"{self.line()}, {rate:,.0f} messages/s")
            self._said_at, self._said_messages = time.monotonic(), self.messages

    def refuse(self, where: str, reason: str) -> None:
        """Count a message that holds no events, and say which."""
        self.refused += 1
        self.say(f"{self.door}: {where} refused: {reason}")

    def line(self) -> str:
        """The sums as a sentence."""
        sums = self.totals
        return (
            f"{self.door}: {self.messages:,} messages, {sums.received:,} events: {sums.stored:,} stored,"
            f" {sums.duplicates:,} duplicates, {sums.quarantined:,} quarantined; {self.refused:,} refused"
        )
