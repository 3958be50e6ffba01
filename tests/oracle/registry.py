"""All marts the oracle knows, called alike: `ALL[mart]` is (compute(events, seeds), key columns)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from tests.oracle import (
    chat,
    commerce,
    creators,
    freelance,
    jobs,
    marts,
    operations,
    quality,
    quarter_hours,
    subscriptions,
    transactions,
    users,
)
from tests.oracle.contract import Event
from tests.oracle.seeds import Mart, Seeds


def _core(mart: Callable[[Sequence[Event], pd.DataFrame], pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    def compute(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
        return mart(events, seeds.fx_rates)

    return compute


ALL: dict[str, Mart] = {name: (_core(mart), tuple(marts.KEYS[name])) for name, mart in marts.MARTS.items()}
for _module in (
    users, subscriptions, freelance, jobs, commerce, creators, quality, chat, operations, quarter_hours, transactions,
):  # fmt: skip
    ALL |= _module.MARTS
