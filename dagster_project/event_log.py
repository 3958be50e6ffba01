"""Dagster's event log in SQLite, with connections that stay open.

Dagster's own storage opens and closes a connection for each event. Closing the last one of a database moves
its write-ahead log into it and waits for the disk, twice or thrice an event, and a turn has some two hundred
events. What is measured is in docs/adr/0007-fast-turn.md.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.event_api import EventHandlerFn
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorageWatchdog
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import StaticPool
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

#: The index of all runs, and the runs that are read and written at about the same time.
_OPEN_DATABASES = 4


class OpenEventLog(SqliteEventLogStorage):
    """The same files as Dagster's storage, for `event_log_storage` in dagster.yaml (config: `base_dir`).

    A commit is in the file at once, so a killed process loses none; a machine that loses its power may lose
    the last events of its history. No event of the warehouse is among them.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> OpenEventLog:
        """Made by Dagster from the instance's configuration."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        # One at a time, as in Dagster's own: the lock is also what lets threads share a connection.
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                # Without a revision, as older versions left it, the index is an old one to be upgraded.
                self._initdb(engine, for_index_shard=shard == INDEX_SHARD_NAME)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(engine, "connect", _sync_at_checkpoints)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > _OPEN_DATABASES:
            _, oldest = self._engines.popitem(last=False)
            oldest.dispose()
        return self._engines[shard]

    def watch(self, run_id: str, cursor: str | None, callback: EventHandlerFn) -> None:
        """Tell of a run's new events as they come."""
        observer: Any = self._obs or Observer()
        if self._obs is None:
            observer.start()
            self._obs = observer
        follower = _Follower(self, run_id, callback, cursor)
        self._watchers[run_id][callback] = (follower, observer.schedule(follower, self._base_dir))

    def delete_events(self, run_id: str) -> None:
        """Forget a run: its entries in the index, and its file, which Dagster's own storage leaves behind empty."""
        with self._db_lock:
            self._initialized_dbs.discard(run_id)
            if (engine := self._engines.pop(run_id, None)) is not None:
                engine.dispose()
        with self.index_connection() as connection:
            self.delete_events_for_run(connection, run_id)
        self.free_concurrency_slots_for_run(run_id)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path_for_shard(run_id)}{suffix}").unlink(missing_ok=True)

    def wipe(self) -> None:
        """Remove everything, but not below a connection."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close what is open."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


class _Follower(SqliteEventLogStorageWatchdog):
    """Looks at the write-ahead log, too: what is new is there."""

    def __init__(self, log: OpenEventLog, run_id: str, callback: EventHandlerFn, cursor: str | None) -> None:
        super().__init__(log, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:
        """Read on where the last reading ended."""
        self._process_log()


def _sync_at_checkpoints(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
