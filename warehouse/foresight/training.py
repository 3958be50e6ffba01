"""All watched figures learnt from what readers see now, and kept for the builds that follow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse import publications
from warehouse.client import Identity, connect, scalar
from warehouse.errors import WarehouseError
from warehouse.foresight.learning import Expectation, Learnt, learn
from warehouse.foresight.series import declared
from warehouse.locks import exclusive
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_FIGURES = "watched_metrics"


@dataclass(frozen=True, slots=True)
class Training:
    """A training: when, on which generation, and what came of each figure."""

    trained_at: datetime
    generation: int
    learnt: list[Learnt]


def train(settings: Settings) -> Training:
    """Learn every declared figure from the generation in force; the next build shows what came of it.

    Raises:
        WarehouseError: nothing has been published, or nothing that has the watched figures.
    """
    client = connect(Identity.TRANSFORMER, settings, log_comment="foresight")
    publication = publications.current(client)
    if publication is None:
        raise WarehouseError("nothing has been published yet", "publish with `warehouse build`")
    if not client.command(f"EXISTS TABLE {quote_identifier(publication.database)}.{_FIGURES}"):
        raise WarehouseError(
            f"generation {publication.generation} has no watched figures", "build a new one: `warehouse build`"
        )
    history = _history(client, publication.database)
    learnt = [learn(series, *history.get(series.metric, ([], []))) for series in declared()]
    trained_at: datetime = scalar(client, "SELECT now64(3, 'UTC')")
    # A build reads both tables more than once, and must see one training.
    with exclusive("build", settings, wait=None):
        _keep(client, trained_at, publication.generation, learnt)
    return Training(trained_at, publication.generation, learnt)


def _history(client: Client, database: str) -> dict[str, tuple[list[date], list[float | None]]]:
    """Whole days and their values, by figure."""
    found: dict[str, tuple[list[date], list[float | None]]] = defaultdict(lambda: ([], []))
    rows = client.query(
        f"SELECT metric, date, value FROM {quote_identifier(database)}.{_FIGURES} WHERE is_complete"
        " ORDER BY metric, date"
    ).result_rows
    for metric, day, value in rows:
        dates, values = found[metric]
        dates.append(day)
        values.append(value)
    return found


def _keep(client: Client, trained_at: datetime, generation: int, learnt: list[Learnt]) -> None:
    expectations = [[trained_at, one.series.metric, *astuple(day)] for one in learnt for day in one.expectations]
    if expectations:
        names = ["trained_at", "metric", *(field.name for field in fields(Expectation))]
        client.insert("build.expectations", expectations, column_names=names)
    rows = [
        {
            "trained_at": trained_at,
            "generation": generation,
            "threshold": one.series.threshold,
            "direction": one.series.direction.value,
            **one.summary(),
        }
        for one in learnt
    ]
    client.insert("build.trainings", [list(row.values()) for row in rows], column_names=list(rows[0]))
