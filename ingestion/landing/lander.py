"""The one way in: a batch of lines becomes rows and a ledger entry, once, whatever dies on the way.

An attempt at a batch has a number of its own (`batch_seq`). Its rows are written under that number and
count for nothing until the ledger names it, so an attempt cut off anywhere leaves only rows that nobody
sees; the next attempt starts afresh under a new number. Admission — deciding which lines are first
receipts, and writing the ledger — runs under a lock, one batch at a time, and its verdicts are final.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, TypeVar

import numpy as np
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from ingestion.batch import Batch
from ingestion.landing.ledger import Entry
from ingestion.landing.parameters import catalog_parameters, secret_parameters
from warehouse.client import Identity, connect, http_endpoint, send
from warehouse.errors import WarehouseError
from warehouse.failures import told_as
from warehouse.locks import exclusive, shared
from warehouse.settings import Settings

_SQL = resources.files(__package__)
_OPEN = _SQL.joinpath("open.sql").read_text("utf-8")
_LAND = _SQL.joinpath("land.sql").read_text("utf-8")
_RECEIPTS, _DUPLICATES, _LEDGER = (
    _SQL.joinpath("admit", f"{name}.sql").read_text("utf-8") for name in ("receipts", "duplicates", "ledger")
)

_BLANK = b" \t\r\f"
_NEWLINE, _SPACE = 10, 32
_LOCK_SECONDS = 600.0

# ClickHouse runs one statement of an id at a time. The kernel frees the lock of a process that dies, but a
# statement it has sent goes on; whoever comes next must not read the ledger beside it.
_LEDGER_ID = "landing-ledger"
_LEDGER_BUSY = 216
_LEDGER_RETRY_SECONDS = 0.02

#: Inserts of one source under way at once; two keep two cores busy, the third fills their gaps.
PARALLEL_INSERTS = 3

_INSERT_SETTINGS: dict[str, Any] = {
    "async_insert": 0,
    "max_insert_threads": 1,  # the order of lines is the order of receipt
    "max_insert_block_size": 262_144,
    "min_insert_block_size_rows": 262_144,
    "input_format_parallel_parsing": 1,
    "materialized_views_ignore_errors": 0,
    # Rare cases cost nothing where there are none.
    "short_circuit_function_evaluation": "force_enable",
}


class LandingError(WarehouseError):
    """A batch could not be landed; nothing of it counts, and it can be delivered again."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A batch whose rows are written and wait for admission; `entry` is set when it had landed before."""

    batch: Batch
    batch_seq: int
    started_at: datetime
    received: int
    entry: Entry | None


def count_events(lines: bytes) -> int:
    """Lines that are not blank."""
    data = np.frombuffer(lines, np.uint8)
    starts = np.concatenate(([0], np.flatnonzero(data == _NEWLINE) + 1))
    starts = starts[starts < len(data)]
    # Only a line that begins with white space can be blank.
    suspects = starts[data[starts] <= _SPACE]
    blank = sum(not lines[start : _end_of_line(lines, start)].strip(_BLANK) for start in suspects)
    return len(starts) - blank


def _end_of_line(lines: bytes, start: int) -> int:
    end = lines.find(b"\n", start)
    return len(lines) if end < 0 else end


class Lander:
    """Lands batches as the loader; safe to use from several processes at once.

    Args:
        settings: names the ClickHouse and the home whose lock orders admissions.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client = connect(Identity.LOADER, settings, log_comment="landing")
        self._parameters = {**catalog_parameters(), **secret_parameters(settings)}

    def land(self, batch: Batch) -> Entry:
        """Land one batch; when this returns, the ledger has been read back.

        Raises:
            LandingError: ClickHouse refused it; nothing of it counts.
        """
        return self._admit(self._write(batch))

    def land_all(self, batches: Iterable[Batch]) -> Iterator[Entry]:
        """Land batches; written side by side, admitted one by one in their order, each as soon as it can be."""
        with (
            ThreadPoolExecutor(PARALLEL_INSERTS, thread_name_prefix="landing") as writers,
            ThreadPoolExecutor(1, thread_name_prefix="admission") as admitter,
        ):
            waiting: deque[Future[Entry]] = deque()
            before: Future[Entry] | None = None
            try:
                for batch in batches:
                    before = admitter.submit(self._admit_after, before, writers.submit(self._write, batch))
                    waiting.append(before)
                    if len(waiting) == PARALLEL_INSERTS:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _admit_after(self, before: Future[Entry] | None, written: Future[_Attempt]) -> Entry:
        # Where one fails, none that follows may be admitted: its lines would pass for the first receipts.
        if before is not None:
            before.result()
        return self._admit(written.result())

    def _write(self, batch: Batch) -> _Attempt:
        # Whoever is erased meanwhile is erased before this begins, or finds all of it.
        with shared("erasures", self._settings), told_as(LandingError):
            return self._written(batch)

    def _written(self, batch: Batch) -> _Attempt:
        batch_seq, started_at, known, _ = self._open(batch)
        received = count_events(batch.lines)
        attempt = _Attempt(batch, batch_seq, started_at, received, _entry(batch, known))
        if attempt.entry is None and received:
            send(
                http_endpoint(Identity.LOADER, self._settings),
                _LAND,
                batch.lines,
                parameters={
                    **self._parameters,
                    "batch_seq": batch_seq,
                    "received_at": started_at,
                    "source": batch.source,
                },
                settings=_INSERT_SETTINGS,
            )
        return attempt

    def _admit(self, attempt: _Attempt) -> Entry:
        if attempt.entry is not None:
            return attempt.entry.again()
        batch = attempt.batch
        parameters = {
            "batch_seq": attempt.batch_seq,
            "batch_id": batch.batch_id,
            "source": batch.source,
            "origin": batch.origin,
            "received": attempt.received,
            "started_at": attempt.started_at,
        }
        with exclusive("landing", self._settings, wait=_LOCK_SECONDS), told_as(LandingError):
            # Somebody else may have landed the same batch while this one was being written.
            known, last_commit = self._ledger(batch)
            if known is not None:
                return known.again()
            for statement in (_RECEIPTS, _DUPLICATES):
                self._client.command(statement, parameters=parameters)
            parameters["last_commit"] = last_commit
            _alone(lambda: self._client.command(_LEDGER, parameters=parameters, settings={"query_id": _LEDGER_ID}))
            entry, _ = self._ledger(batch)
        if entry is None:
            raise LandingError(
                f"another landing was admitted in the middle of batch {batch.batch_id} of {batch.origin}",
                "run the same again: nothing counts twice",
            )
        return entry

    def _ledger(self, batch: Batch) -> tuple[Entry | None, int]:
        """What the ledger says of the batch, and its last commit."""
        *_, known, last_commit = _alone(lambda: self._open(batch, {"query_id": _LEDGER_ID}))
        return _entry(batch, known), last_commit

    def _open(self, batch: Batch, settings: dict[str, Any] | None = None) -> Sequence[Any]:
        row = self._client.query(_OPEN, parameters={"batch_id": batch.batch_id}, settings=settings).first_row
        if row is None:
            # The query always has a row; the embedded engine loses answers when it cannot buffer them.
            raise LandingError(
                "ClickHouse gave no answer; it has probably no space left on its disk",
                "free space, then run the same again: nothing counts twice",
            )
        answer: Sequence[Any] = row
        return answer


_Answer = TypeVar("_Answer")


def _alone(send: Callable[[], _Answer]) -> _Answer:
    """Send a statement that carries `_LEDGER_ID`, waiting for one that is still running."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            return send()
        except DatabaseError as error:
            if error.code != _LEDGER_BUSY or time.monotonic() >= deadline:
                raise
        time.sleep(_LEDGER_RETRY_SECONDS)


def _entry(batch: Batch, rows: list[tuple[int, ...]]) -> Entry | None:
    if not rows:
        return None
    commit_seq, _, received, stored, duplicates, quarantined = rows[0]
    return Entry(batch.batch_id, commit_seq, received, stored, duplicates, quarantined)
