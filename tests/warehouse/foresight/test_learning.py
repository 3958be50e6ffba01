"""What is learnt of a figure: laws that hold for any history, and planted days of the simulator that must be found."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from warehouse.foresight.learning import Learnt, Status, learn
from warehouse.foresight.series import Direction, Kind, Series

START = date(2026, 1, 5)


def series(kind: Kind, **settings: object) -> Series:
    return Series.model_validate({"metric": "m", "mart": "mart", "column": "column", "kind": kind, **settings})


def learnt(kind: Kind, values: np.ndarray, **settings: object) -> Learnt:
    dates = [START + timedelta(days=day) for day in range(len(values))]
    return learn(series(kind, **settings), dates, [None if np.isnan(value) else float(value) for value in values])


def unusual(result: Learnt, values: np.ndarray) -> list[int]:
    """Places of the days outside of what was usual."""
    by_day = {day.date: day for day in result.expectations}
    return [
        place
        for place, value in enumerate(values)
        if (day := by_day.get(START + timedelta(days=place))) and not day.usual_lower <= value <= day.usual_upper
    ]


def numbers(result: Learnt) -> np.ndarray:
    return np.array(
        [
            [day.expected, day.usual_lower, day.usual_upper, *((day.lower, day.upper) if day.lower is not None else ())]
            for day in result.expectations
            if day.lower is not None
        ]
    )


def weekly(days: int, seed: int, level: float = 1000.0, noise: float = 40.0) -> np.ndarray:
    pattern = np.array([60.0, 80.0, 70.0, 20.0, -10.0, -120.0, -100.0]) * level / 1000
    rng = np.random.default_rng(seed)
    return level + np.resize(pattern, days) + rng.normal(0, noise, days)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000), st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
def test_a_level_learns_the_same_in_any_unit_and_from_any_zero(seed: int, shift: float, factor: float) -> None:
    values = weekly(90, seed)
    plain, moved = learnt(Kind.LEVEL, values, backtests=4), learnt(Kind.LEVEL, values * factor + shift, backtests=4)
    assert plain.forecast is not None
    assert moved.forecast is not None
    assert plain.forecast.model is moved.forecast.model
    np.testing.assert_allclose(numbers(plain) * factor + shift, numbers(moved), rtol=1e-5, atol=1e-4 * factor)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 1e6))
def test_an_amount_learns_the_same_in_any_currency(seed: int, factor: float) -> None:
    values = np.exp(np.random.default_rng(seed).normal(5, 0.4, 90))
    np.testing.assert_allclose(
        numbers(learnt(Kind.AMOUNT, values, backtests=4)) * factor,
        numbers(learnt(Kind.AMOUNT, values * factor, backtests=4)),
        rtol=1e-5,
    )


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(list(Kind)),
    hnp.arrays(np.float64, st.integers(0, 100), elements=st.sampled_from([0.0, 0.0, 1.0, 3.0, 7.0, 1e6, np.nan])),
)
def test_whatever_the_history_the_answer_is_finite_and_ordered(kind: Kind, values: np.ndarray) -> None:
    result = learnt(kind, values, backtests=4)
    assert (result.status in (Status.FORECAST, Status.JUDGED)) == bool(result.expectations)
    assert (result.status is Status.FORECAST) == (result.forecast is not None)
    for day in result.expectations:
        assert np.isfinite([day.expected, day.usual_lower, day.usual_upper]).all()
        assert day.usual_lower <= day.expected <= day.usual_upper
        assert kind is Kind.LEVEL or day.usual_lower >= 0
        if day.lower is not None and day.upper is not None:
            assert day.lower <= day.expected <= day.upper


def test_too_little_history_is_said_and_not_guessed() -> None:
    assert learnt(Kind.COUNT, np.array([])).status is Status.NO_ACTIVITY
    short = learnt(Kind.COUNT, np.full(28, 10.0))
    assert (short.status, short.days, short.expectations) == (Status.TOO_LITTLE_HISTORY, 28, ())
    judged = learnt(Kind.COUNT, weekly(62, 1))
    assert judged.status is Status.JUDGED
    assert [day.date for day in judged.expectations] == [START + timedelta(days=place) for place in range(28, 62)]
    whole = learnt(Kind.COUNT, weekly(63, 1))
    assert whole.forecast is not None
    assert (whole.forecast.backtests, whole.forecast.coverage) == (4, None)


def test_what_never_happens_and_what_never_changes_are_no_numbers() -> None:
    assert learnt(Kind.COUNT, np.zeros(90)).status is Status.NO_ACTIVITY
    assert learnt(Kind.AMOUNT, np.full(90, np.nan)).status is Status.NO_ACTIVITY
    assert learnt(Kind.AMOUNT, np.full(90, 12.5)).status is Status.CONSTANT
    assert learnt(Kind.LEVEL, np.full(90, -3.0)).status is Status.CONSTANT
    # Of counts it is known how much they vary of themselves.
    counted = learnt(Kind.COUNT, np.full(90, 12.0))
    assert counted.status is Status.FORECAST
    assert counted.expectations[-1].usual_lower < 5
    assert counted.expectations[-1].usual_upper > 20


def test_a_figure_begins_with_its_first_value() -> None:
    values = np.concatenate([np.zeros(200), weekly(40, 2)])
    assert (learnt(Kind.COUNT, values).days, learnt(Kind.COUNT, values).status) == (40, Status.JUDGED)


def test_missing_days_are_not_judged_as_nothing() -> None:
    values = weekly(100, 3)
    gaps = values.copy()
    gaps[[40, 41, 63, 99]] = np.nan
    whole, holed = learnt(Kind.LEVEL, values), learnt(Kind.LEVEL, gaps)
    assert unusual(whole, values) == unusual(holed, values)
    assert abs(whole.expectations[35].expected - holed.expectations[35].expected) < 40


@pytest.mark.parametrize("place", [30, 60, 99])
@pytest.mark.parametrize("factor", [0.3, 2.5])
def test_one_day_out_of_line_is_found_and_does_not_bend_what_follows(place: int, factor: float) -> None:
    values = weekly(100, 4)
    planted = values.copy()
    planted[place] *= factor
    result = learnt(Kind.COUNT, planted, backtests=4)
    assert place in unusual(result, planted)
    before, after = learnt(Kind.COUNT, values, backtests=4).forecast, result.forecast
    assert before is not None
    assert after is not None
    np.testing.assert_allclose(before.values, after.values, rtol=0.05)


def test_an_interval_covers_what_it_says() -> None:
    """Of days that were not learnt from, four of five lie between the bounds."""
    inside = []
    for seed in range(8):
        values = weekly(133, seed, noise=60)
        forecast = learnt(Kind.LEVEL, values[:119], backtests=8).forecast
        assert forecast is not None
        assert forecast.relative_error is not None
        assert forecast.relative_error < 1
        inside.append((values[119:] >= forecast.lower) & (values[119:] <= forecast.upper))
    assert 0.7 <= np.mean(inside) <= 0.9


def test_a_series_says_how_it_is_learnt() -> None:
    assert series(Kind.COUNT).direction is Direction.BOTH
    with pytest.raises(ValueError, match="back-tests"):
        series(Kind.COUNT, horizon=60)
    with pytest.raises(ValueError, match="two seasons"):
        series(Kind.COUNT, season=15)
