"""Laws that hold for every mart of the oracle, and that random marketplaces reach the hard cases of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from tests.oracle import generate
from tests.oracle.contract import Deliveries
from tests.oracle.registry import ALL
from tests.oracle.seeds import Seeds
from tests.oracle.strategies import STARTS, delivered
from tests.oracle_selftest.hand import CREATOR_LEVELS, PLAN_PRICES
from tests.oracle_selftest.hand import SEEDS as HAND_SEEDS

SEEDS = Seeds(generate.fx_rates(STARTS[0], 20), PLAN_PRICES, CREATOR_LEVELS)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delivered())
def test_marts_have_one_row_per_key_and_forget_the_order_of_receipt(parts: list[list[bytes]]) -> None:
    received = Deliveries()
    for part in parts:
        received.deliver(part)
    events = received.accepted()
    shuffled = Random(len(events)).sample(events, len(events))
    for name, (compute, keys) in ALL.items():
        frame = compute(events, SEEDS)
        assert tuple(frame.columns[: len(keys)]) == keys, name
        assert not frame.duplicated(list(keys)).any(), name
        pd.testing.assert_frame_equal(frame, compute(shuffled, SEEDS), rtol=1e-12, atol=1e-12, obj=name)


def test_without_events_every_mart_is_empty_but_has_its_columns() -> None:
    for name, (compute, keys) in ALL.items():
        frame = compute([], HAND_SEEDS)
        # Rates are there before anything happens.
        assert len(frame) == 0 or name == "exchange_rates", name
        assert tuple(frame.columns[: len(keys)]) == keys, name


@cache
def _long_marketplaces() -> dict[str, pd.DataFrame]:
    """The marts of three marketplaces over two years, below each other."""
    levels = Seeds.read(Path(__file__).parents[2] / "dbt_project" / "seeds").creator_levels
    seeds = Seeds(generate.fx_rates(date(2023, 2, 22), 740), PLAN_PRICES, levels)
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in ALL}
    for seed in (11, 12, 13):
        received = Deliveries()
        received.deliver(generate.marketplace(
            seed, users=25, days=45, start=date(2025, 1, 10), per_day=40,
            invalid=0.03, duplicates=0.05, altered=0.03, old=True,
        ))  # fmt: skip
        for name, (compute, _) in ALL.items():
            found[name].append(compute(received.accepted(), seeds))
    return {name: pd.concat(frames) for name, frames in found.items()}


@pytest.mark.parametrize("mart", ALL)
def test_a_marketplace_has_something_in_every_column(mart: str) -> None:
    frame = _long_marketplaces()[mart]
    # Of few upload ids all have arrived in the end.
    for name in set(frame.columns) - {"as_of", "clients", "status"}:
        present = frame[name].dropna()
        assert present.nunique() > 1, name
        if isinstance(present.iloc[0], (int, float, Decimal)):
            assert (present != 0).any(), name
