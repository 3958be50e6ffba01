"""What an erasure has done, for whoever has to show it: JSON and a page; neither names the person."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

from ingestion.erasure.tables import Found
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Files or records outside of ClickHouse.

    Attributes:
        name: what is kept there.
        before: how many named the person.
        after: how many still do.
        action: what became of them.
    """

    name: str
    before: int
    after: int
    action: str


@dataclass(frozen=True, slots=True)
class Query:
    """A way to see for oneself that nothing is left: `sql` with the parameter `pattern`, made from the id."""

    table: str
    sql: str
    rows: int


@dataclass(slots=True)
class Certificate:
    """One erasure.

    Attributes:
        erasure_id: names it.
        requested_at: UTC, ISO 8601, when its tombstone was set.
        completed_at: when the last search found nothing; None while it is not done.
        before: rows that named the person, by table and partition.
        events: events of the person and events that named him, now on a pseudonym.
        refused: lines in quarantine whose bytes were taken.
        days_rebuilt: days of which any model was built anew.
        values_revised: sums of marts by day that are others than before; money's never are.
        generation: the one that readers have been shown since.
        generations_dropped: earlier ones, which held the person.
        places: what was found outside of ClickHouse.
        verification: queries, with what they answered at the end: 0.
        backups: backups from before, in which the person is until they expire; a restore erases him again.
    """

    erasure_id: str
    requested_at: str
    completed_at: str | None = None
    before: list[Found] = field(default_factory=list)
    events: int = 0
    refused: int = 0
    days_rebuilt: int = 0
    values_revised: int = 0
    generation: int | None = None
    generations_dropped: list[int] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    verification: list[Query] = field(default_factory=list)
    backups: list[str] = field(default_factory=list)

    def written(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"

    def page(self) -> str:
        """As Markdown, for people."""
        lines = [
            f"# Erasure {self.erasure_id}",
            "",
            f"Requested {self.requested_at}, completed {self.completed_at or '(not yet)'}.",
            "",
            f"{self.events:,} rows of events are on a pseudonym now, without what was personal in them;"
            f" the bytes of {self.refused:,} refused lines are gone. {self.days_rebuilt:,} days were built anew,"
            f" {self.values_revised:,} sums of marts changed. Readers have generation {self.generation};"
            f" {len(self.generations_dropped):,} earlier ones were dropped.",
            "",
            "| table | partition | rows that named the person | after |",
            "|---|---|---|---|",
            *(f"| {f.database}.{f.table} | {f.partition or 'whole'} | {f.rows:,} | 0 |" for f in self.before),
            "",
            "| outside of ClickHouse | before | after | what became of it |",
            "|---|---|---|---|",
            *(f"| {place.name} | {place.before:,} | {place.after:,} | {place.action} |" for place in self.places),
            "",
            "To see for yourself, run these with the parameter `pattern` (docs/privacy.md says how); each answers 0:",
            "",
            "```sql",
            *(f"{query.sql};" for query in self.verification),
            "```",
        ]
        if self.backups:
            lines += ["", "Backups from before, until they expire:", "", *(f"- {name}" for name in self.backups)]
        return "\n".join(lines) + "\n"


def folder(settings: Settings) -> Path:
    """Where certificates are kept."""
    return settings.home / "erasures"


def read(settings: Settings, erasure_id: UUID) -> Certificate | None:
    """The certificate of an erasure, finished or not; None if it has not been begun."""
    path = folder(settings) / f"{erasure_id}.json"
    if not path.exists():
        return None
    loaded = json.loads(path.read_text("utf-8"))
    for name, kind in (("before", Found), ("places", Place), ("verification", Query)):
        loaded[name] = [kind(**entry) for entry in loaded[name]]
    return Certificate(**loaded)


def keep(settings: Settings, certificate: Certificate) -> Path:
    """Write a certificate, whole or not at all; returns its path. The page lies beside it."""
    target = folder(settings) / f"{certificate.erasure_id}.json"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, content in ((target.with_suffix(".md"), certificate.page().encode()), (target, certificate.written())):
        staged = path.with_name(f"{path.name}.new")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    return target
