"""Planted days are found, others are not, and intervals cover what they say: on figures of the simulator."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from tests.warehouse.foresight import planted
from tests.warehouse.foresight.planted import Score
from warehouse.foresight.learning import learn

DAYS, EVENTS, SEEDS = 120, 150_000, (1, 2)


@pytest.fixture(scope="module")
def histories() -> list[planted.History]:
    return [history for seed in SEEDS for history in planted.simulated(seed, DAYS, EVENTS)]


def test_nine_of_ten_planted_days_are_found(histories: list[planted.History]) -> None:
    rng = np.random.default_rng(1)
    score = sum((planted.detection(history, rng, rounds=12) for history in histories), Score())
    assert score.planted > 150
    assert score.recall >= 0.9


def test_no_figure_cries_wolf_more_than_once_a_month(histories: list[planted.History]) -> None:
    by_figure: dict[str, Score] = defaultdict(Score)
    for history in histories:
        by_figure[history.series.metric] += planted.alarms(history)
    assert {figure: score.alarms_a_month for figure, score in by_figure.items() if score.alarms_a_month > 1} == {}


def test_days_the_simulator_says_are_out_of_line_are_found(histories: list[planted.History]) -> None:
    loud = [history for history in histories if history.series.metric in (planted.ACTIVE, "orders_count")]
    score = sum((planted.own(history) for history in loud), Score())
    assert (score.planted, score.hit) == (4, 4)


def test_intervals_cover_days_that_were_not_learnt_from(histories: list[planted.History]) -> None:
    """Four of five days of a fortnight, and better than the week before."""
    inside, errors = [], []
    for history in histories[: len(histories) // 2]:
        for end in (DAYS - 28, DAYS - 14):
            ahead = learn(history.series, history.dates[:end], list(history.values[:end])).forecast
            assert ahead is not None
            came = history.values[end : end + 14]
            inside.append((came >= ahead.lower) & (came <= ahead.upper))
            errors.append(ahead.relative_error)
    assert 0.7 <= np.mean(inside) <= 0.9
    assert np.median(errors) < 1
