"""What the ledger says of a batch, and the sum over many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """The ledger's figures for one delivery of one batch; `received` is the sum of the other three.

    Attributes:
        batch_id: the batch.
        commit_seq: its place in the order in which batches were admitted.
        received: events handed over (lines that are not blank).
        stored: events kept: the first receipt of their id.
        duplicates: resends of an event that is already held.
        quarantined: refused events, kept with their bytes and a reason.
        replayed: the batch had landed before; this delivery wrote nothing.
    """

    batch_id: str
    commit_seq: int
    received: int
    stored: int
    duplicates: int
    quarantined: int
    replayed: bool = False

    def again(self) -> Entry:
        """The same batch delivered once more: every good event is a resend now."""
        return Entry(
            batch_id=self.batch_id,
            commit_seq=self.commit_seq,
            received=self.received,
            stored=0,
            duplicates=self.stored + self.duplicates,
            quarantined=self.quarantined,
            replayed=True,
        )


@dataclass(slots=True)
class Totals:
    """Sum of ledger entries; counts of events and of batches."""

    received: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    batches: int = 0
    replayed_batches: int = 0

    def add(self, entry: Entry) -> None:
        """Count one more entry in."""
        self.received += entry.received
        self.stored += entry.stored
        self.duplicates += entry.duplicates
        self.quarantined += entry.quarantined
        self.batches += 1
        self.replayed_batches += entry.replayed

    def figures(self) -> dict[str, int]:
        """What commands and assets tell of a landing, by the names of the command contract."""
        return {
            "received": self.received,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "quarantined": self.quarantined,
            "batches": self.batches,
        }
