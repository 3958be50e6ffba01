"""The log of what came for closed days (ADR 18)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.client import scalar

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_RECORD = (Path(__file__).parent / "adjustments.sql").read_text("utf-8")


def record(client: Client, generation: int, after: int) -> None:
    """Log the events of closed days that a generation shows first.

    Args:
        client: the transformer's.
        generation: about to be published.
        after: the last commit of the generation before it.
    """
    if scalar(client, "SELECT count() FROM build.closings"):
        client.command(_RECORD, parameters={"generation": generation, "after": after})
