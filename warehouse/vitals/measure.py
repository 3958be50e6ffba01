"""One measurement: queries declared as SQL files, and what only a look from outside tells, into `marts.vitals`."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from clickhouse_connect.driver.exceptions import ClickHouseError

from warehouse.alerts.looking import Finding, Look, ask
from warehouse.alerts.probes import disk
from warehouse.failures import explained
from warehouse.settings import Settings
from warehouse.vitals.reach import services

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

QUERIES = Path(__file__).parent
_POINTER = "SELECT max(sequence) FROM marts.publications"
_COLUMNS = ("measured_at", "topic", "subject", "figure", "value", "detail")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Vital:
    """A figure: of what kind and of which part, what it counts, and more in words.

    Units are in the name of the figure (`_bytes`, `_ms`, `_per_second`, `_percent`); without one it is a count.
    """

    topic: str
    subject: str
    figure: str
    value: float
    detail: str = ""


def measure(client: Client, settings: Settings, now: datetime, queues: Iterable[Finding]) -> list[Vital]:
    """Measure everything once; what cannot be measured is left out, and logged.

    Args:
        client: the transformer's.
        settings: names what else is part of the stack.
        now: the present, UTC.
        queues: how many wait, by the name of the queue.
    """
    found = [Vital("queue", queue.cause, "waiting", queue.value, queue.detail) for queue in queues]
    look = Look(settings, now, client, "", {}, {})
    found += [Vital("disk", free.cause, "free_percent", free.value, free.detail) for free in disk(look)]
    found += [
        Vital("service", name, "is_up", float(reached.milliseconds is not None), reached.error)
        for name, reached in services(settings).items()
    ]
    try:
        began = time.perf_counter()
        client.query(_POINTER)
        found.append(Vital("database", "ClickHouse", "answer_ms", 1000 * (time.perf_counter() - began)))
    except ClickHouseError as error:
        log.warning("ClickHouse cannot be measured: %s", explained(error))
        return found
    for file in sorted(QUERIES.glob("*.sql")):
        try:
            found += [
                Vital(file.stem, row["subject"], row["figure"], float(row["value"]))
                for row in ask(client, file.read_text("utf-8"), now)
            ]
        except ClickHouseError as error:
            log.warning("%s cannot be measured: %s", file.stem, explained(error))
    return found


def record(client: Client, vitals: Iterable[Vital], now: datetime) -> None:
    """Show them to readers; that this fails keeps nobody from anything."""
    rows = [(now, v.topic, v.subject, v.figure, v.value, v.detail) for v in vitals]
    try:
        client.insert("marts.vitals", rows, column_names=_COLUMNS)
    except ClickHouseError as error:
        log.warning("vital signs could not be written to marts.vitals: %s", type(error).__name__)
