"""What was refused and why, a preview of its replay, and the replay after a fix."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from clickhouse_connect.driver.client import Client

from ingestion.batch import Batch
from ingestion.landing import Lander, Totals
from ingestion.quarantine.preview import Money, Preview, preview
from warehouse.client import Identity, connect
from warehouse.locks import exclusive
from warehouse.settings import Settings

__all__ = ["Money", "Preview", "Quarantine"]

_SQL = resources.files(__name__)
# Their numbers are a parameter of a statement, which ClickHouse takes up to 128 KiB.
_REPLAY_LINES = 4_000
_REPLAY_BYTES = 16 * 1024 * 1024
_LOCK_SECONDS = 600.0


def _sql(name: str) -> str:
    return _SQL.joinpath(f"{name}.sql").read_text("utf-8")


class Quarantine:
    """Lists, previews and replays refused events, as the loader."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client = connect(Identity.LOADER, settings, log_comment="quarantine")

    def summary(self, reason: str = "", source: str = "") -> list[dict[str, Any]]:
        """Events held, by source and reason: `source`, `reason`, `events`, `first_at`, `last_at`."""
        return self._rows("summary", {"reason": reason, "source": source})

    def lines(self, reason: str = "", source: str = "", limit: int = 20) -> list[dict[str, Any]]:
        """The latest refused events: `reason`, `source`, `origin`, `received_at`, `original`.

        Bytes of `original` that are not UTF-8 are shown as `\\xNN`.
        """
        parameters = {"reason": reason, "source": source, "limit": limit}
        found = self._client.query(_sql("lines"), parameters=parameters, column_formats={"original": "bytes"})
        return [
            {**row, "original": row["original"].decode("utf-8", "backslashreplace")} for row in found.named_results()
        ]

    def preview(self, reason: str = "", source: str = "") -> Preview:
        """What a replay would do now, under the present catalog; nothing is stored."""
        return preview(self._settings, self._sources(reason, source), reason)

    def replay(self, reason: str = "", source: str = "") -> Totals:
        """Hand what is held to the landing again; what still fails is held again, under its new reason.

        A line leaves quarantine when the ledger has the batch it is handed over with, so running it twice, at
        once, or again after it was cut off, stores nothing twice and holds nothing twice.

        Raises:
            LandingError: ClickHouse refused a batch; what was not replayed is still held.
            LockHeld: another replay has been running for ten minutes.
        """
        lander, totals = Lander(self._settings), Totals()
        with exclusive("quarantine", self._settings, wait=_LOCK_SECONDS):
            for batch, received in self._batches(reason, source):
                self._client.command(_sql("mark"), parameters={"received": received, "batch_id": batch.batch_id})
                totals.add(lander.land(batch))
        return totals

    def _sources(self, reason: str, source: str) -> list[str]:
        return sorted({row["source"] for row in self.summary(reason, source)})

    def _batches(self, reason: str, source: str) -> Iterator[tuple[Batch, list[int]]]:
        for name in self._sources(reason, source):
            rows = self._client.query(_sql("held"), parameters={"reason": reason, "source": name}).result_rows
            for received in _groups(rows):
                found = self._client.query(
                    _sql("originals"),
                    parameters={"received": received, "source": name},
                    column_formats={"original": "bytes"},
                ).result_rows
                digest = hashlib.sha256(repr(received).encode()).hexdigest()
                yield Batch(f"replay:{digest}", name, "quarantine", b"\n".join(line for (line,) in found)), received

    def _rows(self, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self._client.query(_sql(name), parameters=parameters).named_results())


def _groups(rows: Any) -> Iterator[list[int]]:
    """Cuts (received_seq, bytes) rows into batches of bounded size; a longer line is one of its own."""
    group: list[int] = []
    held = 0
    for received_seq, size in rows:
        if group and (len(group) == _REPLAY_LINES or held + size > _REPLAY_BYTES):
            yield group
            group, held = [], 0
        group.append(received_seq)
        held += size
    if group:
        yield group
