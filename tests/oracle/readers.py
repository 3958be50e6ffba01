"""What readers of a real warehouse see, against the oracle: every mart, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from tests.oracle.compare import frame_differences
from tests.oracle.contract import Event
from tests.oracle.registry import ALL
from tests.oracle.seeds import Seeds
from warehouse.client import Identity, connect
from warehouse.settings import Settings
from warehouse.transform import project_dir


def published(settings: Settings, mart: str) -> pd.DataFrame:
    """A mart as its readers see it; Decimal stays Decimal."""
    reader = connect(Identity.READER, settings, database="marts")
    # An answer without rows comes without columns, too.
    columns = [name for name, *_ in reader.query(f"DESCRIBE TABLE marts.{mart}").result_rows]
    return pd.DataFrame(reader.query(f"SELECT * FROM marts.{mart}").result_rows, columns=columns, dtype="object")


def differences(settings: Settings, events: Iterable[Event]) -> dict[str, list[str]]:
    """What differs, by mart; empty when every mart equals what the oracle computes from the events."""
    accepted, seeds = list(events), Seeds.read(project_dir() / "seeds")
    found = {
        mart: frame_differences(mart, keys, compute(accepted, seeds), published(settings, mart))
        for mart, (compute, keys) in ALL.items()
    }
    return {mart: sentences for mart, sentences in found.items() if sentences}
