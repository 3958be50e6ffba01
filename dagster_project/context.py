"""The one resource of the code location: the warehouse it works on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from dagster_project.liveness import alive
from warehouse.client import Identity, connect
from warehouse.settings import Settings, get_settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class Warehouse:
    """Settings and connections, looked up when they are used and never when the location loads.

    Args:
        settings: which warehouse; by default the one the environment names at the time of use.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings

    @property
    def settings(self) -> Settings:
        """The warehouse's settings."""
        return self._settings or get_settings()

    def connect(self, identity: Identity, run_id: str | None = None) -> Client:
        """A client of an identity, its statements marked with the run.

        Raises:
            Unreachable: ClickHouse does not answer.
        """
        return connect(identity, self.settings, log_comment=f"dagster {run_id}" if run_id else "dagster")


def warehouse_resource(settings: Settings | None = None) -> dg.ResourceDefinition:
    """The resource `warehouse`; in a run it also shows that the run's process lives."""

    @dg.resource(description="The warehouse the environment names at the time of use.")
    def warehouse(context: dg.InitResourceContext) -> Iterator[Warehouse]:
        chosen = Warehouse(settings)
        if context.run is None:  # a clock looks
            yield chosen
        else:
            with alive(chosen.settings, context.run.run_id):
                yield chosen

    return warehouse
