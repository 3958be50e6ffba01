"""What was refused and why, and its replay after a fix."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from clickhouse_connect.driver.client import Client

from ingestion.batch import Batch
from ingestion.landing import Lander, Totals
from warehouse.client import Identity, connect
from warehouse.settings import Settings

_SQL = resources.files(__name__)
_REPLAY_LINES = 20_000


def _sql(name: str) -> str:
    return _SQL.joinpath(f"{name}.sql").read_text("utf-8")


class Quarantine:
    """Lists and replays refused events, as the loader."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client = connect(Identity.LOADER, settings, log_comment="quarantine")

    def summary(self, reason: str = "", source: str = "") -> list[dict[str, Any]]:
        """Events held, by source and reason: `source`, `reason`, `events`, `first_at`, `last_at`."""
        return self._rows("summary", {"reason": reason, "source": source})

    def lines(self, reason: str = "", source: str = "", limit: int = 20) -> list[dict[str, Any]]:
        """The latest refused events: `reason`, `source`, `origin`, `received_at`, `original`."""
        return self._rows("lines", {"reason": reason, "source": source, "limit": limit})

    def replay(self, reason: str = "", source: str = "") -> Totals:
        """Hand what is held to the landing again; what still fails is held again, under its new reason.

        Running it twice, or again after it was cut off, stores nothing twice.
        """
        lander, totals = Lander(self._settings), Totals()
        for batch, replayed in self._batches(reason, source):
            totals.add(lander.land(batch))
            self._client.command(_sql("mark"), parameters={"received": replayed})
        return totals

    def _batches(self, reason: str, source: str) -> Iterator[tuple[Batch, list[int]]]:
        for name in sorted({row["source"] for row in self.summary(reason, source)}):
            rows = self._client.query(
                _sql("held"),
                parameters={"reason": reason, "source": name},
                column_formats={"original": "bytes"},
            ).result_rows
            for start in range(0, len(rows), _REPLAY_LINES):
                part = rows[start : start + _REPLAY_LINES]
                received = [seq for seq, _ in part]
                digest = hashlib.sha256(repr(received).encode()).hexdigest()
                lines = b"\n".join(original for _, original in part)
                yield Batch(f"replay:{digest}", name, "quarantine", lines), received

    def _rows(self, name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self._client.query(_sql(name), parameters=parameters).named_results())
