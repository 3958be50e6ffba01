"""The reference data the marts need besides events, and what every mart function looks like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.oracle.contract import Event


@dataclass(frozen=True)
class Seeds:
    """The seed tables as text frames, so that decimals stay exact.

    `fx_rates`: date, currency, usd_rate. `plan_prices`: plan_id, valid_from, monthly_usd. `creator_levels`:
    level, rank, tasks_required, rating_required.
    """

    fx_rates: pd.DataFrame
    plan_prices: pd.DataFrame
    creator_levels: pd.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Seeds:
        """The seeds of a folder of CSV files named like the fields; nothing in them is taken for null."""
        return cls(*(
            pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
            for name in ("fx_rates", "plan_prices", "creator_levels")
        ))  # fmt: skip


Compute = Callable[[Sequence[Event], Seeds], pd.DataFrame]
# A mart function with the key columns of its frame, which come first in it.
Mart = tuple[Compute, tuple[str, ...]]
