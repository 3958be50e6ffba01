"""What must survive a restart: the states of alerts, and messages until they have been delivered.

SQLite in the home and not a table: it is there when ClickHouse is not, which is when it is needed most. States and the
messages that follow from them are written in one transaction, so that no restart says a thing twice or never.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from warehouse.alerts.messages import Message
from warehouse.alerts.rules import Severity
from warehouse.alerts.states import Alert, Key
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

FILE = "alerts.sqlite"
#: Delivered or given up, a message is kept for so long.
KEPT = timedelta(days=30)
_INSTANTS = ("since", "fired_at", "notified_at", "clear_since")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS alerts (rule TEXT, cause TEXT, content TEXT NOT NULL, PRIMARY KEY (rule, cause)) STRICT;
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    subject TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    ended_at TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (channel, id) WHERE ended_at IS NULL;
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that a channel has not taken yet.

    Attributes:
        id: number of the message; unique in the life of a home.
        channel: whose it is.
        message: what it says.
        created_at: since when it waits.
        attempts: how often it was tried.
        next_at: when it is tried again.
        error: why the last attempt failed.
    """

    id: int
    channel: str
    message: Message
    created_at: datetime
    attempts: int
    next_at: datetime
    error: str


class Memory:
    """The file of a home; whoever opens it holds the lock `alerts`.

    Raises:
        WarehouseError: it cannot be opened or written.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.home / FILE
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._db = _open(self._path)
        except (OSError, sqlite3.Error) as error:
            raise _failed(self._path, error) from error

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    def alerts(self) -> dict[Key, Alert]:
        """All alerts there are, by rule and cause."""
        rows = self._db.execute("SELECT rule, cause, content FROM alerts").fetchall()
        return {(rule, cause): _alert(rule, cause, json.loads(content)) for rule, cause, content in rows}

    def keep(self, alerts: dict[Key, Alert], messages: Iterable[tuple[str, Message]], now: datetime) -> None:
        """Replace all alerts, and queue messages for channels."""
        try:
            with self._db:
                self._db.execute("DELETE FROM alerts")
                self._db.executemany(
                    "INSERT INTO alerts VALUES (?, ?, ?)",
                    [(*key, json.dumps(_content(alert))) for key, alert in alerts.items()],
                )
                self._db.executemany(
                    "INSERT INTO outbox (channel, rule, severity, subject, content, created_at, next_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (channel, m.rule, m.severity.value, m.subject, m.text, now.isoformat(), now.isoformat())
                        for channel, m in messages
                    ],
                )
                self._db.execute("DELETE FROM outbox WHERE ended_at < ?", [(now - KEPT).isoformat()])
        except sqlite3.Error as error:
            raise _failed(self._path, error) from error

    def waiting(self) -> list[Waiting]:
        """Messages that have not been delivered, in the order in which they are to be."""
        rows = self._db.execute(
            "SELECT id, channel, rule, severity, subject, content, created_at, attempts, next_at, error"
            " FROM outbox WHERE ended_at IS NULL ORDER BY id"
        ).fetchall()
        return [
            Waiting(
                number,
                channel,
                Message(rule, Severity(severity), subject, text),
                datetime.fromisoformat(created_at),
                attempts,
                datetime.fromisoformat(next_at),
                error,
            )
            for number, channel, rule, severity, subject, text, created_at, attempts, next_at, error in rows
        ]

    def ended(self, message: Waiting, now: datetime, error: str = "") -> None:
        """A message was delivered, or is given up with an error."""
        self._change("UPDATE outbox SET ended_at = ?, error = ?, attempts = attempts + 1 WHERE id = ?",
                     now.isoformat(), error, message.id)  # fmt: skip

    def postponed(self, message: Waiting, next_at: datetime, error: str) -> None:
        """A message could not be delivered, and is tried again."""
        self._change("UPDATE outbox SET next_at = ?, error = ?, attempts = attempts + 1 WHERE id = ?",
                     next_at.isoformat(), error, message.id)  # fmt: skip

    def _change(self, sql: str, *values: object) -> None:
        try:
            with self._db:
                self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise _failed(self._path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    # Details may name what only operators should see.
    path.chmod(0o600)
    connection.executescript(_SCHEMA)
    return connection


def _failed(path: Path, error: Exception) -> WarehouseError:
    return WarehouseError(
        f"alerts cannot be kept in {path}: {error}", "make WAREHOUSE_HOME writable, or free some space on its disk"
    )


def _content(alert: Alert) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(alert).items()
        if name not in ("rule", "cause")
    }


def _alert(rule: str, cause: str, content: dict[str, Any]) -> Alert:
    known = {field.name for field in fields(Alert)}
    read = {name: value for name, value in content.items() if name in known}
    for name in _INSTANTS:
        if read.get(name) is not None:
            read[name] = datetime.fromisoformat(read[name])
    return Alert(rule, cause, **read)
